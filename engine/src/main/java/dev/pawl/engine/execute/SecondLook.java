package dev.pawl.engine.execute;

import dev.pawl.engine.ledger.LedgerRow;
import dev.pawl.engine.plan.Step;
import dev.pawl.engine.verify.Facts;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks again, on another server or time line, at what the ledger calls verified. */
final class SecondLook {
  private final Worker worker;

  SecondLook(Worker worker) {
    this.worker = worker;
  }

  /**
   * What does not hold of the facts of verified steps. What a later step may have superseded that
   * was begun, finished or not, is not claimed.
   *
   * @param all the source's steps in order, those beyond the wanted version too
   * @param rows the ledger's, by the steps' ids
   */
  List<Verifier.Finding> at(List<Step> all, Map<String, LedgerRow> rows)
      throws SQLException, LeaseLostException, InterruptedException {
    var begun =
        all.stream()
            .filter(s -> rows.containsKey(s.id()) && phase(rows, s) != Phase.PENDING)
            .toList();
    var findings = new ArrayList<Verifier.Finding>();
    for (var fact : Facts.of(begun)) {
      var step = fact.step();
      if (phase(rows, step) == Phase.VERIFIED) {
        var session = worker.session(step.prologue());
        findings.addAll(
            Verifier.look(session, worker.dialect, fact, rows.get(step.id())).findings());
      }
    }
    return findings;
  }

  private static Phase phase(Map<String, LedgerRow> rows, Step step) {
    return Phase.of(rows.get(step.id()).phase());
  }
}
