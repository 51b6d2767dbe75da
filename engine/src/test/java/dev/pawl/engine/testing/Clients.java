package dev.pawl.engine.testing;

import dev.pawl.engine.execute.MigrationRun;
import dev.pawl.engine.execute.Result;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.postgresql.core.BaseConnection;

/** Sessions of other people, and runs, at work at the same time. */
public final class Clients {
  private Clients() {}

  /** Executes statements in a session of its own; completed with their error, or null. */
  public static CompletableFuture<Exception> execute(TestDatabase db, String... statements) {
    var end = new CompletableFuture<Exception>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                db.execute(statements);
                end.complete(null);
              } catch (SQLException e) {
                end.complete(e);
              }
            });
    return end;
  }

  /** Runs in the background. */
  public static CompletableFuture<Result> start(MigrationRun run) {
    var end = new CompletableFuture<Result>();
    Thread.ofVirtual().start(() -> end.complete(run.run()));
    return end;
  }

  /** A transaction that has executed a statement, until the connection is closed. */
  public static Connection open(TestDatabase db, String sql) throws SQLException {
    var connection = db.connect();
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
    return connection;
  }

  /** The process id of its session. */
  public static int backend(Connection connection) throws SQLException {
    return connection.unwrap(BaseConnection.class).getBackendPID();
  }
}
