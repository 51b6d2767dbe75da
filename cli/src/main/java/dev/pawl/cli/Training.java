package dev.pawl.cli;

/**
 * Runs each of the commands whose start should be quick, once: {@code bin/pawl} builds its cache of
 * loaded classes of it. Applying gets as far as a server that is not there.
 */
final class Training {
  private Training() {}

  public static void main(String[] args) {
    var directory = args[0];
    var pawl = Pawl.commandLine();
    pawl.execute("generate", directory);
    pawl.execute("generate", "--check", directory);
    pawl.execute("check", directory);
    pawl.execute("plan", directory);
    pawl.execute("apply", directory, "--url", "postgres://nobody@127.0.0.1:1/nothing");
  }
}
