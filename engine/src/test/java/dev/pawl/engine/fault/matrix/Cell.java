package dev.pawl.engine.fault.matrix;

import dev.pawl.engine.execute.MigrationRun;
import dev.pawl.engine.execute.Result;
import dev.pawl.engine.fault.FailurePoint;
import dev.pawl.engine.testing.Recorder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One place and one fault: the fault is made there, and whoever comes after finishes the work. */
record Cell(Place place, Fault fault) {
  private static final Place TAKEN_OVER = new Place(FailurePoint.BACKEND_NAMED, 1, "");

  /**
   * What came of it.
   *
   * @param outcome how it ended, and who ended it
   * @param repeated how many attempts there were beyond those of a run that nothing disturbs
   * @param twice what ran more than once
   * @param violations of the invariant, and of what must be there in the end
   */
  record Outcome(String outcome, int repeated, List<String> twice, List<String> violations) {
    boolean good() {
      return outcome.startsWith("Verified") && twice.isEmpty() && violations.isEmpty();
    }
  }

  private boolean pooled() {
    return fault == Fault.STOP_POOLED;
  }

  /**
   * Tries it; again where a machine under load lost its lease before the place.
   *
   * @param brokenFence whether the fence is made not to look at the lease
   */
  Outcome run(Lane lane, boolean brokenFence) throws Exception {
    return NotReachedException.again(() -> once(lane, brokenFence));
  }

  private Outcome once(Lane lane, boolean brokenFence) throws Exception {
    var scenario = lane.scenario(place, fault);
    if (brokenFence) {
      scenario.breakFence();
    }
    var wrong = new ArrayList<String>();
    try {
      var end =
          fault.ofProcess() ? inProcess(lane, scenario, wrong) : inThread(lane, scenario, wrong);
      lane.heal();
      var by = end instanceof Result.Verified && !fault.ofProcess() ? "" : " by a successor";
      for (long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(Trap.PATIENCE_SECONDS);
          !(end instanceof Result.Verified) && System.nanoTime() < until; ) {
        if (place.point() == FailurePoint.LEFTOVER) {
          scenario.mendData();
        } else if (end instanceof Result.Failed || end instanceof Result.Refused) {
          wrong.add("ended as " + end);
        }
        end = run(lane, scenario).run();
      }
      if (!(end instanceof Result.Verified)) {
        return new Outcome("not done: " + end, scenario.repeated(pooled()), List.of(), wrong);
      }
      wrong.addAll(scenario.violations(pooled()));
      return new Outcome("Verified" + by, scenario.repeated(pooled()), scenario.twice(), wrong);
    } finally {
      Trap.lay(null);
      lane.heal();
      scenario.drop();
    }
  }

  private MigrationRun run(Lane lane, Scenario scenario) {
    return MigrationRun.of(
        lane.target(scenario, pooled()),
        Scenario.source(place, pooled()),
        Lane.options(),
        new Recorder());
  }

  /** The fault is made from inside of the run, which is to end, or to go on. */
  private Result inThread(Lane lane, Scenario scenario, List<String> wrong) throws Exception {
    var trap = new Trap(place, () -> lane.make(fault, scenario), () -> Lane.loseSession(scenario));
    var result = trap.met(run(lane, scenario), wrong, lane::heal);
    trap.rethrow();
    if (!trap.sprung()) {
      throw new NotReachedException(place + " was not reached: " + result);
    }
    lane.heal();
    watchNow(scenario);
    return result;
  }

  /** The fault is made from outside of a process; what it says in the end does not count. */
  private Result inProcess(Lane lane, Scenario scenario, List<String> wrong) throws Exception {
    try (var child = Child.start(lane, scenario, place, pooled())) {
      if (!child.awaitPlace()) {
        throw new NotReachedException(place + " was not reached: " + child.lines());
      }
      if (fault == Fault.KILL) {
        child.kill();
        watchNow(scenario);
        return run(lane, scenario).run();
      }
      child.stop();
      watchNow(scenario);
      if (fault == Fault.STOP_OVER) {
        var end = run(lane, scenario).run();
        ended(child, wrong);
        return end;
      }
      var trap = new Trap(TAKEN_OVER, () -> ended(child, wrong), () -> {});
      Trap.lay(trap);
      var end = run(lane, scenario).run();
      Trap.lay(null);
      trap.rethrow();
      if (!trap.sprung()) {
        ended(child, wrong); // nothing was left to be taken over
      }
      return end;
    }
  }

  private static void ended(Child child, List<String> wrong) throws Exception {
    if (!child.goOn(Trap.PATIENCE_SECONDS)) {
      wrong.add("the stopped process did not end within " + Trap.PATIENCE_SECONDS + " s");
    }
  }

  /** Where the run was to make the ledger, the database watches from here on. */
  private void watchNow(Scenario scenario) throws Exception {
    if (place.point() == FailurePoint.LEDGER_CREATE) {
      scenario.makeLedger();
    }
  }

  @Override
  public String toString() {
    return place + ": " + fault;
  }
}
