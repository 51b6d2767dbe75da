package dev.pawl.engine.plan;

import dev.pawl.engine.sql.Checksum;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Splitter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Makes a plan of a source: which files are migrations, in which order, cut into which steps. */
public final class Planner {
  private final Classification classification;
  private final Problems problems = new Problems();
  private final Checksum checksum = new Checksum();
  private final List<Step> steps = new ArrayList<>();

  private final boolean inspecting;
  private final List<WrittenStep> written = new ArrayList<>(0);

  private Planner(Classification classification, boolean inspecting) {
    this.classification = classification;
    this.inspecting = inspecting;
  }

  /**
   * Everything that can be read of a source, for whoever judges it.
   *
   * @param steps those of the files, or parts of files, that nothing is wrong with
   * @param problems everything that is wrong, sorted by place: with one, there is no plan
   */
  public record Inspection(List<WrittenStep> steps, List<Problem> problems) {}

  /**
   * The source as its authors wrote it, whether or not it makes a plan. Folders whose names are no
   * versions need no versions.txt here: they come last, in the order of their names.
   */
  public static Inspection inspect(Collection<SourceFile> source, DatabaseKind kind) {
    var planner = new Planner(new Classification(kind), true);
    planner.read(source);
    return new Inspection(List.copyOf(planner.written), planner.sortedProblems());
  }

  /**
   * The steps of a source.
   *
   * @throws InvalidSourceException with everything that is wrong with it
   */
  public static Plan plan(Collection<SourceFile> source, DatabaseKind kind)
      throws InvalidSourceException {
    return plan(source, new Classification(kind));
  }

  static Plan plan(Collection<SourceFile> source, Classification classification)
      throws InvalidSourceException {
    var planner = new Planner(classification, false);
    planner.read(source);
    if (!planner.problems.isEmpty()) {
      throw new InvalidSourceException(planner.sortedProblems());
    }
    return new Plan(planner.steps);
  }

  private List<Problem> sortedProblems() {
    if (!problems.isEmpty()) {
      problems.sort(
          Comparator.comparing(Problem::file)
              .thenComparingInt(Problem::line)
              .thenComparingInt(Problem::column));
    }
    return problems;
  }

  private void read(Collection<SourceFile> source) {
    var arrangement = new Arrangement(source, classification.kind, inspecting, problems);
    int ordinal = 1;
    Version before = null;
    for (var migration : arrangement.migrations()) {
      if (!migration.version().equals(before)) {
        ordinal = 1;
      }
      before = migration.version();
      var verify = arrangement.verifyOf(migration);
      if (migration.mayBeEmpty()
          && verify == null
          && Splitter.split(migration.file().text(), classification.kind).isEmpty()) {
        continue;
      }
      var file =
          new FileSteps(
              classification, migration.file(), migration.version(), ordinal, checksum, problems);
      var found = file.read(verify);
      if (inspecting) {
        written.addAll(file.written());
      }
      steps.addAll(found);
      ordinal += found.size();
    }
    arrangement.checkOrphans();
  }
}
