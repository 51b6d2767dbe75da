package dev.pawl.engine.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with a connection, what is said of it does not hold the password. */
@Timeout(60)
class SecretsInMessagesTest {
  /** A piece of each password that no other text has. */
  private static final String MARK = "s3cretmark";

  static Stream<String> passwords() {
    return Stream.of(
        MARK,
        MARK + "'\"\\$1%s",
        "p@:/?#[]&=" + MARK,
        MARK + "\n\r\t",
        "\u0007" + MARK + "\u00ad",
        MARK + "\u05d0a",
        "\uD800" + MARK,
        MARK + "\0",
        MARK.repeat(1000),
        "postgres://u:" + MARK + "@h/d");
  }

  private static void keepsSilent(Target target, String password) {
    var recorder = new Recorder();
    var result =
        MigrationRun.of(
                target,
                TestDatabase.files("1_x.sql", "SELECT 1"),
                TestDatabase.options(Duration.ofMillis(1)),
                recorder)
            .run();
    assertThat(result).isNotInstanceOf(Result.Verified.class);
    var said = result + " " + recorder + " " + target;
    assertThat(said)
        .doesNotContain(MARK, "\tat ")
        .doesNotContain(URLEncoder.encode(password.replace("\uD800", ""), StandardCharsets.UTF_8));
  }

  private static Target target(
      String host, int port, String database, String user, String password, String tls) {
    return new Target(
        host, port, database, user, () -> password, tls, Optional.empty(), Optional.empty());
  }

  @ParameterizedTest
  @MethodSource("passwords")
  void aWrongOneIsNotRepeated(String password) throws Exception {
    // The tests' server asks nobody for a password: one that does is played.
    try (var server = new AskingServer()) {
      keepsSilent(target("localhost", server.port(), "d", "u", password, "disable"), password);
    }
  }

  @ParameterizedTest
  @MethodSource("passwords")
  void nobodyAtTheAddressIsNotToldIt(String password) {
    keepsSilent(target("127.0.0.1", 1, "d", "u", password, "disable"), password);
    keepsSilent(target("no-such-host.invalid", 5432, "d", "u", password, "prefer"), password);
    keepsSilent(target("a,b", 5432, "d", "u", password, "prefer"), password);
    keepsSilent(target("127.0.0.1", 99_999, "d", "u", password, "prefer"), password);
    keepsSilent(target("127.0.0.1", 1, "d?x=y&z", "u", password, "nonsense"), password);
  }

  @ParameterizedTest
  @MethodSource("passwords")
  void noEncryptionOrAnUnreadableAuthorityIsToldWithoutIt(String password) throws Exception {
    var there = TestDatabase.fresh().direct();
    keepsSilent(
        target("localhost", there.port(), there.database(), "u", password, "require"), password);
    keepsSilent(
        new Target(
            "localhost",
            there.port(),
            there.database(),
            "u",
            () -> password,
            "verify-full",
            Optional.of("-----BEGIN CERTIFICATE-----\n" + MARK + "\n-----END CERTIFICATE-----"),
            Optional.empty()),
        password);
  }

  /** Asks for a password by SCRAM, as a server does, and refuses whatever comes. */
  private static final class AskingServer implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());

    AskingServer() throws java.io.IOException {
      Thread.ofVirtual().start(this::serve);
    }

    int port() {
      return listener.getLocalPort();
    }

    private void serve() {
      while (!listener.isClosed()) {
        try (var socket = listener.accept()) {
          var in = new java.io.DataInputStream(socket.getInputStream());
          in.readNBytes(in.readInt() - 4);
          var out = new java.io.DataOutputStream(socket.getOutputStream());
          out.writeByte('R');
          var mechanism = "SCRAM-SHA-256\0\0".getBytes(StandardCharsets.US_ASCII);
          out.writeInt(8 + mechanism.length);
          out.writeInt(10);
          out.write(mechanism);
          out.flush();
          in.readByte();
          in.readNBytes(in.readInt() - 4);
          var text =
              "SFATAL\0C28P01\0Mpassword authentication failed\0\0"
                  .getBytes(StandardCharsets.US_ASCII);
          out.writeByte('E');
          out.writeInt(4 + text.length);
          out.write(text);
          out.flush();
        } catch (java.io.IOException e) {
          // It has gone, or the test is over.
        }
      }
    }

    @Override
    public void close() throws java.io.IOException {
      listener.close();
    }
  }
}
