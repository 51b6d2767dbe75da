package dev.pawl.operator.reconcile;

import dev.pawl.engine.execute.Cause;
import dev.pawl.engine.execute.MigrationRun;
import dev.pawl.engine.execute.Phase;
import dev.pawl.engine.execute.Result;
import dev.pawl.engine.execute.RunListener;
import dev.pawl.engine.execute.RunOptions;
import dev.pawl.engine.execute.StepState;
import dev.pawl.engine.execute.Target;
import dev.pawl.operator.source.InputException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** One run of one assignment on a virtual thread of its own; tells what happens through a queue. */
final class Runner implements Runnable, RunListener {
  private static final Logger LOG = Logger.getLogger(Runner.class);

  private final Assignment assignment;
  private final Tools tools;
  private final Optional<Runner> predecessor;
  private final Runnable news;
  private final Queue<Progress.Told> told = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private boolean cancelled;
  private boolean finishing;
  private MigrationRun run;
  private volatile Optional<String> identity = Optional.empty();
  private volatile Result result;

  /**
   * What runners share.
   *
   * @param target reads the Secrets; throws {@link InputException}
   * @param permits how many runs a database may have at once
   */
  record Tools(
      RunStarter starter,
      Function<Assignment, Target> target,
      Function<Assignment, Semaphore> permits,
      Function<Assignment, RunOptions> options) {}

  private Runner(Assignment assignment, Tools tools, Optional<Runner> predecessor, Runnable news) {
    this.assignment = assignment;
    this.tools = tools;
    this.predecessor = predecessor;
    this.news = news;
    this.thread = Thread.ofVirtual().name("run " + assignment).unstarted(this);
  }

  /**
   * Starts.
   *
   * @param predecessor cancelled, and waited for before anything is done
   * @param news called whenever there is something to hear
   */
  static Runner start(
      Assignment assignment, Tools tools, Optional<Runner> predecessor, Runnable news) {
    var runner = new Runner(assignment, tools, predecessor, news);
    runner.thread.start();
    return runner;
  }

  @Override
  public void run() {
    Result end;
    try {
      if (predecessor.isPresent()) {
        predecessor.get().thread.join();
      }
      var permits = tools.permits().apply(assignment);
      permits.acquire();
      try {
        end = execute();
      } finally {
        permits.release();
      }
    } catch (InterruptedException e) {
      end = new Result.Cancelled(List.of());
    }
    result = end;
    news.run();
  }

  private Result execute() {
    try {
      var target = tools.target().apply(assignment);
      var made =
          tools
              .starter()
              .run(target, assignment.source().files(), tools.options().apply(assignment), this);
      synchronized (this) {
        if (cancelled || finishing) {
          return new Result.Cancelled(List.of());
        }
        run = made;
      }
      return coherent(made.run());
    } catch (InputException e) {
      return e.lasting()
          ? new Result.Refused(e.why(), List.of())
          : new Result.Unavailable(e.why(), List.of());
    } catch (RuntimeException e) { // a fault of Pawl, to be reported with its trace
      LOG.errorf(e, "%s: the run ended unexpectedly", assignment);
      return new Result.Unavailable(
          Cause.of(
              "InternalError",
              "the run ended unexpectedly (" + e + "): see the operator's log, and report it"),
          List.of());
    }
  }

  /** Verified is believed only where each step says so too: the gate opens by it. */
  private Result coherent(Result claimed) {
    if (!(claimed instanceof Result.Verified)) {
      return claimed;
    }
    return claimed.steps().stream()
        .filter(step -> step.phase() != Phase.VERIFIED)
        .findFirst()
        .<Result>map(
            step ->
                new Result.Unavailable(
                    Cause.of(
                        "LedgerInconsistent",
                        ("the ledger says that stream %s is complete, yet %s. If its row in"
                                + " pawl.step was deleted by hand, delete the row of the stream in"
                                + " pawl.stream too")
                            .formatted(assignment.stream(), Sentences.step(step))),
                    claimed.steps()))
        .orElse(claimed);
  }

  /** Asks it to end before its next step; returns at once. */
  synchronized void finish() {
    finishing = true;
    if (run != null) {
      run.finish();
    }
  }

  synchronized boolean isFinishing() {
    return finishing;
  }

  /** Asks it to end, at once, and waits for that. */
  void cancelAndJoin() throws InterruptedException {
    cancel();
    thread.join();
  }

  /** Asks it to end, at once; returns at once. */
  void cancel() {
    MigrationRun running;
    synchronized (this) {
      cancelled = true;
      running = run;
    }
    if (running == null) {
      thread.interrupt();
    } else {
      running.cancel();
    }
  }

  /** The next thing told and not yet heard. */
  Optional<Progress.Told> peek() {
    return Optional.ofNullable(told.peek());
  }

  /** Hears the next thing. */
  Optional<Progress.Told> poll() {
    return Optional.ofNullable(told.poll());
  }

  /** How it ended; empty while it runs. */
  Optional<Result> result() {
    return Optional.ofNullable(result);
  }

  /** The server and time line that it works with, once it has come to one. */
  Optional<String> identity() {
    return identity;
  }

  private void tell(Progress.Told what) {
    told.add(what);
    news.run();
  }

  @Override
  public void connected(String identity) {
    this.identity = Optional.of(identity); // not in the queue: a gate may have to close by it
    news.run();
  }

  @Override
  public void planned(List<StepState> steps) {
    tell(new Progress.Told.Planned(List.copyOf(steps)));
  }

  @Override
  public void changed(StepState step) {
    tell(new Progress.Told.Moved(step, Instant.now()));
  }

  @Override
  public void waiting(Cause cause) {
    tell(new Progress.Told.Waiting(cause, Instant.now()));
  }

  @Override
  public void resumed() {
    tell(new Progress.Told.Resumed());
  }
}
