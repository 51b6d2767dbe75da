package dev.pawl.engine.fault.matrix;

import dev.pawl.engine.fault.FailurePoint;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A failure point at its nth time in the scenario.
 *
 * @param what where in the scenario that is; empty where it comes once
 */
record Place(FailurePoint point, int nth, String what) {
  private static final Set<FailurePoint> TRANSACTIONAL =
      EnumSet.of(
          FailurePoint.LEASE_TAKEN,
          FailurePoint.BACKEND_NAMED,
          FailurePoint.PLAN_WRITTEN,
          FailurePoint.PLAN_COMMITTED,
          FailurePoint.TRANSACTION_FENCE,
          FailurePoint.TRANSACTION_FENCED,
          FailurePoint.TRANSACTION_SENT,
          FailurePoint.TRANSACTION_ANSWERED,
          FailurePoint.SKIP_LOOK,
          FailurePoint.STEP_DONE,
          FailurePoint.DIGEST,
          FailurePoint.DIGEST_WRITTEN);

  /** Every point, those that the scenario comes to in several ways at each of them. */
  static List<Place> all() {
    var all = new ArrayList<Place>();
    for (var point : FailurePoint.values()) {
      switch (point) {
        case TRANSACTION_FENCE, TRANSACTION_FENCED, TRANSACTION_SENT, TRANSACTION_ANSWERED -> {
          all.add(new Place(point, 1, "a column"));
          all.add(new Place(point, 2, "IF NOT EXISTS that skips"));
          all.add(new Place(point, 3, "rows and a DROP"));
        }
        case OBSERVE, OBSERVED -> {
          all.add(new Place(point, 1, "absent"));
          all.add(new Place(point, 2, "just built"));
          all.add(new Place(point, 3, "INVALID"));
        }
        case ROW_WRITE, ROW_SENT, ROW_WRITTEN -> {
          all.add(new Place(point, 1, "Applying"));
          all.add(new Place(point, 2, "Applied"));
          all.add(new Place(point, 3, "Verified"));
        }
        case STATEMENT, STATEMENT_SENT, STATEMENT_ANSWERED -> {
          all.add(new Place(point, 1, "CREATE INDEX"));
          all.add(new Place(point, 2, "CREATE INDEX after repair"));
          all.add(new Place(point, 3, "DROP INDEX"));
        }
        case REPAIR, REPAIR_SENT, REPAIRED -> {
          all.add(new Place(point, 1, "REINDEX"));
          all.add(new Place(point, 2, "DROP"));
        }
        case CONFIRM, CONFIRMED -> {
          all.add(new Place(point, 1, "of a build"));
          all.add(new Place(point, 4, "of a drop"));
        }
        default -> all.add(new Place(point, 1, ""));
      }
    }
    return List.copyOf(all);
  }

  /** Whether the scenario has to be slow for it to be reached. */
  boolean slow() {
    return point == FailurePoint.HEARTBEAT || point == FailurePoint.HEARTBEAT_SENT;
  }

  /** Whether it is reached behind a pooler too, where statements on their own are refused. */
  boolean pooled() {
    return TRANSACTIONAL.contains(point) || point.name().startsWith("ROW_") && nth == 1;
  }

  @Override
  public String toString() {
    return point.number() + " " + point + (what.isEmpty() ? "" : ", " + what);
  }
}
