package dev.pawl.engine.execute;

import dev.pawl.engine.change.OtherDdl;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.SessionSetting;
import dev.pawl.engine.dialect.Verdict;
import dev.pawl.engine.fault.FailurePoint;
import dev.pawl.engine.ledger.Fence;
import dev.pawl.engine.ledger.LedgerRow;
import dev.pawl.engine.plan.Step;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.verify.Facts;
import dev.pawl.engine.verify.Observation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A step in a transaction with its ledger row: when it has committed, it is verified. Only an IF
 * NOT EXISTS that skipped leaves something to be observed.
 */
final class TransactionStep {
  private final Worker worker;
  private final Step step;
  private final Worker.Retries retries;
  private final boolean guarded;
  private Optional<LedgerRow> known;

  /**
   * @param known its row as the run has read it: what the first try goes by
   * @param followed another step of its file comes after it
   */
  TransactionStep(Worker worker, Step step, LedgerRow known, boolean followed) {
    this.guarded =
        followed && worker.dialect.kind() == DatabaseKind.POSTGRESQL && SettingsGuard.needed(step);
    this.worker = worker;
    this.known = Optional.of(known);
    this.step = step;
    this.retries = worker.new Retries();
  }

  StepOutcome run() throws LeaseLostException, InterruptedException {
    boolean asked = Skips.possible(step);
    var heard = Optional.<List<Notice>>empty(); // unless it is this run that sends it
    while (true) {
      Cause cause;
      boolean lock = false;
      try {
        var row = known.isPresent() ? known.get() : worker.row(step);
        known = Optional.empty();
        var phase = Phase.of(row.phase());
        if (phase == Phase.VERIFIED) {
          worker.tracker.phase(step, Phase.VERIFIED, row.message());
          return new StepOutcome.Verified();
        }
        if (phase == Phase.APPLYING) {
          // Begun as a statement on its own, by a Pawl that classified it so.
          var unknown =
              Messages.outcomeUnknown(
                  step,
                  step.changes().getFirst(),
                  row,
                  worker.options.stream(),
                  worker.dialect.kind());
          worker.tracker.failed(step, unknown);
          return new StepOutcome.Failed(unknown, true);
        }
        if (step.changesSession() && worker.session().greeting.pooled()) {
          return worker.fail(step, Messages.pooler(step, "a setting of the session"), true);
        }
        if (row.appliedAt().isEmpty() && phase != Phase.APPLIED) {
          heard = apply(asked);
          if (!asked) {
            worker.tracker.phase(step, Phase.APPLIED, Optional.empty());
            worker.tracker.phase(step, Phase.VERIFYING, Optional.empty());
            worker.tracker.phase(step, Phase.VERIFIED, Optional.empty());
            return new StepOutcome.Verified();
          }
        }
        worker.tracker.phase(step, Phase.APPLIED, Optional.empty());
        worker.tracker.phase(step, Phase.VERIFYING, Optional.empty());
        var open = verify(heard);
        if (open.isEmpty()) {
          worker.advance(
              step, Phase.VERIFIED, List.of(Phase.APPLIED, Phase.FAILED), 0, Worker.Details.NONE);
          worker.tracker.phase(step, Phase.VERIFIED, Optional.empty());
          return new StepOutcome.Verified();
        }
        if (open.get() instanceof Waiting waiting) {
          cause = waiting.cause();
        } else {
          return worker.fail(step, ((Broken) open.get()).cause(), false);
        }
      } catch (AuthorsError e) {
        switch (worker.verdict(e.error(), true)) {
          case PERMANENT, EXISTS -> {
            return worker.failQuietly(step, Messages.of(step, e.error(), true), false);
          }
          case HUMAN -> {
            return worker.failQuietly(step, Messages.of(step, e.error(), true), true);
          }
          case RETRY -> lock = true;
          case AMBIGUOUS -> {
            // It may have committed: the next look at the ledger's row tells.
          }
        }
        cause = Messages.of(step, e.error(), true);
      } catch (SQLException e) {
        worker.lost(e);
        var verdict = worker.verdict(e, true);
        if (verdict == Verdict.PERMANENT || verdict == Verdict.HUMAN) {
          return worker.failQuietly(step, Messages.of(step, e, false), verdict == Verdict.HUMAN);
        }
        lock = Worker.waitsForLock(e);
        cause = Messages.of(step, e, false);
      }
      if (!retries.again(cause, lock)) {
        return new StepOutcome.GaveUp(cause);
      }
    }
  }

  /** An error that came from the author's text, or from its commit. */
  private static final class AuthorsError extends Exception {
    private static final long serialVersionUID = 1L;

