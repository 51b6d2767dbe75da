package dev.pawl.engine.fault.matrix;

import dev.pawl.engine.execute.RunOptions;
import dev.pawl.engine.execute.Target;
import dev.pawl.engine.testing.CrashableServer;
import dev.pawl.engine.testing.CuttingProxy;
import dev.pawl.engine.testing.FakePooler;
import dev.pawl.engine.testing.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of its own, where one cell after the other is tried; and how faults are made on it. */
final class Lane implements AutoCloseable {
  /** How long the faults last that pass by themselves. */
  private static final Duration LAST = Duration.ofMillis(1500);

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final CrashableServer server;
  private final CuttingProxy proxy;
  private final FakePooler pooler;

  /** What ends by itself, and must have before a cell is judged. */
  private final List<CompletableFuture<Void>> passing = new ArrayList<>();

  Lane() throws SQLException, IOException {
    server = CrashableServer.start();
    proxy = new CuttingProxy(server.port());
    pooler = new FakePooler(server.port());
  }

  CrashableServer server() {
    return server;
  }

  Scenario scenario(Place place, Fault fault) throws SQLException {
    return Scenario.make(server, "m" + DATABASES.incrementAndGet(), place, fault == Fault.DISK);
  }

  /** Through the proxy, or where nobody's session can be ended through a pooler. */
  Target target(Scenario scenario, boolean pooled) {
    return target(pooled ? pooler.port() : proxy.port(), scenario.database());
  }

  static Target target(int port, String database) {
    return new Target(
        "127.0.0.1",
        port,
        database,
        Scenario.ROLE,
        () -> null,
        "disable",
        Optional.empty(),
        Optional.empty());
  }

  int port(boolean pooled) {
    return pooled ? pooler.port() : proxy.port();
  }

  /** A run's options: a lease of 4 s, and nothing given up. */
  static RunOptions options() {
    var like = TestDatabase.options(Duration.ofMinutes(5));
    return new RunOptions(
        like.stream(), like.holder(), like.through(), Duration.ofSeconds(4), like.policy());
  }

  /** Makes a fault that needs no process of its own; called where Pawl has come to the place. */
  void make(Fault fault, Scenario scenario) throws Exception {
    switch (fault) {
      case RESET -> proxy.reset();
      case HOLE -> proxy.swallowAll();
      case HOLE_WORK -> swallowWork(scenario);
      case RESTART -> server.restart();
      case DISK -> {
        server.fillDisk();
        later(server::freeDisk);
      }
      case LOCK -> lock(scenario);
      case TIMEOUT -> {
        setTimeout(scenario, "'1ms'");
        later(() -> setTimeout(scenario, "DEFAULT"));
      }
      case CONNECTIONS -> starve(scenario);
      default -> throw new IllegalStateException(fault + " needs a process of its own");
    }
  }

  private void later(Trap.Act end) {
    passing.add(
        CompletableFuture.runAsync(
            () -> {
              try {
                Thread.sleep(LAST.toMillis());
                end.run();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            task -> Thread.ofVirtual().start(task)));
  }

  /** Where no session is registered yet, all of them. */
  private void swallowWork(Scenario scenario) throws SQLException {
    var port =
        scenario.query(
            "SELECT a.client_port FROM pg_stat_activity a"
                + " WHERE a.application_name = 'pawl' AND a.datname = current_database()"
                + " ORDER BY to_regclass('pawl.heartbeat') IS NOT NULL AND a.pid = "
                + registered(scenario)
                + " DESC, a.backend_start LIMIT 1");
    if (port.isEmpty() || !proxy.swallow(Integer.parseInt(port.getFirst()))) {
      throw new IllegalStateException("no session to be swallowed: " + port);
    }
  }

  /** The backend that a successor would end; 0 where there is none. */
  private static String registered(Scenario scenario) throws SQLException {
    return scenario.query("SELECT to_regclass('pawl.heartbeat') IS NULL").equals(List.of("t"))
        ? "0"
        : scenario.query("SELECT coalesce(max(backend_pid), 0) FROM pawl.heartbeat").getFirst();
  }

  /** Ends the working session. */
  static void loseSession(Scenario scenario) throws SQLException {
    scenario.query("SELECT pg_terminate_backend(backend_pid, 5000) FROM pawl.heartbeat");
  }

  /** What Pawl itself holds at that moment cannot be locked too. */
  private void lock(Scenario scenario) throws SQLException {
    var held = new ArrayList<Connection>();
    for (var sql :
        List.of(
            "LOCK TABLE t IN ACCESS EXCLUSIVE MODE",
            "SELECT 1 FROM pawl.lease FOR UPDATE",
            "SELECT 1 FROM pawl.step FOR UPDATE")) {
      var connection = server.connect(scenario.database());
      held.add(connection);
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute("SET lock_timeout = '100ms'");
        connection.commit();
        statement.execute(sql);
      } catch (SQLException e) {
        if (!List.of("55P03", "42P01", "3F000").contains(e.getSQLState())) {
          throw e;
        }
      }
    }
    later(
        () -> {
          for (var connection : held) {
            connection.close();
          }
        });
  }

  /** Of sessions that there are, too, unless they have set it themselves. */
  private void setTimeout(Scenario scenario, String value) throws SQLException {
    scenario.execute("ALTER SYSTEM SET statement_timeout = " + value);
    scenario.execute("SELECT pg_reload_conf()");
  }

  private void starve(Scenario scenario) throws SQLException {
    var taken = new ArrayList<Connection>();
    try (var admin = server.connect(scenario.database());
        var statement = admin.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'pawl'");
      while (taken.size() < 100) {
        try {
          taken.add(server.connect("postgres", Scenario.ROLE));
        } catch (SQLException e) {
          if (!"53300".equals(e.getSQLState())) {
            throw e;
          }
          break;
        }
      }
    }
    later(
        () -> {
          for (var connection : taken) {
            connection.close();
          }
        });
  }

  /** Waits until no fault is left. */
  void heal() {
    proxy.heal();
    passing.forEach(CompletableFuture::join);
    passing.clear();
  }

  @Override
  public void close() throws IOException {
    pooler.close();
    proxy.close();
    server.close();
  }
}
