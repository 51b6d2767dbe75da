package dev.pawl.engine.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * The steps of a source, sorted by version and ordinal.
 *
 * @param steps all of them, whatever has been applied
 */
public record Plan(List<Step> steps) {
  public Plan {
    var sorted = new ArrayList<>(steps);
    sorted.sort(Plan::compare);
    steps = List.copyOf(sorted);
  }

  private static int compare(Step a, Step b) {
    int byVersion = a.version().compareTo(b.version());
    return byVersion != 0 ? byVersion : Integer.compare(a.ordinal(), b.ordinal());
  }

  /** The part up to and including a version. */
  public Plan through(Version version) {
    return new Plan(steps.stream().filter(s -> s.version().compareTo(version) <= 0).toList());
  }

  /** One hash over all steps, to be compared with the ledger's: see {@link Digest}. */
  public String digest() {
    return Digest.of(
        steps.stream().map(s -> new Digest.Entry(s.version(), s.ordinal(), s.checksum())));
  }

  /** The versions in order, each once. */
  public SequencedSet<Version> versions() {
    var versions = new LinkedHashSet<Version>();
    steps.forEach(s -> versions.add(s.version()));
    return versions;
  }
}
