package dev.pawl.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the project's scripts and the programs they have built. */
public final class Script {
  /** The checkout, found upwards from where the tests run. */
  public static final Path REPO = repo();

  private Script() {}

  /** Runs a command in the checkout and returns what it printed; its errors go to our own. */
  public static String run(Map<String, String> environment, String... command) {
    try {
      var builder =
          new ProcessBuilder(command)
              .directory(REPO.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().putAll(environment);
      var process = builder.start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes()).strip();
      if (!process.waitFor(30, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IllegalStateException(String.join(" ", command) + " failed: " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException("could not run " + command[0], e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + command[0], e);
    }
  }

  /** The same with the environment that there is. */
  public static String run(String... command) {
    return run(Map.of(), command);
  }

  /** A program that bin/setup has built. */
  public static String tool(String name) {
    return run("bash", "-c", ". e2e/cluster/lib.sh; tool " + name);
  }

  private static Path repo() {
    return Stream.iterate(Path.of("").toAbsolutePath(), p -> p != null, Path::getParent)
        .filter(p -> Files.isExecutable(p.resolve("e2e/cluster/node")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("run the tests inside the project's folder"));
  }
}
