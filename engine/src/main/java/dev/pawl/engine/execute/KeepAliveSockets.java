package dev.pawl.engine.execute;

import dev.pawl.engine.fault.FailurePoints;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.util.Map;
import javax.net.SocketFactory;

/**
 * Sockets whose keep-alive begins after half a minute instead of two hours: a build may be silent
 * for longer than a load balancer remembers its connection, and its end would never be heard.
 * Public because the driver makes it.
 */
public final class KeepAliveSockets extends SocketFactory {
  private static final Map<String, Integer> SECONDS_OR_COUNT =
      Map.of("TCP_KEEPIDLE", 30, "TCP_KEEPINTERVAL", 10, "TCP_KEEPCOUNT", 3);

  @Override
  public Socket createSocket() throws IOException {
    return prepared(FailurePoints.socket());
  }

  @SuppressWarnings("unchecked") // these options are all of Integer
  private static Socket prepared(Socket socket) throws IOException {
    for (var option : socket.supportedOptions()) {
      var value = SECONDS_OR_COUNT.get(option.name());
      if (value != null) {
        socket.setOption((SocketOption<Integer>) option, value);
      }
    }
    return socket;
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return prepared(new Socket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return prepared(new Socket(host, port, localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return prepared(new Socket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return prepared(new Socket(host, port, localHost, localPort));
  }
}
