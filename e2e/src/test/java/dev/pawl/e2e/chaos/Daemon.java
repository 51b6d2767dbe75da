package dev.pawl.e2e.chaos;

import dev.pawl.e2e.harness.Await;
import dev.pawl.e2e.harness.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A process that the scripts of e2e/cluster have started, by its name in their folder. */
record Daemon(Path folder, String name) {
  /** Sends a signal by its name, such as STOP. */
  void signal(String signal) {
    Script.run("kill", "-" + signal, Long.toString(pid()));
  }

  /** Sends a signal and waits until the process has ended by it. */
  void end(String signal) {
    long pid = pid();
    Script.run("kill", "-" + signal, Long.toString(pid));
    Await.until(
        name + " to have ended",
        Duration.ofSeconds(120),
        () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty(),
        () -> "process " + pid);
  }

  private long pid() {
    try {
      var words = Files.readString(folder.resolve("pids").resolve(name)).strip().split(" ");
      return Long.parseLong(words[0]);
    } catch (IOException e) {
      throw new UncheckedIOException("the process of " + name + " is not known", e);
    }
  }
}
