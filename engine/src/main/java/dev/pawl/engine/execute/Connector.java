package dev.pawl.engine.execute;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;

/** Opens connections, and says in a sentence why one could not be opened. */
final class Connector {
  private static final String APPLICATION_NAME = "pawl";

  private Connector() {}

  /**
   * A connection in simple query mode: without it the author's SQL would be rewritten.
   *
   * @param socketTimeout how long an answer may take; zero for as long as it takes
   */
  static Session open(Target target, Duration socketTimeout) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", target.user());
    var password = target.password().get();
    if (password != null) {
      properties.setProperty("password", password);
    }
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty("assumeMinServerVersion", "14");
    properties.setProperty("ApplicationName", APPLICATION_NAME);
    properties.setProperty("targetServerType", "primary");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("loginTimeout", "10");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("socketTimeout", Long.toString(socketTimeout.toSeconds()));
    properties.setProperty("sslmode", target.tlsMode());
    target
        .caPem()
        .ifPresent(
            pem -> {
              properties.setProperty(
                  "sslfactory", "org.postgresql.ssl.SingleCertValidatingFactory");
              properties.setProperty("sslfactoryarg", pem);
            });
    var url =
        "jdbc:postgresql://"
            + (target.host().contains(":") ? "[" + target.host() + "]" : target.host())
            + ":"
            + target.port()
            + "/"
            + java.net.URLEncoder.encode(
                target.database(), java.nio.charset.StandardCharsets.UTF_8);
    var connection = new Driver().connect(url, properties);
    try {
      return new Session(connection);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Why a connection could not be opened. */
  static Cause why(Target target, SQLException error) {
    var state = error.getSQLState() == null ? "" : error.getSQLState();
    var text = error.getMessage() == null ? "" : error.getMessage().strip();
    var where = "the database " + target;
    return switch (state) {
      case "28P01" ->
          cause(
              "WrongPassword",
              where + " refused the password: correct it, Pawl reads it anew at each try",
              state);
      case "28000" -> cause("AccessDenied", where + " refused the user: " + text, state);
      case "3D000" ->
          cause(
              "DatabaseNotFound", where + " does not exist: create it, or correct its name", state);
      case "53300" ->
          cause("TooManyConnections", where + " has no connection to spare: " + text, state);
      case "57P03" -> cause("NotReady", where + " is not ready: " + text, state);
      default -> {
        boolean refused = text.toLowerCase(Locale.ROOT).contains("refused");
        yield cause(
            refused ? "ConnectionRefused" : "Unreachable",
            where
                + " cannot be reached: "
                + text
                + (refused ? "" : ". Check host, port, network policy and TLS mode"),
            state);
      }
    };
  }

  private static Cause cause(String reason, String message, String state) {
    return new Cause(reason, message, state.isEmpty() ? Optional.empty() : Optional.of(state));
  }
}
