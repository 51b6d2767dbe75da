package dev.pawl.engine.execute;

import dev.pawl.engine.change.Maintenance;
import dev.pawl.engine.change.Procedural;
import dev.pawl.engine.change.Reindex;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.dialect.Verdict;
import dev.pawl.engine.fault.FailurePoint;
import dev.pawl.engine.ledger.LedgerRow;
import dev.pawl.engine.plan.Step;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Lexer;
import dev.pawl.engine.sql.Token;
import dev.pawl.engine.verify.Facts;
import dev.pawl.engine.verify.Observation;
import dev.pawl.engine.verify.VerifyQuery;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A step that cannot be atomic with its ledger row: observed before it is sent, and again after
 * every success, error, restart or lost connection. It does what its {@link Course} says, and tells
 * of it.
 */
final class AutocommitStep {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final String NOTHING_THERE = "nothing of that name was there when it was sent";

  private final Worker worker;
  private final Step step;
  private final Worker.Retries retries;

  /** What is looked at: what the step does, without what it undoes itself. */
  private final List<SchemaChange> changes;

  private Optional<LedgerRow> known;
  private LedgerRow row;
  private Look look;
  private Optional<String> note = Optional.empty();
  private boolean behindPooler;

  /** The statement has said that it did nothing, for another's object was there. */
  private boolean passedOver;

  private SQLException lastError;
  private Cause retryCause;

  /**
   * What was seen last.
   *
   * @param change the one of the step's changes that decides
   */
  private record Look(SchemaChange change, Observation observation) {}

  /**
   * @param known its row as the run has read it: what the first look goes by
   */
  AutocommitStep(Worker worker, Step step, LedgerRow known) {
    this.worker = worker;
    this.known = Optional.of(known);
    this.row = known;
    this.step = step;
    this.retries = worker.new Retries();
    var lasting = Facts.lasting(step.changes());
    this.changes = lasting.isEmpty() ? step.changes() : lasting;
    this.look = new Look(first(), new Observation.Unobservable());
  }

  private SchemaChange first() {
    return step.changes().getFirst();
  }

  /** Whether the statement may be sent twice: for a hand-written predicate, that says no more. */
  private boolean saysIfExists() {
    var words =
        Lexer.lex(step.sql(), worker.dialect.kind()).stream()
            .filter(t -> t.type().grammatical())
            .map(Token::keyword)
            .toList();
    return Collections.indexOfSubList(words, List.of("IF", "NOT", "EXISTS")) >= 0
        || Collections.indexOfSubList(words, List.of("IF", "EXISTS")) >= 0;
  }

  StepOutcome run() throws LeaseLostException, InterruptedException {
    boolean handWritten = step.handWritten() && step.verifySql().isPresent();
    var course =
        Course.of(
            new Course.Traits(
                first() instanceof Maintenance || first() instanceof Reindex,
                handWritten,
                handWritten && saysIfExists(),
                worker.options.policy().onInvalid() == RunOptions.OnInvalid.REPAIR,
                step.changes().stream().anyMatch(Facts::demands)));
    while (true) {
      switch (course.next()) {
        case Course.Command.Done _ -> {
          worker.tracker.phase(step, Phase.VERIFIED, note.or(row::message));
          return new StepOutcome.Verified();
        }
        case Course.Command.Retry _ -> {
          if (!retries.again(retryCause, lastError != null && Worker.waitsForLock(lastError))) {
            return new StepOutcome.GaveUp(retryCause);
          }
          course = course.on(new Course.Event.Ok());
        }
        case Course.Command.Fail(var failure) -> {
          var end = fail(failure, course.unanswered());
          if (end.isPresent()) {
            return end.get();
          }
          course = course.on(new Course.Event.Error(worker.verdict(lastError, false)));
        }
        default -> course = course.on(perform(course));
      }
      if (behindPooler) {
        return worker.failQuietly(step, Messages.pooler(step, first().describe()), true);
      }
    }
  }

