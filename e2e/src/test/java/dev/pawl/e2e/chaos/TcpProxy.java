package dev.pawl.e2e.chaos;

import dev.pawl.e2e.harness.Relay;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** Stands between the operators and a database. */
final class TcpProxy extends Relay {
  private final int target;

  /**
   * Begins to serve.
   *
   * @param target the database's port, on loopback
   */
  TcpProxy(int target) {
    this.target = target;
    start();
  }

  @Override
  protected void serve(Socket client) throws IOException {
    awaitOpen();
    try (var server = new Socket(InetAddress.getLoopbackAddress(), target)) {
      own(server);
      Thread.ofVirtual().start(() -> pumpAndClose(server, client));
      pump(client, server);
    }
  }

  private void pumpAndClose(Socket from, Socket to) {
    try (to) {
      pump(from, to);
    } catch (IOException e) {
      // The other direction ends, too.
    }
  }

  private void pump(Socket from, Socket to) throws IOException {
    var in = from.getInputStream();
    var out = to.getOutputStream();
    var buffer = new byte[16_384];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      awaitOpen();
      out.write(buffer, 0, n);
      out.flush();
    }
  }
}
