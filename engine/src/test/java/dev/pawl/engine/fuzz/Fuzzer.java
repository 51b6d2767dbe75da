package dev.pawl.engine.fuzz;

import java.util.Locale;

/** What Jazzer runs: one entrance, named by the system property {@code pawl.fuzz.entrance}. */
public final class Fuzzer {
  private static final Entrance ENTRANCE =
      Entrance.valueOf(System.getProperty("pawl.fuzz.entrance").toUpperCase(Locale.ROOT));

  private Fuzzer() {}

  /** Called by Jazzer with input after input; whatever it throws is a finding. */
  public static void fuzzerTestOneInput(byte[] input) {
    ENTRANCE.read(input);
  }
}
