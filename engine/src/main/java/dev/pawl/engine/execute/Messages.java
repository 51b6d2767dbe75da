package dev.pawl.engine.execute;

import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.ledger.Fence;
import dev.pawl.engine.ledger.Lease;
import dev.pawl.engine.ledger.LedgerRow;
import dev.pawl.engine.plan.Step;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Literal;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLException;

/** The sentences about a database's errors; the one place where they are made. */
final class Messages {
  private static final int LONGEST = 1000;
  private static final int FINDINGS = 3;

  private Messages() {}

  /** What failed, where in the author's file, in the database's own words, and what to do. */
  static Cause of(Step step, SQLException error, boolean inAuthorsText) {
    var state = Optional.ofNullable(error.getSQLState());
    var server = error instanceof PSQLException e ? e.getServerErrorMessage() : null;
    var text = new StringBuilder();
    if (server == null) {
      text.append(step.file()).append(':').append(step.line()).append(": ");
      text.append(error.getMessage());
    } else {
      text.append(place(step, inAuthorsText ? server.getPosition() : 0)).append(": ");
      text.append(server.getMessage());
      if (server.getDetail() != null) {
        text.append(". ").append(server.getDetail());
      }
      if (server.getHint() != null) {
        text.append(" ").append(server.getHint());
      }
    }
    state.ifPresent(s -> advice(s).ifPresent(a -> text.append(ending(text)).append(a)));
    return new Cause(reason(state.orElse("")), shortened(text.toString()), state);
  }

  /** Who has the lease, since when, and what to do where that is not as it should be. */
  static Cause held(String stream, Target target, Lease.Attempt.Held held) {
    return Cause.of(
        "LeaseHeld",
        held.holder()
            + " is applying stream "
            + stream
            + " of "
            + target
            + Activity.since(held.epoch()).map(at -> " since " + Activity.seconds(at)).orElse("")
            + "; should it be gone, its lease ends by itself at "
            + Activity.seconds(held.expiresAt())
            + ". To see what it does, or to take over from it: pawl unlock --stream "
            + stream
            + " --url …");
  }

  /** What an address leads to has changed; both as {@link Identity} has them. */
  static String failedOver(String before, String now) {
    return "the database has failed over, or its address leads to another server (it was "
        + before
        + ", it is "
        + now
        + "): its last commits may be lost, so the ledger is read again, and what it calls verified"
        + " is looked at again";
  }

  /** What was verified is not so on the server that it is now. */
  static Cause notAsVerified(
      String stream, String before, String now, List<Verifier.Finding> findings) {
    var text = new StringBuilder();
    text.append("since the database failed over or was moved (it was ")
        .append(before)
        .append(", it is ")
        .append(now)
        .append("), it is not as it was verified: ");
    text.append(
        findings.stream()
            .limit(FINDINGS)
            .map(f -> f.file() + ":" + f.line() + ": " + f.message())
            .collect(Collectors.joining("; ")));
    if (findings.size() > FINDINGS) {
      text.append("; and ").append(findings.size() - FINDINGS).append(" more, see pawl verify");
    }
    text.append(
            ". Put it right; or, where it is meant to be so, UPDATE pawl.stream SET identity = ")
        .append(Literal.text(now))
        .append(" WHERE stream = ")
        .append(Literal.text(stream));
    return Cause.of("NotAsVerified", text.toString());
  }

  /** Why the ledger cannot be written for the moment. */
  static Cause ledgerBusy(String stream, SQLException error) {
    return new Cause(
        reason(error.getSQLState()),
        "the ledger of stream " + stream + " cannot be written yet: " + error.getMessage(),
        Optional.of(error.getSQLState()));
  }

  /** Only a person can tell: sent, and no answer. */
  static Cause outcomeUnknown(
      Step step, SchemaChange change, LedgerRow row, String stream, DatabaseKind kind) {
    var traces =
        switch (kind) {
          case POSTGRESQL ->
              row.job().map(j -> " by backend " + j + ", which may still run it").orElse("")
                  + "; its answer was lost, and the database keeps no trace of it.";
          case COCKROACHDB ->
              "; its answer was lost, and no job tells what came of it. SHOW CLUSTER STATEMENTS"
                  + " shows whether it still runs.";
        };
    return Cause.of(
        "OutcomeUnknown",
        step.file()
            + ":"
            + step.line()
            + ": "
            + change.describe()
            + " was sent"
            + traces
            + " Look whether it has happened, then UPDATE pawl.step SET phase = 'Applied' (or"
            + " 'Pending', to run it again)"
            + ofRow(step, stream));
  }

