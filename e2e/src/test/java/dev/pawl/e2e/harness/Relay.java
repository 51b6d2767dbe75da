package dev.pawl.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and a server: passes no more bytes when it is told so. */
public abstract class Relay implements AutoCloseable {
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private boolean cut;
  private volatile boolean closed;

  /** Begins to listen, on loopback; connections wait until it is started. */
  protected Relay() {
    try {
      listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("no port to listen on", e);
    }
  }

  /** Begins to serve. */
  protected final void start() {
    Thread.ofVirtual().name(getClass().getSimpleName()).start(this::accept);
  }

  /** Where it listens, on loopback. */
  public final int port() {
    return listener.getLocalPort();
  }

  /**
   * Serves one connection until it ends.
   *
   * @throws IOException when one side has gone away; then both are closed
   */
  protected abstract void serve(Socket client) throws IOException;

  /** A connection to the server is dropped with the others from now on. */
  protected final void own(Socket socket) {
    sockets.add(socket);
  }

  /** Resets every connection there is: new ones are made. */
  public final void dropConnections() {
    for (var socket : sockets) {
      try {
        socket.setSoLinger(true, 0);
        socket.close();
      } catch (IOException e) {
        // It was closed already.
      }
    }
  }

  /** No byte passes any more, in either direction; no connection is closed. */
  public final synchronized void cut() {
    cut = true;
  }

  /** Bytes pass again, those that were held back too. */
  public final synchronized void mend() {
    cut = false;
    notifyAll();
  }

  /** Waits while it is cut. */
  protected final synchronized void awaitOpen() throws IOException {
    try {
      while (cut && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
    if (closed) {
      throw new IOException("the proxy is closed");
    }
  }

  private void accept() {
    while (!closed) {
      try {
        var socket = listener.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serveAndClose(socket));
      } catch (IOException e) {
        if (!closed) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serveAndClose(Socket client) {
    try (client) {
      serve(client);
    } catch (IOException e) {
      // One side has gone away, and so does the other.
    } finally {
      sockets.removeIf(Socket::isClosed);
    }
  }

  @Override
  public final synchronized void close() {
    closed = true;
    notifyAll();
    try {
      listener.close();
      for (var socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