  /** Does one command; an error becomes what the dialect says that it means. */
  private Course.Event perform(Course course) throws LeaseLostException, InterruptedException {
    boolean act = course.next() instanceof Course.Command.Act;
    try {
      return switch (course.next()) {
        case Course.Command.ReadRow _ -> readRow();
        case Course.Command.Observe _ -> observe(course);
        case Course.Command.AskWay _ -> askWay();
        case Course.Command.Write(var move) -> write(course, move);
        case Course.Command.Act(var mend) -> mend == Course.Mend.SEND ? send() : repair();
        case Course.Command.RemoveLeftover _ -> removeLeftover();
        case Course.Command.Confirm _ -> confirm();
        case Course.Command.Await _ -> await();
        case Course.Command.Retry _, Course.Command.Done _, Course.Command.Fail _ ->
            throw new IllegalStateException("not to be performed: " + course.next());
      };
    } catch (SQLException e) {
      worker.lost(e);
      lastError = e;
      retryCause = Messages.of(step, e, act);
      return new Course.Event.Error(worker.verdict(e, false));
    }
  }

  private Course.Event readRow() throws SQLException, LeaseLostException, InterruptedException {
    row = known.isPresent() ? known.get() : worker.row(step);
    known = Optional.empty();
    behindPooler = worker.session().greeting.pooled();
    return new Course.Event.Row(
        Phase.of(row.phase()),
        row.appliedAt().isPresent(),
        row.message().equals(Optional.of(NOTHING_THERE)));
  }

  private Course.Event observe(Course course)
      throws SQLException, LeaseLostException, InterruptedException {
    FailurePoint.OBSERVE.reached();
    var connection = worker.session(step.prologue()).connection;
    var before = course.ours() && !passedOver ? row.before() : Optional.<String>empty();
    var looks = new ArrayList<Look>();
    for (var change : changes) {
      looks.add(new Look(change, worker.dialect.observe(connection, change, before)));
    }
    look = deciding(looks);
    FailurePoint.OBSERVED.reached();
    if (look.observation() instanceof Observation.Valid && note.isEmpty() && !course.succeeded()) {
      note =
          Optional.of(course.ours() ? "adopted: it was found done" : "adopted: it was so already");
    }
    if (look.observation() instanceof Observation.Building building) {
      tellOfFollowing(course, building);
    }
    return new Course.Event.Observed(look.observation());
  }

  /**
   * The look that decides for several actions of one statement: one that is unfinished or wrong
   * before one that is well, and nothing is well while one cannot be seen.
   */
  private static Look deciding(List<Look> looks) {
    Look worst = looks.getFirst();
    for (var look : looks) {
      if (gravity(look.observation()) > gravity(worst.observation())) {
        worst = look;
      }
    }
    return worst;
  }

  private static int gravity(Observation observation) {
    return switch (observation) {
      case Observation.Valid _ -> 0;
      case Observation.Unobservable _ -> 1;
      case Observation.Absent _ -> 2;
      case Observation.Invalid _ -> 3;
      case Observation.Different _ -> 4;
      case Observation.Building _ -> 5;
    };
  }

  private void tellOfFollowing(Course course, Observation.Building building) {
    if (!course.succeeded()) {
      if (worker.tracker.state(step).phase() != Phase.APPLYING) {
        worker.tracker.phase(step, Phase.APPLYING, Optional.of(building.detail()));
      }
      note =
          Optional.of(
              "adopted: "
                  + building.job().map(j -> worker() + j).orElse("another session")
                  + " was at work on it, and was followed to its end");
    }
    worker.tracker.progress(
        step, building.percent(), building.job(), "following: " + building.detail());
    retries.reset(); // the work goes on
  }

  private String worker() {
    return worker.dialect.kind() == DatabaseKind.COCKROACHDB ? "job " : "backend ";
  }

