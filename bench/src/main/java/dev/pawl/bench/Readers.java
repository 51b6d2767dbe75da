package dev.pawl.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * How long readers of a table wait while its ALTER TABLE waits for one that holds it: by psql, and
 * by Pawl, in turn. Started by {@code bench/readers}.
 */
public final class Readers {
  private static final String ALTER = "ALTER TABLE t ADD COLUMN b int;";

  /** Each reader asks so often, whether or not its last question was answered late. */
  private static final long EVERY_MILLIS = 10;

  private final String jdbc;
  private final int readers;
  private final int holdSeconds;

  private Readers(String jdbc, int readers, int holdSeconds) {
    this.jdbc = jdbc;
    this.readers = readers;
    this.holdSeconds = holdSeconds;
  }

  /** What the readers met while one tool was at work, in milliseconds. */
  private record Met(int reads, double median, double p99, double worst, double tool) {
    static Met of(List<Long> nanos, long tool) {
      var sorted = nanos.stream().sorted().toList();
      return new Met(sorted.size(), at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1), millis(tool));
    }

    private static double at(List<Long> sorted, double share) {
      return millis(sorted.get((int) Math.ceil(share * sorted.size()) - 1));
    }

    private static double millis(long nanos) {
      return nanos / 1e6;
    }
  }

  /**
   * Prints a line a round and tool, and what the worst of psql is to the worst of Pawl.
   *
   * @param args the server's host and port, a database to be used up, the path of pawl, readers,
   *     rounds, and for how many seconds the table is held
   */
  public static void main(String[] args) throws Exception {
    var server = args[0];
    var database = args[1];
    var pawl = args[2];
    int rounds = Integer.parseInt(args[4]);
    var bench =
        new Readers(
            "jdbc:postgresql://" + server + "/" + database,
            Integer.parseInt(args[3]),
            Integer.parseInt(args[5]));
    var folder = Files.createTempDirectory("pawl-readers-");
    var migration = folder.resolve("0001_b.sql");
    Files.writeString(migration, ALTER);
    var url = "postgres://postgres@" + server + "/" + database;
    var tools = new LinkedHashMap<String, List<String>>();
    tools.put("psql", List.of("psql", "-q", "-v", "ON_ERROR_STOP=1", "-c", ALTER, database));
    tools.put("pawl", List.of(pawl, "apply", folder.toString(), "--url", url));
    try {
      var worst = new LinkedHashMap<String, List<Double>>();
      for (int round = 1; round <= rounds; round++) {
        for (var tool : tools.entrySet()) {
          var met = bench.run(tool.getValue());
          print(tool.getKey(), met);
          worst.computeIfAbsent(tool.getKey(), _ -> new ArrayList<>()).add(met.worst());
        }
      }
      sum(worst);
    } finally {
      Files.delete(migration);
      Files.delete(folder);
    }
  }

  private static void print(String tool, Met met) {
    System.out.printf(
        Locale.ROOT,
        "%-5s %5d reads: median %6.1f ms, p99 %7.1f ms, worst %7.1f ms; done after %5.1f s%n",
        tool,
        met.reads(),
        met.median(),
        met.p99(),
        met.worst(),
        met.tool() / 1000);
  }

  private static void sum(Map<String, List<Double>> worst) {
    double psql = worst.get("psql").stream().mapToDouble(d -> d).max().orElseThrow();
    double pawl = worst.get("pawl").stream().mapToDouble(d -> d).max().orElseThrow();
    System.out.printf(
        Locale.ROOT,
        "the worst read: %.0f ms behind psql's ALTER TABLE, %.0f ms behind pawl's, %.1f times"
            + " less%n",
        psql,
        pawl,
        psql / pawl);
  }

  /** A new table, readers on it, one that holds it for a while, and then the tool. */
  private Met run(List<String> tool) throws Exception {
    try (var connection = connect()) {
      execute(
          connection,
          "DROP SCHEMA IF EXISTS pawl CASCADE",
          "DROP TABLE IF EXISTS t",
          "CREATE TABLE t (id int PRIMARY KEY, a int)",
          "INSERT INTO t SELECT n, n FROM generate_series(1, 1000) n");
    }
    var load = new Load();
    try (var holder = connect()) {
      TimeUnit.SECONDS.sleep(1); // they are all connected and warm
      holder.setAutoCommit(false);
      execute(holder, "SELECT count(*) FROM t");
      load.counted = true;
      long begin = System.nanoTime();
      var process = start(tool);
      TimeUnit.SECONDS.sleep(holdSeconds);
      if (!process.isAlive()) {
        throw new IllegalStateException(tool.getFirst() + " has not waited");
      }
      holder.rollback();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(tool.getFirst() + " failed");
      }
      long took = System.nanoTime() - begin;
      return Met.of(load.end(), took);
    }
  }

  /** Without a password here: the driver finds it by PGPASSFILE, as psql and pawl do. */
  private Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbc + "?user=postgres");
  }

  private static Process start(List<String> tool) throws IOException {
    return new ProcessBuilder(tool)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.to(Path.of("/dev/null").toFile()))
        .start();
  }

  private static void execute(Connection connection, String... statements) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The readers, from its making to its end. */
  private final class Load {
    private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean counted;
    private volatile boolean stopped;
    private volatile SQLException error;

    Load() {
      for (int k = 0; k < readers; k++) {
        threads.add(Thread.ofPlatform().start(this::read));
      }
    }

    /** A read's time runs from when it was due, so that those behind a late one count as late. */
    private void read() {
      try (var connection = connect();
          var statement = connection.prepareStatement("SELECT a FROM t WHERE id = 500")) {
        for (long due = System.nanoTime(); !stopped; due += EVERY_MILLIS * 1_000_000) {
          TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
          boolean counts = counted;
          statement.execute();
          if (counts) {
            nanos.add(System.nanoTime() - due);
          }
        }
      } catch (SQLException e) {
        error = e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    List<Long> end() throws InterruptedException, SQLException {
      stopped = true;
      for (var thread : threads) {
        thread.join();
      }
      if (error != null) {
        throw error;
      }
      return List.copyOf(nanos);
    }
  }
}
