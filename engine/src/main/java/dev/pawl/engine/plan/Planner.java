package dev.pawl.engine.plan;

import dev.pawl.engine.sql.Checksum;
import dev.pawl.engine.sql.DatabaseKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes a plan of a source: which files are migrations, in which order, cut into which steps. */
public final class Planner {
  private final Classification classification;
  private final List<Problem> problems = new ArrayList<>();
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

  /** The source as its authors wrote it, whether or not it makes a plan. */
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

  private record Migration(SourceFile file, Layout.Migration layout)
      implements Comparable<Migration> {
    @Override
    public int compareTo(Migration other) {
      int byVersion = layout.version().compareTo(other.layout.version());
      int byOrder = byVersion != 0 ? byVersion : Long.compare(layout.order(), other.layout.order());
      return byOrder != 0 ? byOrder : file.path().compareTo(other.file.path());
    }
  }

  private void read(Collection<SourceFile> source) {
    var migrations = new ArrayList<Migration>(source.size());
    var verifies = new HashMap<String, SourceFile>();
    for (var file : source) {
      // Not a switch over types: its bootstrap is a tenth of what the command may take to start.
      var layout = Layout.of(file.path());
      if (layout instanceof Layout.Migration migration) {
        migrations.add(new Migration(file, migration));
      } else if (layout instanceof Layout.Verify verify) {
        var other = verifies.put(verify.stem(), file);
        if (other != null) {
          problem(file.path(), "is there twice: as " + other.path() + " too; remove one of them");
        }
      } else if (layout instanceof Layout.Misplaced misplaced) {
        problem(file.path(), misplaced.message());
      }
    }
    migrations.sort(Migration::compareTo);
    checkLayout(migrations);
    int ordinal = 1;
    Migration before = null;
    for (var migration : migrations) {
      var version = migration.layout().version();
      if (before == null || !before.layout().version().equals(version)) {
        ordinal = 1;
      }
      before = migration;
      var file =
          new FileSteps(classification, migration.file(), version, ordinal, checksum, problems);
      var found = file.read(verifyOf(migration, verifies));
      if (inspecting) {
        written.addAll(file.written());
      }
      steps.addAll(found);
      ordinal += found.size();
    }
    for (var orphan : verifies.values()) {
      problem(
          orphan.path(),
          "belongs to no migration: beside it should be "
              + orphan.path().replaceFirst("(?i)\\.verify\\.sql$", ".sql")
              + "; delete or rename it");
    }
  }

  /** Beside 0001_x.up.sql both 0001_x.up.verify.sql and 0001_x.verify.sql will do. */
  private static SourceFile verifyOf(Migration migration, Map<String, SourceFile> verifies) {
    var stem = migration.layout().stem();
    var verify = verifies.remove(stem);
    if (verify == null && stem.endsWith(".up")) {
      verify = verifies.remove(stem.substring(0, stem.length() - 3));
    }
    return verify;
  }

  private void checkLayout(List<Migration> migrations) {
    Migration flat = null;
    Migration nested = null;
    Migration before = null;
    for (var migration : migrations) {
      if (migration.layout().folder().isEmpty()) {
        flat = flat == null ? migration : flat;
      } else {
        nested = nested == null ? migration : nested;
      }
      if (before != null) {
        checkNeighbours(before, migration);
      }
      before = migration;
    }
    if (flat != null && nested != null) {
      problem(
          flat.file().path(),
          "is named for its version while "
              + nested.file().path()
              + " lies in a folder named for one: use one layout for all");
    }
  }

  private void checkNeighbours(Migration before, Migration migration) {
    if (!before.layout().version().equals(migration.layout().version())) {
      return;
    }
    var first = before.file().path();
    var second = migration.file().path();
    var folders = before.layout().folder();
    if (folders.isEmpty() && migration.layout().folder().isEmpty()
        || !folders.equals(migration.layout().folder())
            && folders.isPresent()
            && migration.layout().folder().isPresent()) {
      problem(
          second,
          "has the same version, "
              + migration.layout().version()
              + ", as "
              + first
              + ": give one of them another");
    } else if (before.layout().order() == migration.layout().order()) {
      problem(second, "has the same number as " + first + ": give one of them another");
    }
  }

  private void problem(String file, String message) {
    problems.add(new Problem(file, 0, 0, message));
  }
}
