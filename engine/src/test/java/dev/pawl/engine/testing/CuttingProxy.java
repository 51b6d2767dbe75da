package dev.pawl.engine.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * Passes bytes on to a server until its connections are reset, or become black holes: then both
 * sides stay open, and nothing that either sends arrives any more.
 */
public final class CuttingProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int server;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private volatile boolean hole;

  /** One connection through it. */
  private static final class Link {
    private final Socket client;
    private final Socket backend;
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile boolean hole;
    private volatile boolean deaf;
    private volatile boolean passing;

    private Link(Socket client, Socket backend) {
      this.client = client;
      this.backend = backend;
    }
  }

  /** In front of a port of this host. */
  public CuttingProxy(int server) throws IOException {
    this.server = server;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** Where it listens. */
  public int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        var client = listener.accept();
        Socket backend;
        try {
          backend = new Socket(InetAddress.getLoopbackAddress(), server);
        } catch (IOException e) {
          client.close(); // the server is down
          continue;
        }
        var link = new Link(client, backend);
        link.hole = hole;
        links.add(link);
        Thread.ofVirtual().start(() -> pass(link, client, backend, false));
        Thread.ofVirtual().start(() -> pass(link, backend, client, true));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void pass(Link link, Socket from, Socket to, boolean answers) {
    try {
      var buffer = new byte[8192];
      var in = from.getInputStream();
      while (true) {
        if (link.hole) {
          link.end.await();
          return;
        }
        int n = in.read(buffer);
        if (n < 0) {
          break;
        }
        if (link.hole) {
          link.end.await();
          return;
        }
        if (answers && link.deaf) {
          continue;
        }
        link.passing = !answers;
        to.getOutputStream().write(buffer, 0, n);
        link.passing = false;
      }
    } catch (IOException e) {
      // One of them has ended.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!link.hole) {
      end(link, false);
    }
  }

  private void end(Link link, boolean reset) {
    links.remove(link);
    link.end.countDown();
    try {
      if (reset) {
        link.client.setSoLinger(true, 0);
      }
      link.client.close();
      link.backend.close();
    } catch (IOException e) {
      // It has ended already.
    }
  }

  /** Resets every connection: what was sent to the server arrives there, its answers do not. */
  public void reset() throws InterruptedException {
    for (var link : links) {
      link.deaf = true;
    }
    for (var link : links) {
      settle(link);
      end(link, true);
    }
  }

  /** Waits until all that the client has sent was passed on. */
  private static void settle(Link link) throws InterruptedException {
    try {
      for (int quiet = 0; quiet < 3; ) {
        quiet = link.client.getInputStream().available() == 0 && !link.passing ? quiet + 1 : 0;
        Thread.sleep(5);
      }
    } catch (IOException e) {
      // It has ended.
    }
  }

  /** From now on every connection is a black hole, also those to come. */
  public void swallowAll() {
    hole = true;
    links.forEach(link -> link.hole = true);
  }

  /**
   * The connection that comes to the server from this port is a black hole.
   *
   * @return whether there is one
   */
  public boolean swallow(int port) {
    var found = links.stream().filter(link -> link.backend.getLocalPort() == port).toList();
    found.forEach(link -> link.hole = true);
    return !found.isEmpty();
  }

  /** What has become a black hole is closed without a word; new connections pass. */
  public void heal() {
    hole = false;
    links.stream().filter(link -> link.hole).forEach(link -> end(link, true));
  }

  @Override
  public void close() throws IOException {
    listener.close();
    links.forEach(link -> end(link, true));
  }
}
