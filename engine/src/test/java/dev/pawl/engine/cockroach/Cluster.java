package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.Answer;
import dev.pawl.engine.cockroach.world.Caller;
import dev.pawl.engine.cockroach.world.Job;
import dev.pawl.engine.cockroach.world.Mutation;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.cockroach.world.Transition;
import dev.pawl.engine.cockroach.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** The world as it is now, shared by all nodes: who changes it, who waits for it, and time. */
final class Cluster implements AutoCloseable {
  /** When a job was created, began, last changed and ended; null where it has not. */
  record Times(Instant created, Instant started, Instant modified, Instant finished) {}

  /** Backfills that fail, and with what. */
  private record Broken(Predicate<Job> jobs, SqlError error) {}

  private final Shadow shadow;
  private final Map<Long, Times> times = new TreeMap<>();
  private final List<Broken> broken = new ArrayList<>();
  private Predicate<Job> held = _ -> false;
  private World world;
  private boolean closed;

  /** What the model itself did wrong; everyone who waits is told. */
  private RuntimeException defect;

  Cluster(World world, Shadow shadow, Optional<Duration> step) {
    this.world = world;
    this.shadow = shadow;
    step.ifPresent(s -> Thread.ofVirtual().start(() -> advanceEvery(s)));
  }

  synchronized World world() {
    return world;
  }

  synchronized Times times(long job) {
    return times.get(job);
  }

  /** Puts another world in the place of this one. */
  synchronized void become(World next) {
    try {
      shadow.follow(next);
      for (var job : next.jobs().values()) {
        for (var mutation : job.mutations()) {
          if (mutation instanceof Mutation.Truncate truncate
              && !job.over()
              && !world.jobs().containsKey(job.id())) {
            shadow.truncate(next, truncate);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var now = Instant.now();
    for (var job : next.jobs().values()) {
      var before = world.jobs().get(job.id());
      var old = times.getOrDefault(job.id(), new Times(now, null, now, null));
      boolean same = job.equals(before);
      boolean begun = job.status() != Job.Status.PENDING;
      times.put(
          job.id(),
          new Times(
              old.created(),
              begun ? Optional.ofNullable(old.started()).orElse(now) : null,
              same ? old.modified() : now,
              job.over() ? Optional.ofNullable(old.finished()).orElse(now) : null));
    }
    world = next;
    notifyAll();
  }

  synchronized void apply(Transition transition) {
    become(world.apply(transition));
  }

  /** From now on work on rows of these jobs fails with this error. */
  synchronized void breakBackfills(Predicate<Job> jobs, SqlError error) {
    broken.add(new Broken(jobs, error));
  }

  synchronized void healBackfills() {
    broken.clear();
  }

  /** These jobs do not go on by themselves. */
  synchronized void hold(Predicate<Job> jobs) {
    held = jobs;
    notifyAll();
  }

  /**
   * Carries out a statement as soon as nothing is in its way.
   *
   * @param given whether it is given up, asked again and again while it waits
   */
  synchronized Answer execute(Caller caller, String sql, BooleanSupplier given)
      throws InterruptedException {
    while (true) {
      var answer = world.execute(caller, sql);
      if (!(answer instanceof Answer.Blocked)) {
        if (!answer.world().equals(world)) {
          become(answer.world());
        }
        return answer;
      }
      await(given);
    }
  }

  /** What a client that waits for these jobs gets. */
  synchronized World.Outcome await(Set<Long> jobs, BooleanSupplier given)
      throws InterruptedException {
    while (true) {
      var outcome = world.outcome(jobs);
      if (outcome.isPresent()) {
        return outcome.get();
      }
      await(given);
    }
  }

  private void await(BooleanSupplier given) throws InterruptedException {
    if (defect != null) {
      throw new IllegalStateException("the model cannot go on: " + defect.getMessage(), defect);
    }
    if (given.getAsBoolean() || closed) {
      throw new InterruptedException();
    }
    wait(20);
  }

  /** Takes every step that can be taken, as often as there is one, but of jobs that are held. */
  synchronized void settle() {
    while (step()) {
      // And the next.
    }
  }

  private void advanceEvery(Duration step) {
    try {
      while (true) {
        Thread.sleep(step);
        synchronized (this) {
          if (closed) {
            return;
          }
          try {
            step();
          } catch (RuntimeException e) {
            defect = e;
            notifyAll();
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One step of each job, and every lease drained. */
  private boolean step() {
    boolean moved = false;
    for (var transition : world.enabled()) {
      if (transition instanceof Transition.Advance(long id)) {
        var job = world.jobs().get(id);
        // Old data lives on for hours: gc.ttlseconds is 14400 by default (docs, "Replication
        // controls").
        if (job.type() == Job.Type.SCHEMA_CHANGE_GC || held.test(job)) {
          continue;
        }
        apply(failure(job).<Transition>map(e -> new Transition.Fail(id, e)).orElse(transition));
      } else {
        apply(transition);
      }
      moved = true;
    }
    return moved;
  }

  /** Why a job's work on rows fails now: as the test wants it, or for what the rows are. */
  private Optional<SqlError> failure(Job job) {
    if (!job.atRows() || !job.revertible()) {
      return Optional.empty();
    }
    var wanted = broken.stream().filter(b -> b.jobs().test(job)).findFirst();
    if (wanted.isPresent()) {
      return Optional.of(wanted.get().error());
    }
    try {
      return shadow.violation(world, job);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    shadow.close();
    notifyAll();
  }
}
