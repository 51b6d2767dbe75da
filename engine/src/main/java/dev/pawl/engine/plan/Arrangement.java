package dev.pawl.engine.plan;

import dev.pawl.engine.sql.DatabaseKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which files of a source are migrations, of which versions, in which order. */
final class Arrangement {
  /**
   * A file with its place.
   *
   * @param mayBeEmpty it is one of several variants: nothing is to be done on its database
   */
  record Placed(SourceFile file, Layout.Migration layout, Version version, boolean mayBeEmpty)
      implements Comparable<Placed> {
    @Override
    public int compareTo(Placed other) {
      int byVersion = version.compareTo(other.version);
      int byOrder = byVersion != 0 ? byVersion : Long.compare(layout.order(), other.layout.order());
      return byOrder != 0 ? byOrder : file.path().compareTo(other.file.path());
    }
  }

  /** A file whose version is not known yet. */
  private record Found(SourceFile file, Layout.Migration layout, boolean oneOfSeveral) {}

  private final Layout.Variant kind;
  private final boolean versionsMadeUp;
  private final List<Problem> problems;
  private final List<Found> found = new ArrayList<>();
  private final List<Problem> loose = new ArrayList<>(0);
  private final Map<String, SourceFile> verifies = new HashMap<>();
  private final Set<String> passedOver = new HashSet<>();
  private final List<Placed> placed = new ArrayList<>();
  private VersionsFile versions = VersionsFile.NONE;

  /**
   * An arrangement of a source.
   *
   * @param versionsMadeUp whether folders that have no version are given one, after all others and
   *     in the order of their names: for whoever only reads the source
   */
  Arrangement(
      Collection<SourceFile> source,
      DatabaseKind kind,
      boolean versionsMadeUp,
      List<Problem> problems) {
    this.kind = Layout.Variant.of(kind);
    this.versionsMadeUp = versionsMadeUp;
    this.problems = problems;
    for (var file : source) {
      sort(file);
    }
    chooseVariants();
    checkForms();
    place();
    placed.sort(Placed::compareTo);
    checkNeighbours();
  }

  /** In the order in which they are applied. */
  List<Placed> migrations() {
    return placed;
  }

  private void sort(SourceFile file) {
    // Not a switch over types: its bootstrap is a tenth of what the command may take to start.
    var layout = Layout.of(file.path());
    if (layout instanceof Layout.Migration migration) {
      found.add(new Found(file, migration, false));
    } else if (layout instanceof Layout.Verify verify) {
      var other = verifies.put(verify.stem(), file);
      if (other != null) {
        problem(file.path(), "is there twice: as " + other.path() + " too; remove one of them");
      }
    } else if (layout instanceof Layout.Misplaced misplaced) {
      problem(file.path(), misplaced.message());
    } else if (layout instanceof Layout.Loose beside) {
      loose.add(new Problem(file.path(), 0, 0, beside.message()));
    } else if (layout instanceof Layout.Versions) {
      versions = VersionsFile.read(file, problems);
    }
  }

  /** Of each migration the file for this database; else the one for all. */
  private void chooseVariants() {
    Map<String, Found> chosen = new HashMap<>();
    var withVariants = new HashSet<String>();
    for (var file : found) {
      var variant = file.layout().variant();
      if (variant.isPresent()) {
        withVariants.add(file.layout().base());
      }
      if (variant.isPresent() && variant.get() == kind) {
        var other = chosen.put(file.layout().base(), file);
        if (other != null) {
          problem(
              file.file().path(),
              "is for the same database as " + other.file().path() + ": remove one of them");
        }
      }
    }
    if (withVariants.isEmpty()) {
      return;
    }
    var left = new ArrayList<Found>(found.size());
    for (var file : found) {
      var variant = file.layout().variant();
      boolean stays =
          variant.isEmpty()
              ? !chosen.containsKey(file.layout().base())
              : chosen.get(file.layout().base()) == file;
      if (stays) {
        boolean oneOfSeveral = withVariants.contains(file.layout().base());
        left.add(new Found(file.file(), file.layout(), oneOfSeveral));
      } else {
        passedOver.add(file.layout().stem());
      }
    }
    found.clear();
    found.addAll(left);
  }

