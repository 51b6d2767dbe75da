package dev.pawl.engine.fault.matrix;

import dev.pawl.engine.execute.MigrationRun;
import dev.pawl.engine.testing.Recorder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Pawl in a process of its own that stands still at a place until it is told to go on. */
final class Child implements AutoCloseable {
  private static final String REACHED = "REACHED";

  private final Process process;
  private final BufferedReader said;
  private final List<String> lines = new ArrayList<>();

  private Child(Process process) {
    this.process = process;
    this.said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Its own process. */
  public static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    int superusers = Integer.parseInt(args[1]);
    var database = args[2];
    boolean pooled = Boolean.parseBoolean(args[3]);
    var place =
        Place.all().stream().filter(p -> p.toString().equals(args[4])).findFirst().orElseThrow();
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Trap.lay(
        new Trap(
                place,
                () -> {
                  System.out.println(REACHED);
                  in.readLine();
                },
                () -> {
                  try (var connection =
                          java.sql.DriverManager.getConnection(
                              "jdbc:postgresql://127.0.0.1:" + superusers + "/" + database,
                              "postgres",
                              "");
                      var statement = connection.createStatement()) {
                    statement.execute(
                        "SELECT pg_terminate_backend(backend_pid, 5000) FROM pawl.heartbeat");
                  }
                })
            .holdingTheHeart());
    var result =
        MigrationRun.of(
                Lane.target(port, database),
                Scenario.source(place, pooled),
                Lane.options(),
                new Recorder())
            .run();
    System.out.println(result);
    Runtime.getRuntime().halt(0);
  }

  /** Starts one. */
  static Child start(Lane lane, Scenario scenario, Place place, boolean pooled) throws IOException {
    return new Child(
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx96m",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                Integer.toString(lane.port(pooled)),
                Integer.toString(lane.server().port()),
                scenario.database(),
                Boolean.toString(pooled),
                place.toString())
            .redirectErrorStream(true)
            .start());
  }

  /** Whether it came to the place before it ended. */
  boolean awaitPlace() throws IOException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.equals(REACHED)) {
        return true;
      }
      lines.add(line);
    }
    return false;
  }

  /** All that it has said. */
  List<String> lines() {
    return lines;
  }

  /** As the operating system does it: nothing in it runs any more. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Nothing in it runs until it is told to go on; then it goes on at the place. */
  void stop() throws IOException, InterruptedException {
    signal("STOP");
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /**
   * Lets it go on.
   *
   * @return whether it has come to its end
   */
  boolean goOn(long seconds) throws IOException, InterruptedException {
    signal("CONT");
    return process.waitFor(seconds, TimeUnit.SECONDS);
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() {
    try {
      kill();
      said.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
