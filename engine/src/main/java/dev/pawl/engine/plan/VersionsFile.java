package dev.pawl.engine.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The versions.txt of a source, which says which versions folders are whose names are no numbers:
 * {@code 12.0.0 add-index}, one a line; from {@code #} on a line is a comment.
 */
public final class VersionsFile {
  /** Where there is none. */
  static final VersionsFile NONE = new VersionsFile(Optional.empty(), Map.of(), true);

  /**
   * What a line says.
   *
   * @param line from 1
   */
  record Entry(Version version, int line) {}

  private final Optional<SourceFile> file;
  private final Map<String, Entry> folders;
  private final boolean readable;

  private VersionsFile(Optional<SourceFile> file, Map<String, Entry> folders, boolean readable) {
    this.file = file;
    this.folders = folders;
    this.readable = readable;
  }

  /** That of a source, as far as it can be read. */
  public static VersionsFile of(Collection<SourceFile> source) {
    for (var file : source) {
      if (is(file)) {
        return read(file, new ArrayList<>());
      }
    }
    return NONE;
  }

  /** Whether a file is this one, by its name. */
  public static boolean is(SourceFile file) {
    return file.path().equals(Layout.VERSIONS);
  }

  static VersionsFile read(SourceFile file, List<Problem> problems) {
    var folders = new LinkedHashMap<String, Entry>();
    var names = new HashMap<Version, String>();
    int before = problems.size();
    var lines = file.text().split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      var line = content(lines[i]);
      if (line.isEmpty()) {
        continue;
      }
      int space = 0;
      while (space < line.length() && !Character.isWhitespace(line.charAt(space))) {
        space++;
      }
      var version = Version.parse(line.substring(0, space));
      var name = line.substring(space).strip();
      var wrong = wrong(version, name, folders, names);
      if (wrong.isPresent()) {
        problems.add(new Problem(file.path(), i + 1, 0, wrong.get()));
      } else {
        folders.put(name, new Entry(version.get(), i + 1));
        names.put(version.get(), name);
      }
    }
    return new VersionsFile(Optional.of(file), folders, problems.size() == before);
  }

  private static String content(String line) {
    int comment = line.indexOf('#');
    var text = comment < 0 ? line : line.substring(0, comment);
    return (text.startsWith("\uFEFF") ? text.substring(1) : text).strip();
  }

  private static Optional<String> wrong(
      Optional<Version> version,
      String name,
      Map<String, Entry> folders,
      Map<Version, String> names) {
    if (version.isEmpty() || name.isEmpty()) {
      return Optional.of(
          "a line holds a version and the name of a folder, like '12.0.0 add-index': mend it, or"
              + " begin it with #");
    }
    var own = Version.parse(name);
    if (own.isPresent() && !own.equals(version)) {
      return Optional.of(
          "the folder " + name + " is that version by its name: remove this line, or rename it");
    }
    if (folders.containsKey(name)) {
      return Optional.of(
          "the folder " + name + " is in line " + folders.get(name).line() + " too: remove one");
    }
    if (names.containsKey(version.get())) {
      return Optional.of(
          "version "
              + version.get()
              + " is that of the folder "
              + names.get(version.get())
              + ": give one of them another");
    }
    return Optional.empty();
  }

  /** The version that a folder is said to be. */
  Optional<Version> version(String folder) {
    return Optional.ofNullable(folders.get(folder)).map(Entry::version);
  }

  Map<String, Entry> folders() {
    return folders;
  }

  /** The version of a file: as its path says, or this of its folder; empty where nothing tells. */
  public Optional<Version> version(SourceFile of) {
    int slash = of.path().indexOf('/');
    return slash < 0 ? of.version() : version(of.path().substring(0, slash)).or(of::version);
  }

  /**
   * Itself with the lines of the versions up to one, for a source without the others; as it is
   * where a line is wrong, which the plan will complain of; empty where there is none.
   */
  public Optional<SourceFile> through(Version last) {
    if (!readable) {
      return file;
    }
    var text = new StringBuilder();
    folders.forEach(
        (folder, entry) -> {
          if (entry.version().compareTo(last) <= 0) {
            text.append(entry.version()).append(' ').append(folder).append('\n');
          }
        });
    return file.map(f -> new SourceFile(f.path(), text.toString()));
  }
}
