package dev.pawl.operator.reconcile;

import dev.pawl.crd.SchemaGate.Opening;
import dev.pawl.crd.SchemaMigration;
import dev.pawl.engine.plan.Version;
import dev.pawl.operator.gate.Gates;
import dev.pawl.operator.source.Address;
import dev.pawl.operator.source.InputException;
import dev.pawl.operator.source.MigrationFiles;
import dev.pawl.operator.source.Sources;
import dev.pawl.operator.status.Outlook;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Observes and validates: from a spec and what it points to, to what is to be done. */
@Singleton
class Wishes {
  private static final Comparator<SchemaMigration> OLDEST_FIRST =
      Comparator.comparing((SchemaMigration sm) -> sm.getMetadata().getCreationTimestamp())
          .thenComparing(Wishes::name);

  private final Sources sources;
  private final Gates gates;

  Wishes(Sources sources, Gates gates) {
    this.sources = sources;
    this.gates = gates;
  }

  /** The wish of one among all. */
  Wish of(SchemaMigration sm, Stream<SchemaMigration> all) {
    var version = Version.parse(sm.getSpec().version());
    if (version.isEmpty()) {
      return stalled(
          "InvalidVersion",
          "spec.version '%s' is not a version: write one to four dotted numbers, such as 7"
              .formatted(sm.getSpec().version()));
    }
    if (sm.getSpec().suspended() && !sm.getSpec().cancelled()) {
      return new Wish.Halt(version.get(), false);
    }
    try {
      var rival = rival(sm, all); // before a cancel, which would be that of the rival's work
      if (rival.isPresent()) {
        return stalled("DuplicateStream", duplicate(sm, rival.get()));
      }
      return sm.getSpec().cancelled() ? new Wish.Halt(version.get(), true) : run(sm, version.get());
    } catch (InputException e) {
      return e.lasting()
          ? stalled(e.why().reason(), e.why().message())
          : new Wish.Rest(new Outlook.Retrying(e.why().reason(), e.why().message()));
    }
  }

  private Wish run(SchemaMigration sm, Version version) {
    var meta = sm.getMetadata();
    var spec = sm.getSpec();
    MigrationFiles files = sources.read(meta.getNamespace(), spec.source(), version);
    if (!files.has(version)) {
      return new Wish.Rest(
          new Outlook.Retrying(
              "WaitingForSource",
              "version %s is not yet in the source: add its migration to spec.source, or correct spec.version"
                  .formatted(version)));
    }
    return new Wish.Run(
        new Assignment(
            meta.getNamespace(),
            meta.getName(),
            sm.stream(),
            version,
            spec.database(),
            spec.policy(),
            files));
  }

  /**
   * How it stands with what a person has halted.
   *
   * @param done whether nothing is at work any more
   * @param said what has been done, or is at work
   */
  Outlook halted(SchemaMigration sm, Wish.Halt halt, boolean done, String said) {
    var opening = gates.opening(sm.getMetadata().getNamespace(), sm.getMetadata().getName());
    boolean verified =
        opening
            .map(Opening::through)
            .flatMap(Version::parse)
            .filter(through -> through.compareTo(halt.version()) >= 0)
            .isPresent();
    boolean complete = opening.map(Opening::pending).filter(p -> !p.isEmpty()).isEmpty();
    var field = halt.cancel() ? "spec.cancel" : "spec.suspend";
    var what = (halt.cancel() ? "cancelled by " : "suspended by ") + field;
    if (verified && complete) {
      return new Outlook.Suspended(
          true, what + "; everything through version " + halt.version() + " was verified before");
    }
    if (!done) {
      return new Outlook.Suspending(what + ": " + said);
    }
    return new Outlook.Suspended(
        false,
        what
            + (said.isEmpty() ? "" : ": " + said)
            + "; set it to false to go on to version "
            + halt.version());
  }

  /** An older one with the same history in the same database: two would undo each other. */
  private static Optional<SchemaMigration> rival(SchemaMigration sm, Stream<SchemaMigration> all) {
    var key = key(sm);
    return all.filter(other -> !name(other).equals(name(sm)))
        .filter(other -> OLDEST_FIRST.compare(other, sm) < 0)
        .filter(other -> isSame(key, other))
        .min(OLDEST_FIRST);
  }

  private static boolean isSame(String key, SchemaMigration other) {
    try {
      return key(other).equals(key);
    } catch (InputException e) { // an unreadable url is no rival
      return false;
    }
  }

  private static String key(SchemaMigration sm) {
    return Address.of(sm.getSpec().database()).key(sm.getMetadata().getNamespace())
        + "#"
        + sm.stream();
  }

  private static String duplicate(SchemaMigration sm, SchemaMigration older) {
    return ("%s and %s have the stream %s in the same database, and only the older, %s, is run:"
            + " give this one another spec.stream, or delete one of them (neither touches the"
            + " data)")
        .formatted(name(sm), name(older), sm.stream(), name(older));
  }

  private static String name(SchemaMigration sm) {
    return sm.getMetadata().getNamespace() + "/" + sm.getMetadata().getName();
  }

  private static Wish stalled(String reason, String message) {
    return new Wish.Rest(new Outlook.Stalled(reason, message));
  }
}