    AuthorsError(SQLException error) {
      super(error);
    }

    SQLException error() {
      return (SQLException) getCause();
    }
  }

  /** The notices; empty where it may have turned some off. */
  private Optional<List<Notice>> apply(boolean asked)
      throws SQLException, AuthorsError, LeaseLostException, InterruptedException {
    worker.tracker.applying(step, Optional.empty());
    var session = worker.session(step.prologue());
    FailurePoint.TRANSACTION_FENCE.reached();
    var to = asked ? Phase.APPLIED : Phase.VERIFIED;
    try {
      worker.fence.begin(
          session::send,
          Worker.move(step, to, List.of(Phase.PENDING, Phase.FAILED), 1, Worker.Details.NONE));
    } catch (SQLException e) {
      session.rollback();
      throw Fence.MOVED.equals(e.getSQLState()) ? e : worker.lost(e);
    }
    FailurePoint.TRANSACTION_FENCED.reached();
    var guard = guarded ? guard(session) : "";
    List<Notice> notices;
    try (var _ = FailurePoint.TRANSACTION_SENT.atAnswer()) {
      // A newline first: the author's last line may be a comment.
      notices = session.send(step.sql() + "\n" + guard + worker.fence.commit());
    } catch (SQLException e) {
      session.rollback();
      worker.lost(e);
      throw new AuthorsError(e);
    } finally {
      if (step.mayChangeSession()) {
        session.taint();
      }
    }
    FailurePoint.TRANSACTION_ANSWERED.reached();
    if (!session.idle()) {
      session.rollback();
      throw new AuthorsError(
          new SQLException("the text leaves its transaction open: remove its BEGIN", "2D000"));
    }
    boolean hushed =
        step.sql().toLowerCase(Locale.ROOT).contains("client_min_messages")
            || step.changes().stream().anyMatch(TransactionStep::hushes);
    return hushed ? Optional.empty() : Optional.of(notices);
  }

  private String guard(Session session)
      throws SQLException, LeaseLostException, InterruptedException {
    try {
      return SettingsGuard.check(session.connection, step);
    } catch (SQLException e) {
      session.rollback();
      throw worker.lost(e);
    }
  }

  /** Whether it may have turned the notices off. */
  private static boolean hushes(SchemaChange change) {
    return change instanceof SessionSetting
        || change instanceof OtherDdl other && other.keywords().equals("SET LOCAL");
  }

  private sealed interface Unverified {}

  private record Waiting(Cause cause) implements Unverified {}

  private record Broken(Cause cause) implements Unverified {}

  /** Empty when all is well. */
  private Optional<Unverified> verify(Optional<List<Notice>> heard)
      throws SQLException, LeaseLostException, InterruptedException {
    FailurePoint.SKIP_LOOK.reached();
    boolean mayBeRenamed = step.changes().stream().anyMatch(Facts::mayChangeAnything);
    var skips = Skips.of(step, worker.dialect.kind(), heard);
    var blind = new ArrayList<>(skips.blind());
    for (var skip : skips.compared()) {
      if (!skip.settings().equals(step.prologue()) && worker.session().greeting.pooled()) {
        return Optional.of(new Broken(Messages.pooler(step, "a search_path of its own")));
      }
      var connection = worker.session(skip.settings()).connection;
      var observed = worker.dialect.passedOver(connection, skip.change());
      if (observed instanceof Observation.Unobservable
          || observed instanceof Observation.Absent && mayBeRenamed) {
        blind.add(new Skips.Blind(skip.line(), skip.change().describe()));
        continue;
      }
      var unverified = unverified(skip, observed);
      if (unverified.isPresent()) {
        return unverified;
      }
    }
    return blind.isEmpty()
        ? Optional.empty()
        : Optional.of(new Broken(Messages.passedOver(step, blind, worker.options.stream())));
  }

  private Optional<Unverified> unverified(Skip skip, Observation observed) {
    return switch (observed) {
      case Observation.Valid _, Observation.Unobservable _ -> Optional.empty();
      case Observation.Building b -> Optional.of(new Waiting(Cause.of("Building", b.detail())));
      case Observation.Invalid i -> broken(skip, "Invalid", i.reason());
      case Observation.Different d -> broken(skip, "Different", d.found());
      case Observation.Absent _ ->
          broken(
              skip,
              "Absent",
              "IF NOT EXISTS was skipped, and now it is gone: " + skip.change().describe());
    };
  }

  private Optional<Unverified> broken(Skip skip, String reason, String what) {
    return Optional.of(new Broken(Cause.of(reason, step.file() + ":" + skip.line() + ": " + what)));
  }
}
