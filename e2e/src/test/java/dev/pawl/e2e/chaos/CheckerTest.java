package dev.pawl.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The checks of the soak can fail: what must not happen is made up here, and found. */
class CheckerTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final String ID = "shop/orders";

  private final List<History.Version> history =
      List.of(
          new History.Version(
              1, List.of(new History.Step("1#1", "CREATE TABLE a ();", new History.Proof.Row()))),
          new History.Version(
              2,
              List.of(
                  new History.Step("2#1", "CREATE INDEX …", new History.Proof.Valid("a_idx")),
                  new History.Step("2#2", "DROP INDEX …", new History.Proof.Gone("b_idx")))));
  private final Track track = new Track();
  private final AuditLog audit = new AuditLog();

  @BeforeEach
  void allIsDoneAtNoon() {
    track.shown("1#1", NOON.minusSeconds(60));
    track.verified("1#1", NOON.minusSeconds(60));
    track.shown("2#1", NOON.minusSeconds(2));
    track.verified("2#1", NOON.minusSeconds(1));
    track.undone("2#2", NOON.minusSeconds(1));
    track.verified("2#2", NOON);
  }

  private List<String> early() {
    return Checker.early(audit.openings(), Map.of(ID, history), Map.of(ID, track));
  }

  /** An event as the API server writes it. */
  private static String event(
      String resource, String subresource, String user, Instant at, String object) {
    return """
    {"auditID":"a1","user":{"username":"%s"},"objectRef":{"resource":"%s","namespace":"shop",\
    "name":"x"%s},"responseStatus":{"code":200},"requestReceivedTimestamp":"%s",\
    "stageTimestamp":"%s","responseObject":%s}\
    """
        .formatted(
            user,
            resource,
            subresource.isEmpty() ? "" : ",\"subresource\":\"" + subresource + "\"",
            at,
            at.plusMillis(5),
            object);
  }

  private static String pod(int version, boolean gate) {
    return pod("u1", version, gate);
  }

  private static String pod(String uid, int version, boolean gate) {
    return """
    {"kind":"Pod","metadata":{"name":"x","uid":"%s","annotations":{"requires.pawl.dev/orders":"%d"}},\
    "spec":{"schedulingGates":[%s]}}\
    """
        .formatted(uid, version, gate ? "{\"name\":\"pawl.dev/orders\"}" : "");
  }

  private static String gateThrough(int version, long term, long order) {
    return """
    {"metadata":{"name":"gate","resourceVersion":"%d"},"status":{"term":%d,"migrations":\
    {"orders":{"through":"%d"}}}}\
    """
        .formatted(order, term, version);
  }

  @Test
  void nothingIsFoundWhereAllIsWell() {
    audit.line(event("pods", "", "replicaset", NOON.minusSeconds(30), pod(2, true)));
    audit.line(event("schemagates", "status", "pawl", NOON, gateThrough(2, 1, 5)));
    audit.line(event("pods", "", "pawl", NOON.plusMillis(40), pod(2, false)));
    audit.line(event("pods", "binding", "scheduler", NOON.plusMillis(60), "{}"));
    assertThat(audit.openings()).hasSize(3);
    assertThat(early()).isEmpty();
    assertThat(audit.longestHeld().toMillis()).isEqualTo(30_045);
  }

  @Test
  void podThatTakesTheNameOfAnotherIsAnother() {
    audit.line(event("pods", "", "statefulset", NOON.plusSeconds(1), pod("u1", 2, true)));
    audit.line(event("pods", "", "statefulset", NOON.plusSeconds(60), pod("u2", 2, true)));
    audit.line(event("pods", "", "pawl", NOON.plusSeconds(61), pod("u2", 2, false)));
    assertThat(audit.podsHeld()).isEqualTo(2);
    assertThat(audit.longestHeld().toMillis()).isEqualTo(1_005);
    assertThat(early()).isEmpty();
  }

  @Test
  void podLetThroughBeforeTheLedgerSaidVerifiedIsFound() {
    audit.line(
        event(
            "pods",
            "",
            "system:serviceaccount:pawl-system:pawl",
            NOON.minusMillis(1),
            pod(2, false)));
    assertThat(early()).singleElement().asString().contains("step 2#2 was Verified in the ledger");
  }

  @Test
  void podThatIsGivenANodeWhileItIsHeldIsFound() {
    audit.line(event("pods", "", "replicaset", NOON.minusSeconds(30), pod(2, true)));
    audit.line(event("pods", "binding", "scheduler", NOON.minusSeconds(20), "{}"));
    assertThat(early()).singleElement().asString().contains("pod shop/x (u1) has a node");
  }

  @Test
  void rolloutThatIsNotHeldIsFound() {
    var deployment =
        """
        {"metadata":{"name":"x"},"spec":{"template":{"metadata":{"annotations":\
        {"requires.pawl.dev/orders":"2"}}}}}\
        """;
    audit.line(event("deployments", "", "me", NOON.minusSeconds(30), deployment));
    assertThat(early()).singleElement().asString().contains("deployments shop/x is not held");
  }

  @Test
  void gateThatIsOpenedBeforeTheWorkIsThereIsFoundThoughTheLedgerSaysVerified() {
    var lying = new Track();
    lying.shown("1#1", NOON);
    lying.verified("1#1", NOON.minusSeconds(60));
    audit.line(event("schemagates", "status", "pawl", NOON.minusSeconds(5), gateThrough(1, 1, 5)));
    assertThat(Checker.early(audit.openings(), Map.of(ID, history), Map.of(ID, lying)))
        .singleElement()
        .asString()
        .contains("the work of step 1#1 was committed at " + NOON);
  }

  @Test
  void gateThatIsOpenWhileAnIndexToBeDroppedIsStillThereIsFound() {
    track.undone("2#2", NOON.plusSeconds(9));
    audit.line(event("schemagates", "status", "pawl", NOON.plusSeconds(5), gateThrough(2, 1, 5)));
    assertThat(early()).singleElement().asString().contains("step 2#2 was seen not to be done");
  }

  @Test
  void gateOfAVersionThatWasNeverVerifiedIsFound() {
    var none = new Track();
    audit.line(event("schemagates", "status", "pawl", NOON, gateThrough(1, 1, 5)));
    audit.line(event("schemagates", "status", "pawl", NOON, gateThrough(3, 1, 6)));
    assertThat(Checker.early(audit.openings(), Map.of(ID, history), Map.of(ID, none)))
        .satisfiesExactly(
            v -> assertThat(v).contains("never said that step 1#1 is Verified"),
            v -> assertThat(v).contains("what nobody has asked for"));
  }

  @Test
  void statusOfAnEarlierTermOverALaterOneIsFoundInTheOrderOfTheWrites() {
    audit.line(event("schemagates", "status", "pawl", NOON, gateThrough(1, 2, 11)));
    audit.line(event("schemagates", "status", "pawl", NOON, gateThrough(1, 1, 12)));
    audit.line(event("schemagates", "status", "pawl", NOON, gateThrough(1, 1, 10)));
    assertThat(Checker.terms(audit.statusWrites()))
        .singleElement()
        .asString()
        .contains("term 2 was overwritten by term 1, at version 12");
  }

  @Test
  void refusedRequestsAndCutLinesAreNoEvidence() {
    var refused = event("schemagates", "status", "pawl", NOON, gateThrough(1, 1, 12));
    audit.line(refused.replace("\"code\":200", "\"code\":422"));
    audit.line(refused.substring(0, 100));
    assertThat(audit.openings()).isEmpty();
    assertThat(audit.unreadable()).isEqualTo(1);
  }

  @Test
  void ledgerWithAMissingAnUnfinishedAndAForeignStepIsFound() {
    var rows =
        List.of(
            new Checker.LedgerRow("1#1", "Verified", 1),
            new Checker.LedgerRow("2#1", "Applied", 1),
            new Checker.LedgerRow("9#1", "Verified", 1));
    assertThat(Checker.ledger(ID, history, rows))
        .satisfiesExactlyInAnyOrder(
            v -> assertThat(v).contains("2#1 is Applied"),
            v -> assertThat(v).contains("2#2 is not in the ledger"),
            v -> assertThat(v).contains("9#1 is in no migration"));
  }

  @Test
  void stepThatHasRunTwiceOrNeverIsFound() {
    assertThat(Checker.effects(ID, history, List.of("1#1"))).isEmpty();
    assertThat(Checker.effects(ID, history, List.of("1#1", "1#1")))
        .containsExactly(ID + ": step 1#1 has run 2 times");
    assertThat(Checker.effects(ID, history, List.of()))
        .containsExactly(ID + ": step 1#1 has run 0 times");
  }

  @Test
  void schemaWithAMissingIndexIsFound() {
    var psql = List.of("CREATE TABLE a ();", "CREATE INDEX a_idx ON a (b);");
    assertThat(Checker.same("schema", psql, psql)).isEmpty();
    assertThat(Checker.same("schema", psql, psql.subList(0, 1)))
        .containsExactly("schema: missing: CREATE INDEX a_idx ON a (b);");
    assertThat(Checker.same("schema", psql.subList(0, 1), psql))
        .containsExactly("schema: not psql's: CREATE INDEX a_idx ON a (b);");
    assertThat(Checker.same("schema", psql, psql.reversed())).hasSize(1);
  }

  @Test
  void podThatIsLeftHeldIsFound() {
    assertThat(Checker.held(List.of())).isEmpty();
    assertThat(Checker.held(List.of("pod shop/x"))).containsExactly("left held: pod shop/x");
  }

  @Test
  void seedReproducesFaultsAndHistories() {
    assertThat(faults(7)).isEqualTo(faults(7)).isNotEqualTo(faults(8));
    assertThat(sql(7)).isEqualTo(sql(7)).isNotEqualTo(sql(8));
  }

  private static List<Fault> faults(long seed) {
    var dice = new Dice(seed, "faults");
    var found = new ArrayList<Fault>();
    for (int n = 0; n < 200; n++) {
      found.add(Fault.next(dice));
    }
    return found;
  }

  private static List<String> sql(long seed) {
    var history = new History("s", seed);
    var found = new ArrayList<String>();
    for (int n = 0; n < 100; n++) {
      found.add(history.next().sql());
    }
    return found;
  }
}
