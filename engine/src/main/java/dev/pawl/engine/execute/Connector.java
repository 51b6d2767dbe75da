package dev.pawl.engine.execute;

import dev.pawl.engine.sql.QualifiedName;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;

/** Opens connections, and says in a sentence why one could not be opened. */
final class Connector {
  static final String APPLICATION_NAME = "pawl";
  private static final Duration GREETING = Duration.ofSeconds(10);

  /** What a server says to a write that it cannot make; pgjdbc's own error has no such code. */
  private static final String READ_ONLY = "25006";

  private Connector() {}

  /**
   * A connection in simple query mode: without it the author's SQL would be rewritten.
   *
   * @param socketTimeout how long an answer may take; zero for as long as it takes, once the server
   *     has greeted
   */
  static Session open(Target target, Duration socketTimeout) throws SQLException {
    Connection connection;
    try {
      // Encoded, the name of the database is all that the URL can mean.
      var url = "jdbc:postgresql:" + URLEncoder.encode(target.database(), StandardCharsets.UTF_8);
      connection = new Driver().connect(url, properties(target, least(socketTimeout)));
    } catch (SQLException e) {
      boolean standby = e.getMessage() != null && e.getMessage().contains("targetServerType");
      throw standby ? new SQLException("it is a standby, or read-only", READ_ONLY, e) : e;
    } catch (RuntimeException e) {
      throw new SQLException("its settings cannot be used: " + e.getMessage(), "08001", e);
    }
    try {
      var session = new Session(connection);
      connection.setNetworkTimeout(Runnable::run, Math.toIntExact(socketTimeout.toMillis()));
      return session;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Greeting takes as long as this at most: nobody watches a session that is not there yet. */
  private static Duration least(Duration socketTimeout) {
    return socketTimeout.isZero() || socketTimeout.compareTo(GREETING) > 0
        ? GREETING
        : socketTimeout;
  }

  /** Host and port are no part of the URL: none can change what another part of it means. */
  private static Properties properties(Target target, Duration socketTimeout) {
    var host = target.host();
    if (host.isBlank() || host.contains(",")) {
      throw new IllegalArgumentException("the host must be one name or address");
    }
    var properties = new Properties();
    properties.setProperty("PGHOST", host);
    properties.setProperty("PGPORT", Integer.toString(target.port()));
    if (target.user() == null) {
      throw new IllegalArgumentException("no user is given");
    }
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
    properties.setProperty("socketFactory", KeepAliveSockets.class.getName());
    // Rounded up, for 0 would be: for ever.
    properties.setProperty(
        "socketTimeout", Long.toString(socketTimeout.plusMillis(999).toSeconds()));
    properties.setProperty("sslmode", target.tlsMode());
    target
        .caPem()
        .ifPresent(
            pem -> {
              properties.setProperty("sslfactory", CertificateBundle.class.getName());
              properties.setProperty("sslfactoryarg", CertificateBundle.checked(pem));
            });
    return properties;
  }

  /** Why a connection could not be opened, or what was asked of it could not be had. */
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
      case READ_ONLY ->
          cause(
              "Standby",
              where
                  + " is a standby, or read-only: give the address of the primary. After a failover"
                  + " it is waited for until it is promoted",
              state);
      case "53300" ->
          cause("TooManyConnections", where + " has no connection to spare: " + text, state);
      case "57P03" -> cause("NotReady", where + " is not ready: " + text, state);
      case "42501" ->
          cause(
              "AccessDenied",
              where
                  + " refused what Pawl needs for its ledger: "
                  + text
                  + ". Have an administrator run: CREATE SCHEMA pawl AUTHORIZATION "
                  + QualifiedName.of(target.user()).quoted(),
              state);
      default -> {
        if (Identity.ANOTHER.equals(state)) {
          yield cause("FailedOver", where + ": " + text, "");
        }
        if (!state.isEmpty() && !state.startsWith("08")) {
          yield cause("DatabaseError", where + " answered: " + text, state);
        }
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
