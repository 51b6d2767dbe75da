package dev.pawl.engine.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An address that leads to one server or to another, as a Kubernetes Service or a virtual IP does:
 * passes bytes on, and knows nothing of what they mean.
 */
public final class Relay implements AutoCloseable {
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private int server;
  private boolean refusing;

  /** Listens on every interface of this host, on a port of its own; leads to a port of it. */
  public Relay(int server) throws IOException {
    this.server = server;
    this.listener = new ServerSocket(0);
    Thread.ofVirtual().name("relay-" + port()).start(this::accept);
  }

  /** Where it listens. */
  public int port() {
    return listener.getLocalPort();
  }

  /** From now on new connections lead there; those that there are stay where they are. */
  public synchronized void leadTo(int port) {
    server = port;
    refusing = false;
  }

  /** From now on new connections are closed at once; those that there are stay. */
  public synchronized void refuse() {
    refusing = true;
  }

  /** Ends every connection that there is, on both sides; new ones may come at once. */
  public synchronized void cut() {
    open.forEach(Relay::close);
    open.clear();
  }

  private void accept() {
    try {
      while (true) {
        lead(listener.accept());
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  /** Never beside a cut: or it would be passed on to a server that is no longer meant. */
  private synchronized void lead(Socket client) {
    var backend = new Socket();
    try {
      if (refusing) {
        throw new IOException("refused");
      }
      backend.connect(new InetSocketAddress("127.0.0.1", server), 2_000);
    } catch (IOException e) {
      close(client);
      close(backend);
      return;
    }
    open.add(client);
    open.add(backend);
    Thread.ofVirtual().start(() -> pass(client, backend));
    Thread.ofVirtual().start(() -> pass(backend, client));
  }

  private void pass(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One of them has ended.
    }
    close(from);
    close(to);
    open.remove(from);
    open.remove(to);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It has ended already.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }
}
