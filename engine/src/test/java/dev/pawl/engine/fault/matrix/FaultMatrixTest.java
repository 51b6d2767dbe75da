package dev.pawl.engine.fault.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.fault.FailurePoint;
import dev.pawl.engine.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The fault matrix on a real PostgreSQL: a sample of it with a fixed seed; the whole of it by
 * {@code make fault-matrix}, which writes docs/fault-matrix.md.
 */
@Tag(TestDatabase.SESSION)
class FaultMatrixTest {
  private static final long SEED = 6;
  private static final int SERVERS = Integer.getInteger("pawl.faults.servers", 2);

  @AfterAll
  static void disarm() {
    FailurePoint.arm(null);
  }

  private static Matrix run(String what, List<Cell> cells) throws Exception {
    System.out.println(
        "fault matrix, "
            + what
            + ": "
            + cells.size()
            + " of "
            + Matrix.complete().size()
            + " cells");
    var matrix = Matrix.run(cells, SERVERS, false);
    System.out.println("\nfault matrix, " + what + "\n" + matrix.lines() + "\n");
    return matrix;
  }

  @Test
  void atEveryPointAFaultLosesNothingAndRepeatsNothing() throws Exception {
    assertThat(run("a sample with seed " + SEED, Matrix.sample(SEED)).bad()).isEmpty();
  }

  @Test
  @EnabledIfSystemProperty(named = "pawl.faults", matches = "all")
  void atEveryPointEveryFaultLosesNothingAndRepeatsNothing() throws Exception {
    var matrix = run("complete", Matrix.complete());
    Page.write("PostgreSQL", matrix.markdown());
    assertThat(matrix.bad()).isEmpty();
  }

  /**
   * Behind a pooler nobody's session can be ended: there the fence alone keeps the stale out. Three
   * times, for a stale Pawl that goes on may also see by its own clock that it is stale.
   */
  @Test
  void aFenceThatDoesNotLookAtTheLeaseIsFound() throws Exception {
    var cells =
        Matrix.complete().stream()
            .filter(c -> c.fault() == Fault.STOP_POOLED)
            .filter(c -> c.place().point() == FailurePoint.TRANSACTION_FENCE)
            .toList();
    assertThat(cells).hasSize(3);
    assertThat(Matrix.run(cells.subList(0, 1), 1, false).bad()).isEmpty();
    assertThat(Matrix.run(cells, SERVERS, true).bad().values())
        .flatExtracting(Cell.Outcome::violations)
        .anyMatch(v -> v.contains("was written at epoch"));
  }
}
