package dev.pawl.engine.execute;

import dev.pawl.engine.dialect.Dialect;
import dev.pawl.engine.ledger.Ledger;
import dev.pawl.engine.ledger.LedgerRow;
import dev.pawl.engine.plan.InvalidSourceException;
import dev.pawl.engine.plan.Planner;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.plan.Step;
import dev.pawl.engine.verify.Facts;
import dev.pawl.engine.verify.Observation;
import dev.pawl.engine.verify.VerifyQuery;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks whether a database has what its applied migrations say it has; changes nothing. */
public final class Verifier {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Verifier() {}

  /**
   * What was found.
   *
   * @param steps how many steps the ledger calls verified
   * @param checked how many facts of theirs were looked at
   */
  public record Report(int steps, int checked, List<Finding> findings) {}

  /**
   * One fact that does not hold.
   *
   * @param passing whether somebody is at work on it now
   */
  public record Finding(String step, String file, int line, String message, boolean passing) {}

  /**
   * What a look at one fact has found.
   *
   * @param checked whether there was anything to be seen
   */
  record Look(boolean checked, List<Finding> findings) {}

  /**
   * Checks the facts, which no later step supersedes, of the steps that the ledger calls verified.
   *
   * @throws InvalidSourceException for a source that makes no plan
   * @throws UnavailableException where the database cannot be reached or read
   */
  public static Report verify(Target target, Collection<SourceFile> source, String stream)
      throws InvalidSourceException, UnavailableException {
    var address = target.direct().orElse(target);
    try (var session = Connector.open(address, PATIENCE)) {
      var kind = session.greeting.kind();
      var plan = Planner.plan(source, kind);
      var verified = new HashMap<String, LedgerRow>();
      if (Ledger.exists(session.connection, kind)) {
        for (var row : Ledger.rows(session.connection, stream)) {
          if (Phase.of(row.phase()) == Phase.VERIFIED) {
            verified.put(Comparison.id(row), row);
          }
        }
      }
      var steps = plan.steps().stream().filter(s -> verified.containsKey(s.id())).toList();
      return check(session, address, Dialect.of(kind), steps, verified);
    } catch (SQLException e) {
      throw new UnavailableException(Connector.why(address, e));
    }
  }

  private static Report check(
      Session first, Target target, Dialect dialect, List<Step> steps, Map<String, LedgerRow> rows)
      throws SQLException {
    var findings = new ArrayList<Finding>();
    int checked = 0;
    var session = first;
    try {
      for (var fact : Facts.of(steps)) {
        var step = fact.step();
        if (!session.prologue().equals(step.prologue())) {
          if (session != first) {
            session.close();
          }
          session = Connector.open(target, PATIENCE);
          session.setPrologue(step.prologue());
        }
        var look = look(session, dialect, fact, rows.get(step.id()));
        checked += look.checked() ? 1 : 0;
        findings.addAll(look.findings());
      }
    } finally {
      if (session != first) {
        session.close();
      }
    }
    return new Report(steps.size(), checked, List.copyOf(findings));
  }

  /**
   * Looks at one fact.
   *
   * @param session with the settings of the fact's step
   * @param row of the fact's step
   */
  static Look look(Session session, Dialect dialect, Facts.Fact fact, LedgerRow row)
      throws SQLException {
    var step = fact.step();
    var observed = dialect.observeVerified(session.connection, fact.change(), row.before());
    if (observed instanceof Observation.Unobservable) {
      return new Look(false, List.of());
    }
    var findings = new ArrayList<Finding>();
    boolean passing = observed instanceof Observation.Building;
    complaint(fact, observed).ifPresent(text -> findings.add(finding(step, text, passing)));
    if (step.verifySql().isPresent()) {
      var answer = VerifyQuery.ask(session.connection, step.verifySql().get());
      if (!answer.verified()) {
        findings.add(finding(step, answer.message(), passing));
      }
    }
    return new Look(true, findings);
  }

  private static Finding finding(Step step, String message, boolean passing) {
    return new Finding(step.id(), step.file(), step.line(), message, passing);
  }

  private static Optional<String> complaint(Facts.Fact fact, Observation observed) {
    return switch (observed) {
      case Observation.Valid _, Observation.Unobservable _ -> Optional.empty();
      case Observation.Absent _ ->
          Optional.of("not so in the database: " + fact.change().describe());
      case Observation.Building building -> Optional.of("not finished: " + building.detail());
      case Observation.Invalid invalid -> Optional.of(invalid.reason());
      case Observation.Different different -> Optional.of(different.found());
    };
  }
}
