package dev.pawl.engine.cockroach.world;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One job. The states are those of CockroachDB's documentation, page "SHOW JOBS", "Job status".
 *
 * @param description whole; the list of jobs shortens it
 * @param created a count that stands for the time
 * @param cancelled whether a person asked for its end
 * @param error why it failed, or is failing
 */
public record Job(
    long id,
    Type type,
    String description,
    String user,
    Status status,
    Stage stage,
    List<Mutation> mutations,
    long created,
    boolean cancelled,
    Optional<SqlError> error) {
  /** What SHOW JOBS calls job_type. */
  public enum Type {
    SCHEMA_CHANGE("SCHEMA CHANGE"),
    NEW_SCHEMA_CHANGE("NEW SCHEMA CHANGE"),
    TYPEDESC_SCHEMA_CHANGE("TYPEDESC SCHEMA CHANGE"),
    SCHEMA_CHANGE_GC("SCHEMA CHANGE GC");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /** What SHOW JOBS calls status. */
  public enum Status {
    PENDING("pending", false),
    RUNNING("running", false),
    RETRY_RUNNING("retry-running", false),
    PAUSE_REQUESTED("pause-requested", false),
    PAUSED("paused", false),
    CANCEL_REQUESTED("cancel-requested", false),
    REVERTING("reverting", false),
    RETRY_REVERTING("retry-reverting", false),
    SUCCEEDED("succeeded", true),
    FAILED("failed", true),
    CANCELED("canceled", true),
    REVERT_FAILED("revert-failed", true);

    private final String text;
    private final boolean over;

    Status(String text, boolean over) {
      this.text = text;
      this.over = over;
    }

    public String text() {
      return text;
    }

    public boolean over() {
      return over;
    }
  }

  /** How far it is. */
  public enum Stage {
    /** The change is published, nothing is done yet. */
    PREPARED(0.0),
    /** Rows are read and written. */
    BACKFILL(0.3),
    /** Rows are checked. */
    VALIDATE(0.8),
    /** All is public; nodes may still hold leases on the version before. */
    PUBLISHED(1.0);

    private final double fraction;

    Stage(double fraction) {
      this.fraction = fraction;
    }

    public double fraction() {
      return fraction;
    }
  }

  public boolean over() {
    return status.over();
  }

  public boolean reverting() {
    return status == Status.REVERTING || status == Status.RETRY_REVERTING;
  }

  /** Whether it is at rows, where memory can run out and a duplicate be found. */
  public boolean atRows() {
    return (status == Status.RUNNING || status == Status.RETRY_RUNNING)
        && (stage == Stage.BACKFILL || stage == Stage.VALIDATE);
  }

  /** What is taken away cannot be brought back. */
  public boolean revertible() {
    return type != Type.SCHEMA_CHANGE_GC && mutations.stream().allMatch(Mutation::touchesRows);
  }

  public Set<Long> descriptors() {
    return mutations.stream().map(Mutation::descriptor).collect(Collectors.toSet());
  }

  public double fraction() {
    return status == Status.SUCCEEDED ? 1.0 : stage.fraction();
  }

  Job with(Status other) {
    return new Job(id, type, description, user, other, stage, mutations, created, cancelled, error);
  }

  Job with(Stage other) {
    return new Job(
        id, type, description, user, status, other, mutations, created, cancelled, error);
  }

  Job failing(SqlError why) {
    return new Job(
        id,
        type,
        description,
        user,
        Status.REVERTING,
        stage,
        mutations,
        created,
        cancelled,
        Optional.of(why));
  }

  Job cancelling() {
    return new Job(
        id,
        type,
        description,
        user,
        Status.CANCEL_REQUESTED,
        stage,
        mutations,
        created,
        true,
        error);
  }
}
