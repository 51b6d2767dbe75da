package dev.pawl.engine.execute;

import static dev.pawl.engine.testing.TestDatabase.files;
import static dev.pawl.engine.testing.TestDatabase.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.testing.Clients;
import dev.pawl.engine.testing.Recorder;
import dev.pawl.engine.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whoever waits for a table's exclusive lock has all its readers behind it, for as long as one of
 * those before it holds the table. Behind Pawl they come through while that one still reads.
 */
@Timeout(120)
class ReadersTest {
  private static final int READERS = 3;
  private static final String LONG_READ = "SELECT count(*) FROM t";

  /** Sessions that wait behind another that waits for the exclusive lock. */
  private static final String QUEUED =
      """
      SELECT r.pid FROM pg_locks w JOIN pg_locks r
          ON w.relation = r.relation AND w.pid = ANY (pg_blocking_pids(r.pid))
       WHERE w.relation = 't'::regclass AND w.mode = 'AccessExclusiveLock' AND NOT w.granted
         AND r.mode = 'AccessShareLock' AND NOT r.granted
      """;

  private TestDatabase db;

  @BeforeEach
  void table() throws Exception {
    db = TestDatabase.fresh();
    db.execute("CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)");
  }

  /** Reads again and again until it is closed. */
  private static final class Reader implements AutoCloseable {
    final AtomicLong reads = new AtomicLong();
    final int backend;
    private final Connection connection;
    private final CompletableFuture<Exception> end = new CompletableFuture<>();
    private volatile boolean stopped;

    Reader(TestDatabase db) throws SQLException {
      connection = db.connect();
      backend = Clients.backend(connection);
      Thread.ofVirtual().start(this::read);
    }

    private void read() {
      try (var statement = connection.createStatement()) {
        while (!stopped) {
          statement.execute("SELECT a FROM t");
          reads.incrementAndGet();
        }
        end.complete(null);
      } catch (SQLException e) {
        end.complete(e);
      }
    }

    /** Once nobody is in its way any more. */
    @Override
    public void close() throws Exception {
      stopped = true;
      assertThat(end.get(30, TimeUnit.SECONDS)).isNull();
      connection.close();
    }
  }

  private List<Reader> readers() throws SQLException {
    var readers = new ArrayList<Reader>();
    for (int k = 0; k < READERS; k++) {
      readers.add(new Reader(db));
    }
    return readers;
  }

  private static void close(List<Reader> readers) throws Exception {
    for (var reader : readers) {
      reader.close();
    }
  }

  private List<Integer> queued() throws SQLException {
    return db.query(QUEUED).stream().map(Integer::valueOf).toList();
  }

  @Test
  void behindAPlainAlterTheyWaitForTheOneBeforeIt() throws Exception {
    List<Reader> readers;
    CompletableFuture<Exception> alter;
    try (var longReader = Clients.open(db, LONG_READ)) {
      readers = readers();
      alter = Clients.execute(db, "ALTER TABLE t ADD COLUMN b int");
      for (var reader : readers) {
        while (!queued().contains(reader.backend)) {
          TimeUnit.MILLISECONDS.sleep(5);
        }
      }
      var before = readers.stream().map(r -> r.reads.get()).toList();
      // Far longer than Pawl lets anybody wait; that they wait for ever cannot be waited for.
      TimeUnit.SECONDS.sleep(2);
      assertThat(readers.stream().map(r -> r.reads.get()).toList()).isEqualTo(before);
      assertThat(alter).isNotDone();
      longReader.rollback();
    }
    assertThat(alter.get(30, TimeUnit.SECONDS)).isNull();
    close(readers);
  }

  @Test
  void behindPawlEachComesThroughWhileTheOneBeforeItStillReads() throws Exception {
    List<Reader> readers;
    CompletableFuture<Result> run;
    try (var longReader = Clients.open(db, LONG_READ)) {
      readers = readers();
      run =
          Clients.start(
              MigrationRun.of(
                  db.target(),
                  files("1_b.sql", "ALTER TABLE t ADD COLUMN b int"),
                  options(Duration.ofMinutes(10)),
                  new Recorder()));
      var readWhenQueued = new HashMap<Reader, Long>();
      while (readers.stream().anyMatch(r -> !cameThrough(r, readWhenQueued))) {
        for (var reader : readers) {
          if (queued().contains(reader.backend)) {
            readWhenQueued.putIfAbsent(reader, reader.reads.get());
          }
        }
        TimeUnit.MILLISECONDS.sleep(5);
      }
      assertThat(run).isNotDone();
      longReader.rollback();
    }
    assertThat(run.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Verified.class);
    close(readers);
  }

  /** It was seen to be queued, and has read more than once since. */
  private static boolean cameThrough(Reader reader, HashMap<Reader, Long> readWhenQueued) {
    var then = readWhenQueued.get(reader);
    return then != null && reader.reads.get() > then + 1;
  }
}
