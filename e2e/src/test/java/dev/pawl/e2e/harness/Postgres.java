package dev.pawl.e2e.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;
import java.util.regex.Pattern;

/** The one PostgreSQL of a test run: a throw-away server on this machine. */
public final class Postgres implements AutoCloseable {
  private static final String NAME = "e2e";

  private final String operatorHost;
  private final int port;
  private final String password;
  private final boolean keep;

  private Postgres(String operatorHost, int port, String password, boolean keep) {
    this.operatorHost = operatorHost;
    this.port = port;
    this.password = password;
    this.keep = keep;
  }

  /**
   * Starts it.
   *
   * @param operatorHost where the operator reaches it: the bridge's address where it runs in a pod
   */
  static Postgres start(String operatorHost, boolean keep) {
    var command = new java.util.ArrayList<String>();
    command.addAll(java.util.List.of("e2e/cluster/postgres", "--as", NAME, "up"));
    if (!operatorHost.equals("127.0.0.1")) {
      command.add("--pods");
    }
    if (!keep) {
      command.addAll(java.util.List.of("--for", Long.toString(ProcessHandle.current().pid())));
    }
    Script.run(command.toArray(String[]::new));
    var environment = Script.run("e2e/cluster/postgres", "--as", NAME, "env");
    try {
      var line = Files.readString(Path.of(value(environment, "PGPASSFILE"))).strip();
      return new Postgres(
          operatorHost,
          Integer.parseInt(value(environment, "PGPORT")),
          Secrets.ALL.remember(
              "the superuser's password", line.substring(line.lastIndexOf(':') + 1)),
          keep);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException("the password of PostgreSQL cannot be read", e);
    }
  }

  /** The folder of the programs that it and others like it are started with. */
  public static java.nio.file.Path programs() {
    return Path.of(Script.run("e2e/cluster/postgres", "programs").strip());
  }

  private static String value(String environment, String name) {
    var matcher = Pattern.compile(name + "=(\\S+)").matcher(environment);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + name + " in: " + environment);
    }
    return matcher.group(1);
  }

  /** An empty database, owned by a role of its own that may do nothing else. */
  public Database newDatabase(String name) {
    // With what has to be written otherwise in a URL, in JSON and in a shell.
    var secret =
        Secrets.ALL.remember("the password of " + name, UUID.randomUUID() + "/+ %&@:\"$\\#");
    try (var connection = connect("postgres", "postgres", password);
        var statement = connection.createStatement()) {
      statement.execute("CREATE ROLE \"" + name + "\" LOGIN PASSWORD '" + secret + "'");
      statement.execute("CREATE DATABASE \"" + name + "\" OWNER \"" + name + "\"");
    } catch (SQLException e) {
      throw new IllegalStateException("no database for the test", e);
    }
    return new Database(this, name, secret);
  }

  void drop(Database database) {
    try (var connection = connect("postgres", "postgres", password);
        var statement = connection.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS \"" + database.name() + "\" WITH (FORCE)");
      statement.execute("DROP ROLE IF EXISTS \"" + database.name() + "\"");
    } catch (SQLException e) {
      throw new IllegalStateException("the test's database could not be dropped", e);
    }
  }

  /** As the superuser: for what a test does to its database from outside. */
  Connection connectAsSuperuser(String database) throws SQLException {
    return connect(database, "postgres", password);
  }

  Connection connect(String database, String user, String password) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?connectTimeout=60",
        user,
        password);
  }

  String operatorHost() {
    return operatorHost;
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    if (!keep) {
      Script.run(
          java.util.Map.of("PAWL_KEEP_LOGS", Script.REPO.resolve("e2e/target/postgres").toString()),
          "e2e/cluster/postgres",
          "--as",
          NAME,
          "down");
    }
  }
}
