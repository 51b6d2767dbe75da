package dev.pawl.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

/** The proxy before the database does to connections what the soak says that it does. */
class TcpProxyTest {
  /** Says back what it is told. */
  private static ServerSocket echo() throws IOException {
    var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              while (!server.isClosed()) {
                try {
                  var socket = server.accept();
                  Thread.ofVirtual()
                      .start(
                          () -> {
                            try (socket) {
                              socket.getInputStream().transferTo(socket.getOutputStream());
                            } catch (IOException e) {
                              // The test has dropped it.
                            }
                          });
                } catch (IOException e) {
                  // The test is over.
                }
              }
            });
    return server;
  }

  private static int echoOf(Socket socket, int word) throws IOException {
    socket.getOutputStream().write(word);
    return socket.getInputStream().read();
  }

  @Test
  void passesHoldsBackAndResets() throws IOException {
    try (var server = echo();
        var proxy = new TcpProxy(server.getLocalPort());
        var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      assertThat(echoOf(socket, 1)).isEqualTo(1);

      proxy.cut();
      socket.setSoTimeout(300);
      assertThatThrownBy(() -> echoOf(socket, 2)).isInstanceOf(SocketTimeoutException.class);
      proxy.mend();
      socket.setSoTimeout(30_000);
      assertThat(socket.getInputStream().read()).as("what was held back").isEqualTo(2);

      proxy.dropConnections();
      assertThatThrownBy(() -> echoOf(socket, 3)).isInstanceOf(IOException.class);
      try (var another = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
        assertThat(echoOf(another, 4)).isEqualTo(4);
      }
    }
  }
}
