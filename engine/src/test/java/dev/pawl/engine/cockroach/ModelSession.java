package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.Sql;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.sql.Token;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One client's session with a node of the model. */
final class ModelSession implements AutoCloseable {
  private final CockroachModel model;
  private final Wire wire;
  private final Backing backing;
  private final int node;
  private final String user;
  private final Settings settings;

  /** The model opened a transaction for a text of several statements; the client did not. */
  private boolean implicit;

  ModelSession(CockroachModel model, Wire wire, Backing backing, int node, String user) {
    this.model = model;
    this.wire = wire;
    this.backing = backing;
    this.node = node;
    this.user = user;
    this.settings = new Settings(model.options().version());
  }

  int pid() {
    return java.nio.ByteBuffer.wrap(backing.key()).getInt();
  }

  int node() {
    return node;
  }

  void run() throws IOException {
    settings.begin(backing);
    wire.write(new Wire.Message('R', new byte[4]));
    wire.write(Wire.parameter("server_version", "13.0.0"));
    wire.write(Wire.parameter("crdb_version", model.options().version().banner()));
    wire.write(Wire.parameter("server_encoding", "UTF8"));
    wire.write(Wire.parameter("client_encoding", "UTF8"));
    wire.write(Wire.parameter("DateStyle", "ISO, MDY"));
    wire.write(Wire.parameter("IntervalStyle", "postgres"));
    wire.write(Wire.parameter("integer_datetimes", "on"));
    wire.write(Wire.parameter("standard_conforming_strings", "on"));
    wire.write(Wire.parameter("TimeZone", "UTC"));
    wire.write(Wire.parameter("is_superuser", user.equals("root") ? "on" : "off"));
    wire.write(Wire.parameter("session_authorization", user));
    wire.write(new Wire.Message('K', backing.key()));
    ready();
    while (true) {
      var message = wire.read();
      model.awaitAnswering(node);
      switch (message.type()) {
        case 'Q' -> query(message.text());
        case 'X' -> {
          return;
        }
        default -> {
          // pgjdbc in simple query mode sends nothing else.
          wire.write(
              Wire.error("FATAL", "0A000", "the model knows the simple query protocol only", ""));
          wire.flush();
          return;
        }
      }
    }
  }

  private void query(String text) throws IOException {
    var statements = Sql.split(text);
    if (statements.isEmpty()) {
      wire.write(Wire.empty());
    }
    // Several statements in one message are one transaction, as in PostgreSQL.
    boolean several = statements.size() > 1 && backing.state() == 'I';
    if (several && !begins(statements.getFirst())) {
      backing.demand("BEGIN");
      implicit = true;
    }
    boolean failed = false;
    for (var statement : statements) {
      if (!execute(statement)) {
        failed = true;
        break;
      }
    }
    if (implicit) {
      implicit = false;
      var end = backing.send(failed ? "ROLLBACK" : "COMMIT");
      if (end.failed()) {
        write(end.messages());
      }
    }
    ready();
  }

  private static boolean begins(List<Token> statement) {
    return statement.getFirst().is("BEGIN")
        || statement.getFirst().is("START") && Sql.at(statement, 1, "TRANSACTION");
  }

  /** Whether it went well. */
  private boolean execute(List<Token> statement) throws IOException {
    var fault = model.faults().strike(Sql.text(statement));
    if (fault.isPresent()) {
      switch (fault.get().kind()) {
        case ERROR_BEFORE -> {
          return refuse(fault.get().error());
        }
        case CUT_BEFORE -> throw new IOException("cut by a fault");
        default -> {}
      }
    }
    List<Wire.Message> answer;
    try {
      answer = answer(statement, fault);
    } catch (SqlError.Thrown e) {
      return refuse(e.error());
    }
    if (fault.isPresent()) {
      if (fault.get().kind() == Fault.Kind.ERROR_AFTER) {
        return refuse(fault.get().error());
      }
      throw new IOException("cut by a fault");
    }
    write(answer);
    return answer.stream().noneMatch(m -> m.type() == 'E');
  }

  private List<Wire.Message> answer(List<Token> statement, Optional<Fault> fault)
      throws IOException {
    if (implicit && begins(statement)) {
      implicit = false;
      return List.of(Wire.complete("BEGIN"));
    }
    var edits = new Edits();
    settings.rewrite(statement, edits);
    functions(statement, edits);
    return backing.send(edits.apply(statement)).messages();
  }

  private void functions(List<Token> statement, Edits edits) {
    for (int k = 0; k < statement.size(); k++) {
      if (statement.get(k).is("CLUSTER_ID") && Sql.at(statement, k + 1, '(')) {
        edits.replace(
            statement.get(k - 2), statement.get(k + 2), "'6a0c0000-0000-4000-8000-000000000001'");
      }
      if (statement.get(k).is("VERSION") && Sql.at(statement, k + 1, '(')) {
        boolean qualified = Sql.at(statement, k - 1, '.') && Sql.at(statement, k - 2, "PG_CATALOG");
        edits.replace(
            statement.get(qualified ? k - 2 : k),
            statement.get(k + 2),
            Sql.quote(model.options().version().banner()) + "::text");
      }
    }
  }

  /** An error of the model's own: an open transaction fails with it, as with any other. */
  private boolean refuse(SqlError error) throws IOException {
    if (backing.state() == 'T') {
      backing.send("SELECT 1/0");
    }
    wire.write(Wire.error("ERROR", error.state(), error.message(), error.hint()));
    return false;
  }

  private void write(List<Wire.Message> messages) throws IOException {
    for (var message : new ArrayList<>(messages)) {
      wire.write(message);
    }
  }

  private void ready() throws IOException {
    wire.write(Wire.ready(backing.state()));
    wire.flush();
  }

  /** A client asks for it: what is being executed ends with 57014. */
  void cancel() throws IOException {
    backing.cancel();
  }

  /** Without a word. */
  void cut() {
    wire.close();
  }

  @Override
  public void close() {
    backing.close();
  }
}
