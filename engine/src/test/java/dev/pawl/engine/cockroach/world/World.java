package dev.pawl.engine.cockroach.world;

import dev.pawl.engine.sql.Token;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The whole state of the model: objects, jobs, and what each node knows of them. It is a value:
 * nothing in it ever changes, it has no clock and no thread, and every step is a method that gives
 * the next world, so that an explorer can walk through all of them.
 *
 * @param leaseLag whether a node goes on using an old version of a descriptor until its lease is
 *     drained
 * @param next a count that gives ids and stands for time
 * @param leases by node, the old versions that it still uses
 */
public record World(
    ModelVersion version,
    boolean leaseLag,
    long next,
    SortedMap<Long, Descriptor> descriptors,
    List<SortedMap<Long, Descriptor>> leases,
    SortedMap<Long, Job> jobs) {
  /** The one database. */
  public static final String DATABASE = "defaultdb";

  /** What the cluster calls itself. */
  public static final String CLUSTER_ID = "00c0c0c0-0000-4000-8000-00000000c0c0";

  /** So that ids of jobs are as long as real ones, and no double can hold them. */
  static final long FIRST_JOB = 786_000_000_000_000_001L;

  /** With schema public and nothing in it. */
  public static World empty(ModelVersion version, int nodes, boolean leaseLag) {
    var descriptors = new TreeMap<Long, Descriptor>();
    descriptors.put(
        101L, new Descriptor.Schema(101, 1, Name.of("public"), Descriptor.State.PUBLIC));
    return new World(
        version,
        leaseLag,
        104,
        Collections.unmodifiableSortedMap(descriptors),
        IntStream.range(0, nodes)
            .<SortedMap<Long, Descriptor>>mapToObj(_ -> Collections.emptySortedMap())
            .toList(),
        Collections.emptySortedMap());
  }

  /** Whether a statement is one that {@link #execute} carries out. */
  public static boolean isDdl(List<Token> statement) {
    return DdlParser.recognises(statement);
  }

  /**
   * One statement that changes the schema or a job; all others leave the world as it is, and are
   * refused here.
   */
  public Answer execute(Caller caller, String sql) {
    try {
      var statements = Sql.split(sql);
      if (statements.size() != 1 || !DdlParser.recognises(statements.getFirst())) {
        return new Answer.Refused(this, SqlError.unknown("how to execute: " + sql));
      }
      var parsed = DdlParser.parse(statements.getFirst());
      return new Statements(this, caller, parsed.description()).execute(parsed.ddl());
    } catch (SqlError.Thrown e) {
      return new Answer.Refused(this, e.error());
    }
  }

  /**
   * What a client that waits for these jobs gets.
   *
   * @param error empty when all of them succeeded
   */
  public record Outcome(Optional<SqlError> error) {}

  /** Empty while one of them is not over; a job that is paused is answered at once. */
  public Optional<Outcome> outcome(Set<Long> waitedFor) {
    for (long id : waitedFor) {
      var job = jobs.get(id);
      if (job == null || job.status() == Job.Status.SUCCEEDED) {
        continue;
      }
      if (job.status() == Job.Status.PAUSED) {
        // pkg/jobs/wait.go: plain errors, which reach the client as XXUUU.
        return error("XXUUU", "job " + id + " was paused before it completed");
      }
      if (!job.over()) {
        return Optional.empty();
      }
      return switch (job.status()) {
        case FAILED -> Optional.of(new Outcome(job.error()));
        case REVERT_FAILED ->
            error("XXUUU", "job " + id + ": cannot be reverted, manual cleanup may be required");
        default -> error("XXUUU", "job canceled by user");
      };
    }
    return Optional.of(new Outcome(Optional.empty()));
  }

  private static Optional<Outcome> error(String state, String message) {
    return Optional.of(new Outcome(Optional.of(new SqlError(state, message))));
  }

  /** What can happen inside the cluster by itself, all going well. */
  public List<Transition> enabled() {
    var all = new ArrayList<Transition>();
    for (var job : jobs.values()) {
      if (Progress.canAdvance(this, job)) {
        all.add(new Transition.Advance(job.id()));
      }
    }
    for (int node = 0; node < leases.size(); node++) {
      for (long descriptor : leases.get(node).keySet()) {
        all.add(new Transition.DrainLease(node, descriptor));
      }
    }
    return all;
  }

  /** What can go wrong inside the cluster now; a backfill fails with this error. */
  public List<Transition> failures(SqlError error) {
    var all = new ArrayList<Transition>();
    for (var job : jobs.values()) {
      if (job.atRows() && job.revertible()) {
        all.add(new Transition.Fail(job.id(), error));
      }
      if (job.status() == Job.Status.RUNNING || job.status() == Job.Status.REVERTING) {
        all.add(new Transition.Stumble(job.id()));
      }
      if (job.reverting()) {
        all.add(new Transition.FailRevert(job.id()));
      }
    }
    return all;
  }

  /** What an operator of the cluster can do to jobs now. */
  public List<Transition> interventions() {
    var all = new ArrayList<Transition>();
    for (var job : jobs.values()) {
      if (Progress.canPause(job)) {
        all.add(new Transition.Pause(job.id()));
      }
      if (job.status() == Job.Status.PAUSED) {
        all.add(new Transition.Resume(job.id()));
      }
      if (Progress.canCancel(job)) {
        all.add(new Transition.Cancel(job.id()));
      }
    }
    return all;
  }

  /**
   * The world after it.
   *
   * @throws IllegalArgumentException where it cannot happen now
   */
  public World apply(Transition transition) {
    return Progress.apply(this, transition);
  }

  /** The descriptors as a node's leases show them. */
  public SortedMap<Long, Descriptor> seenBy(int node) {
    var seen = new TreeMap<>(descriptors);
    seen.putAll(leases.get(node));
    return seen;
  }

  /** What a node's catalog views show: until 26.1 the newest of all, then the node's leases. */
  public SortedMap<Long, Descriptor> catalog(int node) {
    return version.since(26, 1) ? seenBy(node) : descriptors;
  }

  /** A relation by its name, unless it is being dropped or made. */
  public Optional<Descriptor.Table> table(Name name) {
    return descriptors.values().stream()
        .filter(Descriptor.Table.class::isInstance)
        .map(Descriptor.Table.class::cast)
        .filter(t -> t.name().equals(name) && t.state() == Descriptor.State.PUBLIC)
        .findFirst();
  }

  /** The unfinished jobs but those that remove old data. */
  public List<Job> unfinished() {
    return jobs.values().stream()
        .filter(j -> !j.over() && j.type() != Job.Type.SCHEMA_CHANGE_GC)
        .toList();
  }

  /** Twelve hours later: SHOW JOBS lists those that are over no longer (pkg/sql/delegate). */
  public World forgetFinished() {
    var left = new TreeMap<>(jobs);
    left.values().removeIf(Job::over);
    return new World(version, leaseLag, next, descriptors, leases, left);
  }

  /** Whether every node uses the newest version of these. */
  boolean drained(Set<Long> ids) {
    return leases.stream().noneMatch(node -> node.keySet().stream().anyMatch(ids::contains));
  }
}
