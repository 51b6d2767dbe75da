package dev.pawl.engine.cockroach.world;

/** A release of CockroachDB whose behaviour the model can take on. */
public enum ModelVersion {
  V22_1(22, 1, "v22.1.22"),
  V23_2(23, 2, "v23.2.25"),
  V25_2(25, 2, "v25.2.1"),
  V26_1(26, 1, "v26.1.0");

  private final int major;
  private final int minor;
  private final String release;

  ModelVersion(int major, int minor, String release) {
    this.major = major;
    this.minor = minor;
    this.release = release;
  }

  /** Whether it is this release series or a later one. */
  public boolean since(int wantedMajor, int wantedMinor) {
    return major > wantedMajor || major == wantedMajor && minor >= wantedMinor;
  }

  /** What SELECT version() says. */
  public String banner() {
    return "CockroachDB CCL " + release + " (x86_64-pc-linux-gnu, model, go0)";
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
