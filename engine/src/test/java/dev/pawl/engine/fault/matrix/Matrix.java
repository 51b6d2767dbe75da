package dev.pawl.engine.fault.matrix;

import dev.pawl.engine.fault.FailurePoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;

/** Many cells, tried on a few servers at once, and the table of what came of them. */
final class Matrix {
  private final Map<Cell, Cell.Outcome> outcomes = new ConcurrentHashMap<>();

  /** Every fault at every place where it is possible. */
  static List<Cell> complete() {
    var cells = new ArrayList<Cell>();
    for (var fault : Fault.values()) {
      for (var place : Place.all()) {
        if (fault.possible(place)) {
          cells.add(new Cell(place, fault));
        }
      }
    }
    return cells;
  }

  /** Some of them, the same for the same seed: every point once, and every fault. */
  static List<Cell> sample(long seed) {
    var cells = complete();
    Collections.shuffle(cells, new Random(seed));
    var points = new LinkedHashSet<FailurePoint>();
    var faults = new LinkedHashSet<Fault>();
    var chosen = new ArrayList<Cell>();
    for (var cell : cells) {
      if (points.add(cell.place().point()) | faults.add(cell.fault())) {
        chosen.add(cell);
      }
    }
    return chosen;
  }

  /** Tries them all; an error of the harness is an outcome too. */
  static Matrix run(List<Cell> cells, int servers, boolean brokenFence) throws Exception {
    var matrix = new Matrix();
    var queue = new ConcurrentLinkedQueue<>(cells);
    var threads = new ArrayList<Thread>();
    for (int n = 0; n < Math.min(servers, cells.size()); n++) {
      var lane = new Lane();
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (lane) {
                      matrix.work(lane, queue, brokenFence);
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  }));
    }
    for (var thread : threads) {
      thread.join();
    }
    return matrix;
  }

  private void work(Lane lane, Queue<Cell> queue, boolean brokenFence) {
    for (var cell = queue.poll(); cell != null; cell = queue.poll()) {
      Cell.Outcome outcome;
      long begin = System.nanoTime();
      try {
        outcome = cell.run(lane, brokenFence);
      } catch (Exception e) {
        outcome = new Cell.Outcome("not tried: " + e, 0, List.of(), List.of());
      }
      outcomes.put(cell, outcome);
      System.out.printf(
          "%4d of %d, %5.1f s  %s%n",
          outcomes.size(),
          outcomes.size() + queue.size(),
          (System.nanoTime() - begin) / 1e9,
          line(cell.place(), cell.fault(), outcome));
    }
  }

  Map<Cell, Cell.Outcome> bad() {
    var bad = new LinkedHashMap<Cell, Cell.Outcome>();
    outcomes.forEach(
        (cell, outcome) -> {
          if (!outcome.good()) {
            bad.put(cell, outcome);
          }
        });
    return bad;
  }

  /** Point, fault, outcome, attempts, what ran twice, and the invariant. */
  static String line(Place place, Enum<?> fault, Cell.Outcome outcome) {
    return "%-52s | %-11s | %s, attempts +%d, twice: %s, invariant: %s"
        .formatted(
            place,
            fault,
            outcome.outcome(),
            outcome.repeated(),
            outcome.twice().isEmpty() ? "nothing" : outcome.twice(),
            outcome.violations().isEmpty() ? "held" : "BROKEN " + outcome.violations());
  }

  /** Point, fault, outcome, attempts, what ran twice, and the invariant: a line for each cell. */
  String lines() {
    var lines = new StringJoiner("\n");
    for (var place : Place.all()) {
      for (var fault : Fault.values()) {
        var outcome = outcomes.get(new Cell(place, fault));
        if (outcome != null) {
          lines.add(line(place, fault, outcome));
        }
      }
    }
    return lines.toString();
  }

  /** The same as a table in Markdown. */
  String markdown() {
    return markdown(
        Place.all(),
        List.of(Fault.values()),
        (place, fault) -> outcomes.get(new Cell(place, fault)));
  }

  /**
   * A table in Markdown, a row for each place and a column for each fault.
   *
   * @param outcomes null for what was not tried
   */
  static <F extends Enum<F>> String markdown(
      List<Place> places, List<F> faults, BiFunction<Place, F, Cell.Outcome> outcomes) {
    var text = new StringJoiner("\n");
    var head = new StringJoiner(" | ", "| point | | ", " |");
    faults.forEach(f -> head.add(f.name().toLowerCase(Locale.ROOT).replace('_', ' ')));
    text.add(head.toString());
    text.add("|---|---|" + "---|".repeat(faults.size()));
    for (var place : places) {
      var row =
          new StringJoiner(
              " | ",
              "| " + place.point().number() + " `" + place.point() + "` | " + place.what() + " | ",
              " |");
      faults.forEach(f -> row.add(sign(outcomes.apply(place, f))));
      text.add(row.toString());
    }
    return text.toString();
  }

  private static String sign(Cell.Outcome outcome) {
    if (outcome == null) {
      return "";
    }
    if (!outcome.good()) {
      return "**no**";
    }
    return outcome.repeated() == 0 ? "✓" : "✓ +" + outcome.repeated();
  }
}