  private Course.Event askWay() throws SQLException, LeaseLostException, InterruptedException {
    var user = worker.dialect.inUse(worker.session(step.prologue()).connection, look.change());
    user.ifPresent(
        u -> worker.tracker.progress(step, OptionalInt.empty(), Optional.empty(), "waiting: " + u));
    return new Course.Event.Way(user.isEmpty());
  }

  private Course.Event write(Course course, Course.Move move)
      throws SQLException, LeaseLostException, InterruptedException {
    var session = worker.session(step.prologue());
    var backend = Integer.toString(session.greeting.backend());
    var details =
        switch (move) {
          case FOLLOWED -> {
            var building = (Observation.Building) look.observation();
            yield new Worker.Details(null, building.job().orElse(null), null, building.detail());
          }
          case SENDING ->
              new Worker.Details(
                  worker.dialect.before(session.connection, first()).orElse(null),
                  backend,
                  null,
                  course.missing() ? NOTHING_THERE : null);
          case REPAIRING -> new Worker.Details(null, backend, null, invalid());
          case SUCCEEDED -> Worker.Details.NONE;
          case FOUND, VERIFIED -> Worker.Details.message(note.orElse(null));
        };
    worker.advance(step, move.to, move.from, move.attempts, details);
    switch (move) {
      case SENDING -> worker.tracker.applying(step, Optional.of(backend));
      case REPAIRING -> {
        worker.tracker.applying(step, Optional.of(backend));
        worker.tracker.progress(
            step, OptionalInt.empty(), Optional.empty(), "repairing: " + invalid());
      }
      case SUCCEEDED, FOUND -> worker.tracker.phase(step, Phase.APPLIED, note);
      case FOLLOWED, VERIFIED -> {
        // Told of where it is known.
      }
    }
    return new Course.Event.Ok();
  }

  private String invalid() {
    return look.observation() instanceof Observation.Invalid i ? i.reason() : "";
  }

  private Course.Event send() throws SQLException, LeaseLostException, InterruptedException {
    var session = worker.session(step.prologue());
    FailurePoint.STATEMENT.reached();
    if (worker.dialect.kind() == DatabaseKind.COCKROACHDB && saysIfExists()) {
      session.send("SET client_min_messages = 'notice'"); // or it would not say that it skips
    }
    try (var _ = session.without(worker.dialect.mustNotCut(first(), false));
        var _ = watch(session);
        var _ = FailurePoint.STATEMENT_SENT.atAnswer()) {
      var notices = session.send(step.sql());
      passedOver = worker.dialect.passedOver(notices.stream().map(Notice::message).toList());
    } finally {
      if (first() instanceof Procedural) {
        session.taint(); // what it has set is for nobody else
      }
    }
    FailurePoint.STATEMENT_ANSWERED.reached();
    note = Optional.empty();
    lastError = null;
    if (passedOver) {
      retryCause =
          Cause.of(
              "Exists",
              where(
                  "it was there already when its statement was executed, and Pawl cannot tell"
                      + " whether it is what is asked for: "
                      + step.describe()));
      return new Course.Event.Error(Verdict.EXISTS); // in other words
    }
    retries.reset();
    retryCause =
        Cause.of(
            "Undone",
            where(
                step.describe()
                    + " succeeded, and then it was not so: whoever was at work on it failed, or"
                    + " has undone it. It is applied again"));
    return new Course.Event.Ok();
  }

  private Course.Event repair() throws SQLException, LeaseLostException, InterruptedException {
    var session = worker.session(step.prologue());
    FailurePoint.REPAIR.reached();
    try (var _ = session.without(worker.dialect.mustNotCut(look.change(), true));
        var _ = watch(session)) {
      note = Optional.of("repaired: " + worker.dialect.repair(session.connection, look.change()));
    }
    FailurePoint.REPAIRED.reached();
    lastError = null;
    return new Course.Event.Ok();
  }

  private ProgressWatch watch(Session session) throws LeaseLostException, InterruptedException {
    worker.check();
    return new ProgressWatch(worker, step, session.greeting.backend(), POLL);
  }