  /** An IF NOT EXISTS that has skipped, or may have, of what nothing can be compared by. */
  static Cause passedOver(Step step, List<Skips.Blind> blind, String stream) {
    var first = blind.getFirst();
    return Cause.of(
        "Different",
        step.file()
            + ":"
            + first.line()
            + ": "
            + first.what()
            + blind.stream()
                .skip(1)
                .map(b -> ", line " + b.line() + ": " + b.what())
                .collect(Collectors.joining())
            + ": one is there already, and Pawl cannot tell whether it is what is asked for. Look"
            + " at it, and mend it if it is another; then UPDATE pawl.step SET phase = 'Verified'"
            + ofRow(step, stream));
  }

  /** A DROP or RENAME of what was not there before it was sent. */
  static Cause missing(Step step, Cause refusal, String stream) {
    return new Cause(
        refusal.reason(),
        shortened(
            refusal.message()
                + ". Correct the name, or write IF EXISTS; if somebody has done it by hand, UPDATE"
                + " pawl.step SET phase = 'Verified'"
                + ofRow(step, stream)),
        refusal.sqlstate());
  }

  private static String ofRow(Step step, String stream) {
    return " WHERE (stream, version, ordinal) = ("
        + Literal.text(stream)
        + ", "
        + Literal.text(step.version().text())
        + ", "
        + step.ordinal()
        + ")";
  }

  /** A pooler hands the session to others after each transaction. */
  static Cause pooler(Step step, String what) {
    return Cause.of(
        "PoolerInTheWay",
        step.file()
            + ":"
            + step.line()
            + ": "
            + what
            + " cannot run behind a connection pooler: give the database's own address as"
            + " directUrl");
  }

  private static String ending(CharSequence text) {
    return text.isEmpty() || ".!?".indexOf(text.charAt(text.length() - 1)) >= 0 ? " " : ". ";
  }

  /** File and line of a position in the step's text; positions are in characters, from 1. */
  private static String place(Step step, int position) {
    int line = step.line();
    if (position > 0) {
      int end = step.sql().offsetByCodePoints(0, Math.min(position - 1, codePoints(step.sql())));
      line += (int) step.sql().substring(0, end).chars().filter(c -> c == '\n').count();
    }
    return step.file() + ":" + line;
  }

  private static int codePoints(String text) {
    return text.codePointCount(0, text.length());
  }

  static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }

  private static String reason(String state) {
    return switch (state) {
      case "55P03" -> "LockTimeout";
      case "40P01" -> "DeadlockDetected";
      case "40001" -> "SerializationFailure";
      case "57014" -> "StatementCancelled";
      case "53300" -> "TooManyConnections";
      case "53100" -> "DiskFull";
      case "42501" -> "InsufficientPrivilege";
      case "25006" -> "Standby";
      case Fence.BUSY -> "SchemaChangeBusy";
      case SettingsGuard.CHANGED -> "SettingsChanged";
      case "PW005" -> "NeedsPerson"; // of the dialect: nothing but a person's act lets it go on
      default ->
          state.startsWith("08") || state.startsWith("57P")
              ? "ConnectionLost"
              : state.startsWith("23") ? "ConstraintViolation" : "StatementFailed";
    };
  }

  private static Optional<String> advice(String state) {
    return switch (state) {
      case "23505" -> Optional.of("Remove the duplicates; Pawl then tries again");
      case "23502", "23503", "23514" ->
          Optional.of("Correct the rows that violate it; Pawl then tries again");
      case "55P03" -> Optional.of("Somebody holds a lock on it; Pawl tries again");
      case "25006" ->
          Optional.of(
              "It is a standby, or its default_transaction_read_only is on; Pawl goes on when its"
                  + " address leads to a primary that can be written");
      case "42501" -> Optional.of("Grant the right to the role that Pawl uses");
      case "42P07", "42710", "42701", "42P06" ->
          Optional.of(
              "Somebody else made it: remove it, or write IF NOT EXISTS to have it adopted");
      case "55P04" ->
          Optional.of("Put the statement that uses the new value into a file of its own");
      default -> Optional.empty();
    };
  }
}
