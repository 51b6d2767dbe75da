package dev.pawl.e2e.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is gone when the tests are over, kept while they run: the command lines of all processes of
 * this machine, as {@code ps} shows them to anyone, and the logs of pods, which go with their pods.
 */
final class Traces implements AutoCloseable {
  private static final long PAUSE_MILLIS = 300;

  private final Path podLogs;
  private final Set<String> commandLines = ConcurrentHashMap.newKeySet();
  private final Map<Path, String> logs = new ConcurrentHashMap<>();
  private final Map<Path, Long> sizes = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  private Traces(Path podLogs) {
    this.podLogs = podLogs;
    thread = Thread.ofPlatform().daemon().name("traces").unstarted(this::watch);
  }

  /**
   * Watches from now on.
   *
   * @param logs the folder of the cluster's logs
   */
  static Traces watch(Path logs) {
    var traces = new Traces(logs.resolve("pods"));
    traces.thread.start();
    return traces;
  }

  private void watch() {
    while (!closed) {
      look();
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private synchronized void look() {
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (var process : processes) {
        commandLines.add(read(process.resolve("cmdline")).replace('\0', ' '));
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("the processes cannot be seen", e);
    }
    if (!Files.isDirectory(podLogs)) {
      return; // pods that only say that they run
    }
    try (var files = Files.walk(podLogs)) {
      for (var file : files.filter(f -> f.toString().endsWith(".log")).toList()) {
        long size = Files.size(file);
        if (!Long.valueOf(size).equals(sizes.put(file, size))) {
          logs.put(file, read(file));
        }
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      // A pod has gone while we looked; what was there before is kept.
    }
  }

  private static String read(Path file) throws IOException {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      if (file.startsWith("/proc")) {
        return ""; // its process has just ended
      }
      throw e;
    }
  }

  /** Searches all that was seen, and what is there now. */
  void search(Secrets secrets) {
    look();
    commandLines.forEach(
        line -> secrets.search("command line %08x".formatted(line.hashCode()), line));
    logs.forEach((file, text) -> secrets.search("log " + podLogs.relativize(file), text));
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