  /**
   * A failed build leaves an INVALID index, and a unique one still rejects the application's rows.
   */
  private Course.Event removeLeftover()
      throws SQLException, LeaseLostException, InterruptedException {
    FailurePoint.LEFTOVER.reached();
    var session = worker.session(step.prologue());
    // Dropping waits for others' transactions; cut, it would leave what is to go.
    try (var _ = session.without(worker.dialect.mustNotCut(look.change(), true))) {
      worker.dialect.removeLeftover(session.connection, look.change());
    }
    return new Course.Event.Ok();
  }

  private Course.Event confirm() throws SQLException, LeaseLostException, InterruptedException {
    worker.tracker.phase(step, Phase.VERIFYING, note);
    FailurePoint.CONFIRM.reached();
    var connection = worker.session(step.prologue()).connection;
    for (var sql : predicates()) {
      var answer = VerifyQuery.ask(connection, sql);
      if (!answer.verified()) {
        retryCause = Cause.of("NotVerified", where(answer.message()));
        lastError = null;
        worker.tracker.progress(step, OptionalInt.empty(), Optional.empty(), retryCause.message());
        return new Course.Event.Answer(false);
      }
    }
    FailurePoint.CONFIRMED.reached();
    return new Course.Event.Answer(true);
  }

  /** The file's, or where there is none those made here. */
  private List<String> predicates() {
    return step.verifySql()
        .map(List::of)
        .orElseGet(
            () -> changes.stream().flatMap(c -> worker.dialect.predicate(c).stream()).toList());
  }

  private Course.Event await() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
    return new Course.Event.Ok();
  }

  /** Empty when the ledger could not be written now, and may be later. */
  private Optional<StepOutcome> fail(Course.Failure failure, boolean unanswered)
      throws LeaseLostException, InterruptedException {
    var cause =
        switch (failure) {
          case DIFFERENT ->
              Cause.of(
                  "Different",
                  where(
                      ((Observation.Different) look.observation()).found()
                          + ". Pawl does not touch it: remove or rename it, or change the"
                          + " migration"));
          case INVALID -> Cause.of("Invalid", where(invalid() + invalidAdvice()));
          case UNDONE ->
              Cause.of(
                  "Undone",
                  where(
                      step.describe()
                          + " succeeded, and then it was not so, again and again: somebody undoes"
                          + " it. Find out who; Pawl then applies it again"));
          case ERROR, ERROR_HUMAN -> retryCause;
          case MISSING -> Messages.missing(step, retryCause, worker.options.stream());
          case UNKNOWN ->
              Messages.outcomeUnknown(
                  step, first(), row, worker.options.stream(), worker.dialect.kind());
        };
    boolean human =
        failure == Course.Failure.ERROR_HUMAN
            || failure == Course.Failure.UNDONE
            || failure == Course.Failure.UNKNOWN;
    if (unanswered && (human || failure == Course.Failure.ERROR)) {
      // Failed in the ledger is sent again at the next run: not so while it may have happened.
      worker.tracker.failed(step, cause);
      return Optional.of(new StepOutcome.Failed(cause, human));
    }
    try {
      return Optional.of(worker.fail(step, cause, human));
    } catch (SQLException e) {
      worker.lost(e);
      lastError = e;
      var verdict = worker.verdict(e, false);
      if (verdict == Verdict.RETRY || verdict == Verdict.AMBIGUOUS) {
        retryCause = Messages.of(step, e, false);
        return Optional.empty();
      }
      worker.tracker.failed(step, cause);
      return Optional.of(new StepOutcome.Failed(cause, human));
    }
  }

  private String invalidAdvice() {
    return worker.options.policy().onInvalid() == RunOptions.OnInvalid.FAIL
        ? ". Repair it, or set policy onInvalid to Repair to have it done"
        : ", also after Pawl has repaired it: repair it by hand";
  }

  private String where(String what) {
    return step.file() + ":" + step.line() + ": " + what;
  }
}
