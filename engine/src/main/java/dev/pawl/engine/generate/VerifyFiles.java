package dev.pawl.engine.generate;

import dev.pawl.engine.dialect.Dialect;
import dev.pawl.engine.plan.Planner;
import dev.pawl.engine.plan.Problem;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.plan.Step;
import dev.pawl.engine.plan.VerifyFile;
import dev.pawl.engine.plan.WrittenStep;
import dev.pawl.engine.sql.DatabaseKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The verify files of a source: those that should lie beside its migrations, and what is wrong with
 * those that do. A file that a person has written is left alone. One bad migration is told of and
 * does not keep the others from theirs.
 */
public final class VerifyFiles {
  private static final Pattern SQL = Pattern.compile("(?i)\\.sql$");
  private static final Pattern UP = Pattern.compile("(?i)\\.up$");
  private static final Pattern VERIFY = Pattern.compile("(?i)\\.verify\\.sql$");

  private final DatabaseKind kind;

  /** All files by path. */
  private final Map<String, SourceFile> source = new HashMap<>();

  /** The generated ones among the verify files, and the database each is for. */
  private final Map<String, DatabaseKind> generated = new TreeMap<>();

  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, SourceFile> wanted = new TreeMap<>();
  private final Set<String> needed = new HashSet<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> orphans = new ArrayList<>();

  /** What is wrong with a verify file. */
  public enum Kind {
    /** A migration needs one and has none. */
    MISSING,
    /** It is not what would be generated now. */
    STALE,
    /** It was generated, and no migration needs it any more. */
    ORPHANED,
    /** It, or the migration that it would be for, cannot be read. */
    UNREADABLE
  }

  /**
   * One thing wrong.
   *
   * @param line from 1; 0 where the file as a whole is meant
   * @param column from 1; 0 likewise
   * @param message a sentence that says what to do
   */
  public record Finding(Kind kind, String file, int line, int column, String message) {
    @Override
    public String toString() {
      return new Problem(file, line, column, message).toString();
    }
  }

  private VerifyFiles(DatabaseKind kind) {
    this.kind = kind;
  }

  /** Those of a source, for a database. */
  public static VerifyFiles of(Collection<SourceFile> source, DatabaseKind kind) {
    var files = new VerifyFiles(kind);
    files.read(source);
    return files;
  }

  /**
   * The databases that a source was generated for, or where it never was, those that the names of
   * its files speak of ({@code 7_x.cockroach.up.sql}); none where nothing tells.
   */
  public static Set<DatabaseKind> kinds(Collection<SourceFile> source) {
    var kinds = EnumSet.noneOf(DatabaseKind.class);
    for (var file : source) {
      if (VERIFY.matcher(file.path()).find()) {
        VerifyFile.generatedFor(file).ifPresent(kinds::add);
      }
    }
    if (kinds.isEmpty()) {
      for (var file : source) {
        if (file.path().contains(".cockroach.")) {
          kinds.add(DatabaseKind.COCKROACHDB);
        } else if (file.path().contains(".postgres.")) {
          kinds.add(DatabaseKind.POSTGRESQL);
        }
      }
    }
    return kinds;
  }

  /** The generated files that should be there, by path; those of a person are not among them. */
  public List<SourceFile> wanted() {
    return List.copyOf(wanted.values());
  }

  /** Of {@link #wanted} those that are not there with these bytes. */
  public List<SourceFile> toWrite() {
    return wanted.values().stream().filter(f -> !f.equals(source.get(f.path()))).toList();
  }

  /** The paths of generated files that nothing needs. */
  public List<String> orphans() {
    return List.copyOf(orphans);
  }

  /** Everything that is wrong, by file. */
  public List<Finding> findings() {
    return findings.stream()
        .sorted(
            Comparator.comparing(Finding::file)
                .thenComparingInt(Finding::line)
                .thenComparingInt(Finding::column))
        .toList();
  }

