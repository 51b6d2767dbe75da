package dev.pawl.operator;

import dev.pawl.crd.Database;
import dev.pawl.crd.SecretKey;
import dev.pawl.engine.execute.Phase;
import dev.pawl.engine.execute.StepState;
import dev.pawl.engine.plan.Version;
import dev.pawl.operator.status.Term;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Records with many components, of which a test means a few. */
public final class Samples {
  private Samples() {}

  /** A leader in a term, that nobody overtakes. */
  public static Term term(long term) {
    return new Term() {
      @Override
      public OptionalLong current() {
        return OptionalLong.of(term);
      }

      @Override
      public void overtaken(String what) {
        throw new IllegalStateException(what);
      }
    };
  }

  /** A database by its url alone. */
  public static Database database(String url) {
    return database(url, null, null);
  }

  /** A database by its url. */
  public static Database database(String url, SecretKey password, Database.Tls tls) {
    return new Database(url, null, null, null, null, null, password, null, null, null, tls);
  }

  /** A step of which only the phase is known. */
  public static StepState step(String version, int ordinal, Phase phase) {
    return step(version, ordinal, phase, Optional.empty());
  }

  /** A step with a message. */
  public static StepState step(String version, int ordinal, Phase phase, Optional<String> message) {
    return new StepState(
        new Version(version),
        ordinal,
        version + "_change.sql",
        phase,
        1,
        0,
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        message,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
