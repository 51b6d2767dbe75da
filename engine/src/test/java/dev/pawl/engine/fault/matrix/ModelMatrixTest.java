package dev.pawl.engine.fault.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.fault.FailurePoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The fault matrix on the model of CockroachDB, which is no CockroachDB. */
class ModelMatrixTest {
  private static final long SEED = 6;

  @AfterAll
  static void disarm() {
    FailurePoint.arm(null);
  }

  private static List<ModelCell> complete() {
    var cells = new ArrayList<ModelCell>();
    for (var fault : ModelFault.values()) {
      for (var place : ModelCell.places()) {
        cells.add(new ModelCell(place, fault));
      }
    }
    return cells;
  }

  /** Every point once, and every fault; the same for the same seed. */
  private static List<ModelCell> sample() {
    var cells = complete();
    Collections.shuffle(cells, new Random(SEED));
    var points = new LinkedHashSet<FailurePoint>();
    var faults = new LinkedHashSet<ModelFault>();
    return cells.stream()
        .filter(c -> points.add(c.place().point()) | faults.add(c.fault()))
        .toList();
  }

  private static Map<ModelCell, Cell.Outcome> run(String what, List<ModelCell> cells) {
    System.out.println(
        "\nfault matrix on the CockroachDB model, "
            + what
            + ": "
            + cells.size()
            + " of "
            + complete().size()
            + " cells");
    var outcomes = new LinkedHashMap<ModelCell, Cell.Outcome>();
    for (var cell : cells) {
      Cell.Outcome outcome;
      try {
        outcome = cell.run();
      } catch (Exception e) {
        outcome = new Cell.Outcome("not tried: " + e, 0, List.of(), List.of());
      }
      outcomes.put(cell, outcome);
      System.out.println(Matrix.line(cell.place(), cell.fault(), outcome));
    }
    return outcomes;
  }

  private static Map<ModelCell, Cell.Outcome> bad(Map<ModelCell, Cell.Outcome> outcomes) {
    var bad = new LinkedHashMap<>(outcomes);
    bad.values().removeIf(Cell.Outcome::good);
    return bad;
  }

  @Test
  void atEveryPointAFaultLosesNothingAndRepeatsNothing() {
    assertThat(bad(run("a sample with seed " + SEED, sample()))).isEmpty();
  }

  @Test
  @EnabledIfSystemProperty(named = "pawl.faults", matches = "all")
  void atEveryPointEveryFaultLosesNothingAndRepeatsNothing() throws Exception {
    var outcomes = run("complete", complete());
    Page.write(
        "model",
        Matrix.markdown(
            ModelCell.places(),
            List.of(ModelFault.values()),
            (place, fault) -> outcomes.get(new ModelCell(place, fault))));
    assertThat(bad(outcomes)).isEmpty();
  }
}
