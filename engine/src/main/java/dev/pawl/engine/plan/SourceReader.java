package dev.pawl.engine.plan;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the files of a source from a folder. */
public final class SourceReader {
  private final Path root;
  private final List<SourceFile> files = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  private SourceReader(Path root) {
    this.root = root;
  }

  /**
   * The .sql files of a folder and of the folders in it, and its versions.txt, sorted by path;
   * hidden ones are left out, among them the ..data of a mounted ConfigMap.
   *
   * @throws InvalidSourceException where one cannot be read or is not UTF-8
   */
  public static List<SourceFile> read(Path root) throws InvalidSourceException {
    var reader = new SourceReader(root);
    reader.folder(root, "", 0);
    if (!reader.problems.isEmpty()) {
      throw new InvalidSourceException(reader.problems);
    }
    reader.files.sort((a, b) -> a.path().compareTo(b.path()));
    return List.copyOf(reader.files);
  }

  private void folder(Path folder, String prefix, int depth) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (var entry : entries) {
        var name = entry.getFileName().toString();
        if (name.startsWith(".")) {
          continue;
        }
        var path = prefix + name;
        if (isSql(name) || path.equals(Layout.VERSIONS)) {
          file(entry, path);
        } else if (depth < 2 && Files.isDirectory(entry)) {
          folder(entry, path + "/", depth + 1);
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      problems.add(new Problem(folder.toString(), 0, 0, unreadable(e)));
    }
  }

  private static boolean isSql(String name) {
    return name.regionMatches(true, name.length() - 4, ".sql", 0, 4);
  }

  private void file(Path entry, String path) {
    if (!entry.toFile().isFile() && entry.toFile().exists()) {
      // A pipe or a device would be read for ever.
      problems.add(
          new Problem(
              path,
              0,
              0,
              Files.isDirectory(entry)
                  ? "is a folder with the name of a file: rename it"
                  : "is no file: remove it"));
      return;
    }
    byte[] bytes;
    // A plain stream: at start, half of the time that Files.readAllBytes takes for many files.
    try (var in = new FileInputStream(entry.toFile())) {
      bytes = in.readAllBytes();
    } catch (IOException e) {
      problems.add(new Problem(path, 0, 0, unreadable(e)));
      return;
    }
    var text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      int offset = malformedAt(bytes);
      if (offset >= 0) {
        problems.add(
            new Problem(
                path,
                lineOf(bytes, offset),
                0,
                "byte 0x%02X at offset %d is not UTF-8: save the file as UTF-8"
                    .formatted(bytes[offset], offset)));
        return;
      }
    }
    files.add(new SourceFile(path, text));
  }

  /** The first byte that is no UTF-8, or -1. */
  private static int malformedAt(byte[] bytes) {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    var in = ByteBuffer.wrap(bytes);
    var out = CharBuffer.allocate(8192);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (result.isError()) {
        return in.position();
      }
      if (result.isUnderflow()) {
        return -1;
      }
      out.clear();
    }
  }

  private static int lineOf(byte[] bytes, int offset) {
    int line = 1;
    for (int i = 0; i < offset; i++) {
      if (bytes[i] == '\n') {
        line++;
      }
    }
    return line;
  }

  private static String unreadable(Exception e) {
    return switch (e) {
      case NoSuchFileException missing -> "does not exist: name the folder of the migrations";
      case FileNotFoundException dangling -> "cannot be read: a link to nothing, or no permission";
      case NotDirectoryException notOne -> "is not a folder: name the folder of the migrations";
      default -> "cannot be read (" + e.getMessage() + "): check its permissions";
    };
  }
}
