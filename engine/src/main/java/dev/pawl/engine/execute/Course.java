package dev.pawl.engine.execute;

import dev.pawl.engine.dialect.Verdict;
import dev.pawl.engine.verify.Observation;
import java.util.List;

/**
 * The course of a step outside a transaction: what to do next, from what has been seen so far. It
 * is pure, so that a test can walk through every interleaving of it; {@link AutocommitStep} does
 * what it says.
 *
 * @param traits what is known of the step beforehand
 * @param next what to do now
 * @param phase of its ledger row, as last read or written
 * @param applied the ledger says that the statement has once succeeded
 * @param succeeded this run has seen the statement succeed
 * @param refused the last answer to the statement was that something exists, or does not
 * @param unanswered it may have been sent, and what came of it is not known
 * @param repairs how often it was repaired
 * @param undone how often what the statement's answer said was not so at the next look
 * @param missing what it is to take away or rename was not there when it was sent
 */
record Course(
    Traits traits,
    Command next,
    Phase phase,
    boolean applied,
    boolean succeeded,
    boolean refused,
    boolean unanswered,
    int repairs,
    int undone,
    boolean missing) {
  static final int REPAIRS = 5;
  static final int UNDONE = 5;
  static final int REFUSED = 2;

  /**
   * @param repeatable run twice, it has the effect of once
   * @param handWritten its verify file is all that can tell whether it is done
   * @param idempotent it says IF [NOT] EXISTS
   * @param repair whether what is found invalid may be repaired
   * @param demanding it takes away or renames what must be there: without IF EXISTS
   */
  record Traits(
      boolean repeatable,
      boolean handWritten,
      boolean idempotent,
      boolean repair,
      boolean demanding) {}

  /** What to do next; each is answered by one {@link Event}. */
  sealed interface Command {
    /** Read the ledger's row. */
    record ReadRow() implements Command {}

    /** Look at the database. */
    record Observe() implements Command {}

    /** Ask, without waiting, who works on what the statement would wait for. */
    record AskWay(Mend mend) implements Command {}

    /** Write the row by compare-and-set. */
    record Write(Move move) implements Command {}

    /** Send the author's statement, or repair what was found invalid. */
    record Act(Mend mend) implements Command {}

    /** Take away what a failed build left behind. */
    record RemoveLeftover() implements Command {}

    /** Ask the predicate. */
    record Confirm() implements Command {}

    /** Wait a moment: somebody's work goes on. */
    record Await() implements Command {}

    /** Wait for longer each time, while there is time for it. */
    record Retry() implements Command {}

    /** It is verified, and the ledger says so. */
    record Done() implements Command {}

    /** It has failed. */
    record Fail(Failure failure) implements Command {}
  }

  /** Whether the statement is sent, or what is there is mended. */
  enum Mend {
    SEND,
    REPAIR
  }

  /** Why a step has failed. */
  enum Failure {
    /** Somebody else's object has its name. */
    DIFFERENT,
    /** It is invalid, and must not or cannot be repaired. */
    INVALID,
    /** It has succeeded again and again, and each time somebody has undone it. */
    UNDONE,
    /** The database has refused the statement, or the question. */
    ERROR,
    /** As {@link #ERROR}; a person must act. */
    ERROR_HUMAN,
    /** What it is to take away or rename was not there before it was sent either. */
    MISSING,
    /** It was sent, and nothing tells what came of it. */
    UNKNOWN
  }

  /** How a step's row moves on. */
  enum Move {
    FOLLOWED(Phase.APPLYING, 0, Phase.PENDING, Phase.FAILED),
    SENDING(Phase.APPLYING, 1, unfinished()),
    REPAIRING(Phase.APPLYING, 1, unfinished()),
    SUCCEEDED(Phase.APPLIED, 0, Phase.APPLYING),
    FOUND(Phase.APPLIED, 0, unfinished()),
    VERIFIED(Phase.VERIFIED, 0, Phase.APPLIED, Phase.VERIFYING);

    final Phase to;
    final int attempts;
    final List<Phase> from;

    Move(Phase to, int attempts, Phase... from) {
      this.to = to;
      this.attempts = attempts;
      this.from = List.of(from);
    }

    private static Phase[] unfinished() {
      return new Phase[] {
        Phase.PENDING, Phase.APPLYING, Phase.APPLIED, Phase.VERIFYING, Phase.FAILED
      };
    }
  }

  /** What came of a command. */
  sealed interface Event {
    /**
     * To ReadRow.
     *
     * @param missing it says that nothing was there when the statement was sent
     */
    record Row(Phase phase, boolean applied, boolean missing) implements Event {}

    /** To Observe. */
    record Observed(Observation observation) implements Event {}

    /** To AskWay. */
    record Way(boolean free) implements Event {}

    /** To Confirm. */
    record Answer(boolean verified) implements Event {}

    /** To Write, Act, RemoveLeftover, Await and Retry: it is done. */
    record Ok() implements Event {}

    /** To any of them: an error. */
    record Error(Verdict verdict) implements Event {}
  }

  /** Where each step begins. */
  static Course of(Traits traits) {
    return new Course(
        traits, new Command.ReadRow(), Phase.PENDING, false, false, false, false, 0, 0, false);
  }

  private Course then(Command command) {
    return new Course(
        traits, command, phase, applied, succeeded, refused, unanswered, repairs, undone, missing);
  }

  private Course seen(boolean succeeded, boolean refused, boolean unanswered) {
    return new Course(
        traits, next, phase, applied, succeeded, refused, unanswered, repairs, undone, missing);
  }

  private Course in(Phase phase, boolean applied) {
    return new Course(
        traits, next, phase, applied, succeeded, refused, unanswered, repairs, undone, missing);
  }

  private Course counted(int repairs, int undone) {
    return new Course(
        traits, next, phase, applied, succeeded, refused, unanswered, repairs, undone, missing);
  }

  private Course missing(boolean missing) {
    return new Course(
        traits, next, phase, applied, succeeded, refused, unanswered, repairs, undone, missing);
  }

  private Course look() {
    return then(new Command.ReadRow());
  }

  private Course fail(Failure failure) {
    return then(new Command.Fail(failure));
  }

  /** Whether this stream has begun it, and has not ended it. */
  boolean ours() {
    return phase == Phase.APPLYING || phase == Phase.APPLIED || phase == Phase.VERIFYING;
  }

  /**
   * The course after an event.
   *
   * @throws IllegalStateException for one that does not answer the command
   */
  Course on(Event event) {
    return switch (event) {
      case Event.Error(var verdict) -> error(verdict);
      case Event.Row(var now, var once, var nothing) -> in(now, once).missing(nothing).row();
      case Event.Observed(var observation) -> observed(observation);
      case Event.Way(var free) -> way(free);
      case Event.Answer(var verified) -> answered(verified);
      case Event.Ok _ -> done();
    };
  }

  private Course row() {
    return phase == Phase.VERIFIED
        ? then(new Command.Done())
        : seen(succeeded, refused, unanswered || phase == Phase.APPLYING && !succeeded && !refused)
            .then(new Command.Observe());
  }

  private Course observed(Observation observation) {
    return switch (observation) {
      case Observation.Valid _ -> valid();
      // An answer that came while somebody was at work says nothing of how that work ends.
      case Observation.Building _ ->
          seen(false, false, unanswered)
              .missing(false)
              .then(ours() ? new Command.Await() : new Command.Write(Move.FOLLOWED));
      case Observation.Invalid _ ->
          !traits.repair || repairs == REPAIRS
              ? fail(Failure.INVALID)
              : then(new Command.AskWay(Mend.REPAIR));
      case Observation.Different _ -> fail(Failure.DIFFERENT);
      case Observation.Absent _ -> absent();
      case Observation.Unobservable _ -> unobservable();
    };
  }

  private Course valid() {
    if (phase == Phase.APPLIED) {
      return then(new Command.Confirm());
    }
    boolean unsent = phase == Phase.PENDING || phase == Phase.FAILED;
    if (traits.demanding && !succeeded && (missing || unsent)) {
      // A name that is not there may be misspelt: the server's word on it, not the look's.
      return refused ? fail(Failure.MISSING) : missing(true).then(new Command.AskWay(Mend.SEND));
    }
    return then(new Command.Write(Move.FOUND)); // found done: a lost record, or another's work
  }

  private Course absent() {
    if (!succeeded && !refused) {
      return missing(false).then(new Command.AskWay(Mend.SEND));
    }
    // It was answered for another's work that was then reverted: IF NOT EXISTS with success, else
    // with "exists". Or somebody undoes it, or the look misses what the statement meets.
    if (undone < (refused ? REFUSED : UNDONE)) {
      return seen(false, false, unanswered).counted(repairs, undone + 1).then(new Command.Retry());
    }
    return fail(refused ? Failure.ERROR : Failure.UNDONE);
  }

  private Course unobservable() {
    boolean known = succeeded || applied || phase == Phase.APPLIED || phase == Phase.VERIFYING;
    boolean maybe = known || refused || phase == Phase.APPLYING;
    if (traits.handWritten && maybe && !traits.repeatable) {
      return then(new Command.Confirm());
    }
    if (known) {
      return then(phase == Phase.APPLIED ? new Command.Confirm() : new Command.Write(Move.FOUND));
    }
    if (refused) {
      return fail(Failure.ERROR);
    }
    return phase == Phase.APPLYING && !traits.repeatable
        ? fail(Failure.UNKNOWN)
        : then(new Command.AskWay(Mend.SEND));
  }

  private Course way(boolean free) {
    var mend = ((Command.AskWay) next).mend();
    return then(
        free
            ? new Command.Write(mend == Mend.SEND ? Move.SENDING : Move.REPAIRING)
            : new Command.Await());
  }

  private Course answered(boolean verified) {
    if (verified) {
      return then(new Command.Write(phase == Phase.APPLIED ? Move.VERIFIED : Move.FOUND));
    }
    boolean known = succeeded || phase == Phase.APPLIED || phase == Phase.VERIFYING;
    if (!traits.handWritten || known) {
      return then(new Command.Retry());
    }
    if (refused) {
      return fail(Failure.ERROR);
    }
    return traits.idempotent ? then(new Command.AskWay(Mend.SEND)) : fail(Failure.UNKNOWN);
  }

  private Course done() {
    return switch (next) {
      case Command.Write(var move) -> in(move.to, applied || move.to == Phase.APPLIED).wrote(move);
      case Command.Act(var mend) ->
          mend == Mend.SEND
              ? seen(true, false, false).then(new Command.Write(Move.SUCCEEDED))
              : seen(false, false, unanswered).look();
      case Command.RemoveLeftover _ -> fail(Failure.ERROR);
      case Command.Await _, Command.Retry _ -> look();
      default -> throw new IllegalStateException("not an answer to " + next);
    };
  }

  private Course wrote(Move move) {
    return switch (move) {
      case FOLLOWED -> then(new Command.Await());
      case SENDING -> seen(false, refused, true).in(phase, false).then(new Command.Act(Mend.SEND));
      case REPAIRING ->
          in(phase, false).counted(repairs + 1, undone).then(new Command.Act(Mend.REPAIR));
      case SUCCEEDED -> look();
      case FOUND -> then(new Command.Confirm());
      case VERIFIED -> then(new Command.Done());
    };
  }

  private Course error(Verdict verdict) {
    boolean passing = verdict == Verdict.RETRY || verdict == Verdict.AMBIGUOUS;
    if (passing) {
      return then(new Command.Retry());
    }
    if (!(next instanceof Command.Act(var mend))) {
      // Not the statement's own error, but that of a question: it would come again.
      return fail(verdict == Verdict.HUMAN ? Failure.ERROR_HUMAN : Failure.ERROR);
    }
    return switch (verdict) {
      case EXISTS -> seen(false, mend == Mend.SEND, false).look();
      case HUMAN -> seen(succeeded, refused, false).fail(Failure.ERROR_HUMAN);
      default -> seen(succeeded, refused, false).then(new Command.RemoveLeftover());
    };
  }
}