  private void checkForms() {
    Found first = null;
    for (var file : found) {
      if (first == null) {
        first = file;
      } else if (file.layout().form() != first.layout().form()) {
        problem(
            file.file().path(),
            "is named like "
                + file.layout().form().shown
                + " while "
                + first.file().path()
                + " is named like "
                + first.layout().form().shown
                + ": use one layout for all");
        break;
      }
    }
    boolean folders = first != null && first.layout().form() == Layout.Form.FOLDERS;
    if (!folders) {
      problems.addAll(loose);
    }
  }

  private void place() {
    var madeUp = new ArrayList<Found>(0);
    var told = new HashSet<String>();
    var seen = new HashSet<String>();
    Version last = new Version("0");
    for (var file : found) {
      var folder = file.layout().folder();
      var version = file.layout().version();
      if (folder.isPresent()) {
        seen.add(folder.get());
        version = versions.version(folder.get()).or(file.layout()::version);
      }
      if (version.isPresent()) {
        placed.add(new Placed(file.file(), file.layout(), version.get(), file.oneOfSeveral()));
        last = version.get().compareTo(last) > 0 ? version.get() : last;
        continue;
      }
      if (versionsMadeUp) {
        madeUp.add(file);
      }
      boolean needed = !versionsMadeUp || versions != VersionsFile.NONE;
      if (needed && told.add(folder.orElseThrow())) {
        problem(
            file.file().path(),
            "the name of its folder is no version: say in "
                + Layout.VERSIONS
                + " at the root of the source which one it is, in a line like '12.0.0 "
                + folder.get()
                + "'");
      }
    }
    for (var entry : versions.folders().entrySet()) {
      if (!seen.contains(entry.getKey())) {
        problems.add(
            new Problem(
                Layout.VERSIONS,
                entry.getValue().line(),
                0,
                "there is no folder " + entry.getKey() + " with an up.sql: remove this line"));
      }
    }
    makeUp(madeUp, last);
  }

  private void makeUp(List<Found> files, Version last) {
    if (files.isEmpty()) {
      return;
    }
    var folders = new TreeSet<String>();
    for (var file : files) {
      folders.add(file.layout().folder().orElseThrow());
    }
    int dot = last.text().indexOf('.');
    long number = Long.parseLong(dot < 0 ? last.text() : last.text().substring(0, dot));
    var numbers = new HashMap<String, Version>();
    for (var folder : folders) {
      number = Math.min(number, 999_999_999_999_999_998L) + 1;
      numbers.put(folder, new Version(Long.toString(number)));
    }
    for (var file : files) {
      placed.add(
          new Placed(
              file.file(),
              file.layout(),
              numbers.get(file.layout().folder().orElseThrow()),
              false));
    }
  }

  private void checkNeighbours() {
    Placed before = null;
    for (var migration : placed) {
      if (before != null && before.version().equals(migration.version())) {
        var first = before.file().path();
        boolean sameFolder =
            before.layout().folder().isPresent()
                && before.layout().folder().equals(migration.layout().folder());
        if (!sameFolder) {
          problem(
              migration.file().path(),
              "has the same version, "
                  + migration.version()
                  + ", as "
                  + first
                  + ": give one of them another");
        } else if (before.layout().order() == migration.layout().order()) {
          problem(
              migration.file().path(),
              "has the same number as " + first + ": give one of them another");
        }
      }
      before = migration;
    }
  }

  /**
   * The verify file beside a migration, or null. Beside 0001_x.up.sql both 0001_x.up.verify.sql and
   * 0001_x.verify.sql will do.
   */
  SourceFile verifyOf(Placed migration) {
    var stem = migration.layout().stem();
    var verify = verifies.remove(stem);
    if (verify == null && stem.endsWith(".up")) {
      verify = verifies.remove(stem.substring(0, stem.length() - 3));
    }
    return verify;
  }

  /** Once all have been asked for: those that belong to nothing. */
  void checkOrphans() {
    for (var orphan : verifies.entrySet()) {
      var stem = orphan.getKey();
      if (!passedOver.contains(stem) && !passedOver.contains(stem + ".up")) {
        var path = orphan.getValue().path();
        problem(
            path,
            "belongs to no migration: beside it should be "
                + path.substring(0, path.length() - ".verify.sql".length())
                + ".sql; delete or rename it");
      }
    }
  }

  private void problem(String file, String message) {
    problems.add(new Problem(file, 0, 0, message));
  }
}
