package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.Answer;
import dev.pawl.engine.cockroach.world.Caller;
import dev.pawl.engine.cockroach.world.Sql;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.cockroach.world.World;
import dev.pawl.engine.sql.Token;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** One client's session with a node of the model. */
final class ModelSession implements AutoCloseable {
  private static final Wire.Message GONE = new Wire.Message('X', new byte[0]);

  private final CockroachModel model;
  private final Wire wire;
  private final Backing backing;
  private final Caller caller;
  private final Settings settings;
  private final BlockingQueue<Wire.Message> incoming = new LinkedBlockingQueue<>();

  /** The model opened a transaction for a text of several statements; the client did not. */
  private boolean implicit;

  /** Something was executed in the open transaction. */
  private boolean begun;

  /** DDL of the open transaction, whose jobs begin when it commits. */
  private final List<List<Token>> atCommit = new ArrayList<>();

  private volatile String executing = "";
  private volatile String executed = "";
  private volatile boolean cancelled;
  private volatile boolean gone;

  ModelSession(CockroachModel model, Wire wire, Backing backing, Caller caller) {
    this.model = model;
    this.wire = wire;
    this.backing = backing;
    this.caller = caller;
    this.settings = new Settings(model.options().version(), model.users().admin(caller.user()));
  }

  int pid() {
    return ByteBuffer.wrap(backing.key()).getInt();
  }

  int node() {
    return caller.node();
  }

  String user() {
    return caller.user();
  }

  /** As SHOW SESSIONS has it: 128 bits in hexadecimal digits. */
  String id() {
    return String.format("%032x", pid());
  }

  /** What is being executed; empty where nothing is. */
  String executing() {
    return executing;
  }

  /** What was executed last. */
  String executed() {
    return executed;
  }