  private void read(Collection<SourceFile> all) {
    var inspected = new ArrayList<SourceFile>(all.size());
    for (var file : all) {
      source.put(file.path(), file);
      var made =
          VERIFY.matcher(file.path()).find()
              ? VerifyFile.generatedFor(file)
              : Optional.<DatabaseKind>empty();
      if (made.isPresent()) {
        generated.put(file.path(), made.get());
      } else {
        inspected.add(file);
      }
    }
    var inspection = Planner.inspect(inspected, kind);
    problems.addAll(inspection.problems());
    var unreadable = new HashSet<String>();
    for (var problem : problems) {
      if (problem.line() > 0) {
        unreadable.add(problem.file());
      }
      findings.add(
          new Finding(
              Kind.UNREADABLE,
              problem.file(),
              problem.line(),
              problem.column(),
              problem.message()));
    }
    var byFile = new LinkedHashMap<String, List<WrittenStep>>();
    for (var step : inspection.steps()) {
      var steps = byFile.computeIfAbsent(step.step().file(), _ -> new ArrayList<>(1));
      if (step.step().kind() == Step.Kind.AUTOCOMMIT) {
        steps.add(step);
      }
    }
    byFile.forEach(
        (migration, steps) -> {
          if (!unreadable.contains(migration)) {
            want(migration, steps);
          }
        });
    generated.keySet().forEach(path -> judge(path, byFile, unreadable));
  }

  private void want(String migration, List<WrittenStep> steps) {
    var places = places(migration);
    boolean handWritten =
        places.stream().anyMatch(p -> source.containsKey(p) && !generated.containsKey(p));
    if (steps.isEmpty() || handWritten) {
      return;
    }
    var path = places.stream().filter(generated::containsKey).findFirst().orElse(places.getFirst());
    var name = migration.substring(migration.lastIndexOf('/') + 1);
    String text;
    try {
      text = VerifyText.of(Dialect.of(kind), name, steps);
    } catch (IllegalArgumentException e) {
      // A text that no server accepts, such as NUL in a string.
      var step = steps.getFirst().step();
      needed.add(path);
      findings.add(
          new Finding(
              Kind.UNREADABLE,
              migration,
              step.line(),
              0,
              "nothing can be asked of what this makes (" + e.getMessage() + "): change it"));
      return;
    }
    needed.add(path);
    wanted.put(path, new SourceFile(path, text));
    if (!source.containsKey(path)) {
      var first = steps.getFirst().step();
      findings.add(
          new Finding(
              Kind.MISSING,
              migration,
              first.line(),
              0,
              first.describe() + " has no verify file: run `pawl generate`"));
    }
  }

  /** A generated file that is there: is it needed, and as it would be made now? */
  private void judge(String path, Map<String, List<WrittenStep>> byFile, Set<String> unreadable) {
    if (wanted.containsKey(path)) {
      var there = source.get(path).text();
      var should = wanted.get(path).text();
      if (!there.equals(should)) {
        findings.add(
            new Finding(
                Kind.STALE,
                path,
                generated.get(path) == kind ? firstDifference(there, should) : 0,
                0,
                generated.get(path) == kind
                    ? "is stale: its migration, or Pawl, has changed since it was made: run `pawl"
                        + " generate`"
                    : "was made for "
                        + VerifyFile.name(generated.get(path))
                        + ": run `pawl generate --dialect "
                        + VerifyFile.name(kind)
                        + "`"));
      }
      return;
    }
    var migrations = migrations(path);
    boolean undecided =
        needed.contains(path)
            || migrations.stream().anyMatch(unreadable::contains)
            // A variant for another database, of which nothing is read here.
            || migrations.stream().anyMatch(m -> source.containsKey(m) && !byFile.containsKey(m));
    if (undecided) {
      return;
    }
    orphans.add(path);
    findings.add(
        new Finding(
            Kind.ORPHANED,
            path,
            0,
            0,
            migrations.stream()
                .filter(source::containsKey)
                .findFirst()
                .map(m -> "nothing in " + m + " needs it: run `pawl generate`, which removes it")
                .orElse("belongs to no migration: run `pawl generate`, which removes it")));
  }

  /** Where a migration's verify file may lie, the usual place first. */
  private static List<String> places(String migration) {
    var stem = SQL.matcher(migration).replaceFirst("");
    var bare = UP.matcher(stem).replaceFirst("");
    return stem.equals(bare)
        ? List.of(stem + ".verify.sql")
        : List.of(stem + ".verify.sql", bare + ".verify.sql");
  }

  /** The migrations that a verify file may belong to. */
  private static List<String> migrations(String verify) {
    var stem = VERIFY.matcher(verify).replaceFirst("");
    return List.of(stem + ".sql", stem + ".up.sql");
  }

  private static int firstDifference(String there, String should) {
    var a = there.split("\n", -1);
    var b = should.split("\n", -1);
    int k = 0;
    while (k < a.length && k < b.length && a[k].equals(b[k])) {
      k++;
    }
    return Math.min(k + 1, Math.max(1, a.length));
  }
}
