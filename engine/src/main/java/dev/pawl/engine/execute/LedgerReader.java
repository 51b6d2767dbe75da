package dev.pawl.engine.execute;

import dev.pawl.engine.ledger.Ledger;
import dev.pawl.engine.plan.Version;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Reads what a ledger says, without taking its lease. */
public final class LedgerReader {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private LedgerReader() {}

  /**
   * The steps of every stream of a database, by version and ordinal.
   *
   * @return by the streams' names; empty where there is no ledger
   * @throws UnavailableException where the database cannot be reached or read
   */
  public static SequencedMap<String, List<StepState>> read(Target target)
      throws UnavailableException {
    var address = target.direct().orElse(target);
    try (var session = Connector.open(address, PATIENCE)) {
      var streams = new TreeMap<String, List<StepState>>();
      if (!Ledger.exists(session.connection, session.greeting.kind())) {
        return streams;
      }
      for (var stream : Ledger.streams(session.connection)) {
        streams.put(
            stream,
            Ledger.rows(session.connection, stream).stream()
                .map(row -> Tracker.state(row, new Version(row.version())))
                .sorted(
                    Comparator.comparing(StepState::version).thenComparingInt(StepState::ordinal))
                .toList());
      }
      return streams;
    } catch (SQLException e) {
      throw new UnavailableException(Connector.why(address, e));
    }
  }
}