  void run() throws IOException, InterruptedException {
    settings.begin(backing);
    greet();
    Thread.ofVirtual().start(this::receive);
    while (true) {
      var message = incoming.take();
      model.awaitAnswering(node());
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

  private void greet() throws IOException {
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
    wire.write(Wire.parameter("is_superuser", model.users().admin(caller.user()) ? "on" : "off"));
    wire.write(Wire.parameter("session_authorization", caller.user()));
    wire.write(new Wire.Message('K', backing.key()));
    ready();
  }

  /** Reads ahead, and so learns at once that the client is gone. */
  private void receive() {
    try {
      while (true) {
        incoming.add(wire.read());
      }
    } catch (IOException e) {
      gone = true;
      incoming.add(GONE);
    }
  }

  private void query(String text) throws IOException {
    cancelled = false;
    var statements = Sql.split(text);
    if (statements.isEmpty()) {
      wire.write(Wire.empty());
    }
    // Several statements in one message are one transaction, as in PostgreSQL.
    if (statements.size() > 1 && backing.state() == 'I' && !begins(statements.getFirst())) {
      begin(true);
    }
    boolean failed = false;
    for (var statement : statements) {
      executing = Sql.text(statement);
      boolean well = execute(statement);
      executed = executing;
      executing = "";
      if (!well) {
        failed = true;
        break;
      }
    }
    if (implicit) {
      implicit = false;
      try {
        write(failed ? backing.send("ROLLBACK").messages() : commit("COMMIT"), true);
      } catch (SqlError.Thrown e) {
        refuse(e.error());
      }
      atCommit.clear();
    }
    ready();
  }

  private void begin(boolean asImplicit) throws IOException {
    backing.demand("BEGIN");
    implicit = asImplicit;
    begun = false;
    atCommit.clear();
  }

  private static boolean begins(List<Token> statement) {
    return statement.getFirst().is("BEGIN")
        || statement.getFirst().is("START") && Sql.at(statement, 1, "TRANSACTION");
  }

  private static boolean commits(List<Token> statement) {
    return statement.getFirst().is("COMMIT") || statement.getFirst().is("END");
  }

  /** Whether it went well. */
  private boolean execute(List<Token> statement) throws IOException {
    var fault = model.faults().strike(Sql.text(statement));
    while (fault.filter(f -> f.kind() == Fault.Kind.OVERTAKEN).isPresent()) {
      overtake(fault.get().other().orElseThrow());
      fault = model.faults().strike(Sql.text(statement));
    }
    if (fault.isPresent()) {
      switch (fault.get().kind()) {
        case ERROR_BEFORE -> {
          return refuse(fault.get().error());
        }
        case CUT_BEFORE -> throw new IOException("cut by a fault");
        default -> {
          // After it was executed.
        }
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
    write(answer, false);
    return answer.stream().noneMatch(m -> m.type() == 'E');
  }

  private void overtake(String other) {
    try (var connection = model.connect(node(), "other");
        var first = connection.createStatement()) {
      first.execute(other);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Wire.Message> answer(List<Token> statement, Optional<Fault> fault)
      throws IOException {
    if (begins(statement)) {
      return beginning(statement);
    }
    if (commits(statement)) {
      implicit = false;
      return commit(Sql.text(statement));
    }
    var user = model.users().execute(statement);
    if (user.isPresent()) {
      return List.of(Wire.complete(user.get()));
    }
    var ended = Control.execute(model, user(), statement);
    if (ended.isPresent()) {
      return List.of(Wire.complete(ended.get()));
    }
    var notices = new ArrayList<Wire.Message>();
    boolean ddl = World.isDdl(statement);
    if (ddl && backing.state() == 'T' && begun && autocommitBeforeDdl()) {
      // docs, "SET (session variable)", autocommit_before_ddl
      commit("COMMIT");
      notices.add(
          Wire.notice(
              "NOTICE",
              "00000",
              "auto-committing transaction before processing DDL due to autocommit_before_ddl"
                  + " setting"));
      if (implicit) {
        begin(true);
      }
    }
    begun = true;
    if (ddl && !ofLedger(statement)) {
      notices.addAll(change(statement, fault));
      return notices;
    }
    var reply = backing.send(rewriter().rewrite(statement)).messages();
    notices.addAll(reply);
    return notices;
  }

  private List<Wire.Message> beginning(List<Token> statement) throws IOException {
    if (implicit) {
      implicit = false;
      return List.of(Wire.complete("BEGIN"));
    }
    begun = false;
    atCommit.clear();
    // Until 24.1 another isolation level is taken for SERIALIZABLE (docs, "Read Committed
    // transactions", "Enable READ COMMITTED isolation").
    var text = Sql.text(statement);
    if (!model.options().version().since(24, 1)) {
      text = text.replaceAll("(?i)READ\\s+COMMITTED", "SERIALIZABLE");
    }
    return backing.send(text).messages();
  }

  private Rewriter rewriter() throws IOException {
    var cluster = model.cluster();
    boolean internals = !model.options().version().since(26, 1) || on("allow_unsafe_internals");
    return new Rewriter(
        new Catalog(cluster.world(), caller, model.users(), cluster, model.sessions(), internals),
        settings,
        model.postgresFunctions());
  }

  private boolean autocommitBeforeDdl() throws IOException {
    return model.options().version().since(24, 1) && on("autocommit_before_ddl");
  }

  /** In a failed transaction nothing can be asked, nor does it matter. */
  private boolean on(String setting) throws IOException {
    var reply = backing.send("SELECT pg_catalog.current_setting('crdb." + setting + "')");
    return !reply.failed() && reply.rows().getFirst().getFirst().matches("on|true|1|yes");
  }

  /** The tables of Pawl's ledger are real ones, in the PostgreSQL behind. */
  private static boolean ofLedger(List<Token> statement) {
    if (statement.getFirst().is("GRANT") || statement.getFirst().is("REVOKE")) {
      return false; // privileges on objects are not modelled
    }
    for (int at = 0; at < Math.min(statement.size(), 9); at++) {
      if (Sql.name(statement.get(at)).equals("pawl")
          && (Sql.at(statement, at + 1, '.')
              || Sql.at(statement, at - 1, "SCHEMA")
              || Sql.at(statement, at - 1, "EXISTS"))) {
        return true;
      }
    }
    return false;
  }

  /** DDL on the world. */
  private List<Wire.Message> change(List<Token> statement, Optional<Fault> fault)
      throws IOException {
    if (backing.state() == 'E') {
      return backing.send("SELECT 1").messages(); // 25P02
    }
    if (backing.state() == 'T') {
      // Its errors come at once, its jobs at COMMIT.
      var tag =
          switch (model.cluster().world().execute(caller, Sql.text(statement))) {
            case Answer.Refused(_, var error) -> throw error.thrown();
            case Answer.Done done -> done.tag();
            case Answer.Started started -> started.tag();
            case Answer.Blocked _ -> statement.getFirst().keyword();
          };
      atCommit.add(statement);
      return List.of(Wire.complete(tag));
    }
    boolean cut = fault.filter(f -> f.kind() == Fault.Kind.CUT_DURING).isPresent();
    return carryOut(statement, cut);
  }

  private List<Wire.Message> carryOut(List<Token> statement, boolean cut) throws IOException {
    long timeout = timeout();
    long end = timeout == 0 ? Long.MAX_VALUE : System.nanoTime() + timeout * 1_000_000;
    try {
      var answer = model.cluster().execute(caller, Sql.text(statement), () -> given(end));
      return switch (answer) {
        case Answer.Refused(_, var error) -> throw error.thrown();
        case Answer.Done(_, var tag, var notices) -> {
          var messages = new ArrayList<Wire.Message>();
          notices.forEach(n -> messages.add(Wire.notice("NOTICE", n.state(), n.message())));
          messages.add(Wire.complete(tag));
          yield messages;
        }
        case Answer.Started(_, var tag, var jobs) -> {
          if (cut) {
            throw new IOException("cut by a fault");
          }
          var outcome = model.cluster().await(jobs, () -> given(end));
          if (outcome.error().isPresent()) {
            throw outcome.error().get().thrown();
          }
          yield List.of(Wire.complete(tag));
        }
        case Answer.Blocked _ -> throw new IllegalStateException("it was to wait");
      };
    } catch (InterruptedException e) {
      if (gone) {
        throw new IOException("the client is gone");
      }
      throw new SqlError.Thrown(
          "57014",
          cancelled
              ? "query execution canceled"
              : "query execution canceled due to statement timeout");
    }
  }

  /** Waiting for a job ends with the client, a cancel or a time-out; the job does not. */
  private boolean given(long end) {
    return gone || cancelled || System.nanoTime() > end;
  }

  private long timeout() throws IOException {
    var rows =
        backing
            .demand("SELECT setting FROM pg_catalog.pg_settings WHERE name = 'statement_timeout'")
            .rows();
    return Long.parseLong(rows.getFirst().getFirst());
  }

  /** Ends a transaction; then begins the jobs of its DDL. */
  private List<Wire.Message> commit(String text) throws IOException {
    var ddl = List.copyOf(atCommit);
    atCommit.clear();
    boolean well = backing.state() == 'T';
    var reply = backing.send(text);
    if (well && !reply.failed()) {
      for (var statement : ddl) {
        try {
          carryOut(statement, false);
        } catch (SqlError.Thrown e) {
          // pkg/sql/conn_executor.go: what failed after the commit gets a code of its own.
          throw new SqlError(
                  "XXA00",
                  "transaction committed but schema change aborted with error: ("
                      + e.error().state()
                      + "): "
                      + e.error().message(),
                  "Some of the non-DDL statements may have committed successfully, but some of"
                      + " the DDL statement(s) failed.")
              .thrown();
        }
      }
    }
    return reply.messages();
  }

  /** An error of the model's own: an open transaction fails with it, as with any other. */
  private boolean refuse(SqlError error) throws IOException {
    if (backing.state() == 'T') {
      backing.send("SELECT 1/0");
    }
    wire.write(Wire.error("ERROR", error.state(), error.message(), error.hint()));
    return false;
  }

  private void write(List<Wire.Message> messages, boolean errorsOnly) throws IOException {
    for (var message : messages) {
      if (!errorsOnly || message.type() == 'E') {
        wire.write(message.type() == 'E' ? CockroachErrors.translate(message) : message);
      }
    }
  }

  private void ready() throws IOException {
    wire.write(Wire.ready(backing.state()));
    wire.flush();
  }

  /** A client asks for it: what is being executed ends with 57014. */
  void cancel() throws IOException {
    cancelled = true;
    backing.cancel();
  }

  /** Without a word. */
  void cut() {
    wire.close();
  }

  @Override
  public void close() {
    gone = true;
    backing.close();
  }
}
