package dev.pawl.operator.gate;

import static java.util.stream.Collectors.joining;

import dev.pawl.crd.SchemaGate;
import dev.pawl.crd.SchemaGate.Opening;
import dev.pawl.engine.plan.Version;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a pod or pod template requires, and what of it a gate lets through: the same decision as the
 * admission policies make.
 *
 * @param versions as written, by migration
 */
record Requirements(SortedMap<String, String> versions) {
  private static final String PREFIX = "requires.pawl.dev/";

  static Requirements of(Map<String, String> annotations) {
    var versions = new TreeMap<String, String>();
    if (annotations != null) {
      annotations.forEach(
          (key, value) -> {
            if (key.startsWith(PREFIX)) {
              versions.put(key.substring(PREFIX.length()), value);
            }
          });
    }
    return new Requirements(versions);
  }

  /** Whether the gate lets everything through. */
  boolean open(Optional<SchemaGate> gate) {
    return versions.keySet().stream().allMatch(migration -> open(migration, gate));
  }

  /** Whether the gate lets through what is required of one migration; never what is malformed. */
  boolean open(String migration, Optional<SchemaGate> gate) {
    var required = Optional.ofNullable(versions.get(migration)).flatMap(Version::parse);
    if (required.isEmpty() || gate.isEmpty()) {
      return false;
    }
    var verified =
        opening(gate.get(), migration)
            .filter(o -> !Openings.pending(o).contains(required.get()))
            .flatMap(Openings::through);
    return reaches(verified, required.get())
        || reaches(breakGlass(gate.get(), migration), required.get());
  }

  private static boolean reaches(Optional<Version> version, Version required) {
    return version.filter(v -> v.compareTo(required) >= 0).isPresent();
  }

  static Optional<Opening> opening(SchemaGate gate, String migration) {
    return Optional.ofNullable(gate.getStatus())
        .map(SchemaGate.Status::migrations)
        .map(migrations -> migrations.get(migration));
  }

  static Optional<Version> breakGlass(SchemaGate gate, String migration) {
    return Optional.ofNullable(gate.getSpec())
        .map(SchemaGate.Spec::breakGlass)
        .map(glass -> glass.get(migration))
        .flatMap(Version::parse);
  }

  /** For a person: what is waited for, and how far it is. */
  String waitsFor(Optional<SchemaGate> gate) {
    return versions.entrySet().stream()
        .filter(e -> !open(e.getKey(), gate))
        .map(
            e ->
                Version.parse(e.getValue()).isEmpty()
                    ? "requires.pawl.dev/%s: \"%s\" is not a version: write one to four dotted numbers"
                        .formatted(e.getKey(), e.getValue())
                    : "SchemaMigration %s must be verified through version %s (%s)"
                        .formatted(
                            e.getKey(),
                            e.getValue(),
                            gate.flatMap(g -> opening(g, e.getKey()))
                                .map(Opening::through)
                                .map(through -> "it is through " + through)
                                .orElse("nothing is verified yet")))
        .collect(joining("; "));
  }
}
