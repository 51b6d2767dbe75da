package dev.pawl.engine.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Passes everything on, but greets as PgBouncer does: with the process id of no backend. (It does
 * not hand out backends by the transaction.)
 */
public final class FakePooler implements AutoCloseable {
  private final ServerSocket socket;
  private final int server;

  /** In front of a server on this host. */
  public FakePooler(int server) throws IOException {
    this.server = server;
    this.socket = new ServerSocket(0);
    Thread.ofVirtual().start(this::accept);
  }

  /** Where it listens. */
  public int port() {
    return socket.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        var client = socket.accept();
        var backend = new Socket("localhost", server);
        Thread.ofVirtual().start(() -> pass(client, backend));
        Thread.ofVirtual().start(() -> answer(backend, client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One of them has ended.
    }
  }

  private static void answer(Socket from, Socket to) {
    try (from;
        to;
        var in = new DataInputStream(from.getInputStream());
        var out = new DataOutputStream(to.getOutputStream())) {
      while (true) {
        int type = in.readByte();
        int length = in.readInt();
        var body = in.readNBytes(length - 4);
        if (type == 'K') {
          body[0] ^= 0x40; // another process id
        }
        out.writeByte(type);
        out.writeInt(length);
        out.write(body);
      }
    } catch (IOException e) {
      // One of them has ended.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
