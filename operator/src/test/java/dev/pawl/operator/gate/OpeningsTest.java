package dev.pawl.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.crd.SchemaGate.Opening;
import dev.pawl.engine.execute.Cause;
import dev.pawl.engine.execute.Phase;
import dev.pawl.engine.execute.Result;
import dev.pawl.engine.execute.StepState;
import dev.pawl.engine.plan.Version;
import dev.pawl.operator.Samples;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OpeningsTest {
  private static final Cause CAUSE = Cause.of("OutOfOrder", "5 is older than 7");

  @Test
  void opensThroughWhatIsVerified() {
    assertThat(Openings.after(Optional.empty(), verified("7", "a"))).contains(opening("7", "a"));
  }

  @Test
  void staysOpenFurtherWhenAnOlderVersionIsVerifiedAgain() {
    assertThat(Openings.after(Optional.of(opening("9", "a")), verified("7", "a")))
        .contains(opening("9", "a"));
  }

  @Test
  void claimsOnlyWhatWasSeenOnAnotherServerOrTimeLine() {
    assertThat(Openings.after(Optional.of(opening("9", "a")), verified("7", "b")))
        .contains(opening("7", "b"));
  }

  @Test
  void claimsNothingWhereAnotherServerOrTimeLineAnswers() {
    var before = Optional.of(opening("9", "a", "5"));

    assertThat(Openings.on(before, "b")).isEmpty();
    assertThat(Openings.on(before, "a")).isEqualTo(before);
    assertThat(Openings.on(Optional.empty(), "a")).isEmpty();
  }

  @Test
  void doesNotCloseForALatecomerButForThatVersionAlone() {
    var result = new Result.Refused(CAUSE, List.of(done("4"), waiting("5"), done("7")));

    assertThat(Openings.after(Optional.of(opening("7", "a")), result))
        .contains(opening("7", "a", "5"));
  }

  @Test
  void doesNotCloseForAnAppliedVersionThatSomebodyEditedByMistake() {
    var edited = List.of(done("4"), done("7"), waiting("7"));

    assertThat(Openings.after(Optional.of(opening("7", "a")), new Result.Refused(CAUSE, edited)))
        .contains(opening("7", "a"));
  }

  @Test
  void aLatecomerIsNoLongerPendingOnceVerified() {
    assertThat(Openings.after(Optional.of(opening("7", "a", "5")), verified("7", "a")))
        .contains(opening("7", "a"));
  }

  @Test
  void aLatecomerBeyondTheVerifiedVersionStaysPending() {
    assertThat(Openings.after(Optional.of(opening("9", "a", "5", "8")), verified("7", "a")))
        .contains(opening("9", "a", "8"));
  }

  @Test
  void goesBackWhenTheLedgerDoes() {
    var restored = List.of(done("4"), done("5"), waiting("7"));

    assertThat(Openings.seen(Optional.of(opening("7", "a")), restored)).contains(opening("5", "a"));
  }

  @Test
  void closesAltogetherWhenTheLedgerIsEmpty() {
    assertThat(Openings.seen(Optional.of(opening("7", "a")), List.of(waiting("4"), waiting("7"))))
        .isEmpty();
  }

  @Test
  void aLatecomerBeingAppliedDoesNotCloseTheRest() {
    var steps = List.of(done("4"), waiting("5"), done("7"));

    assertThat(Openings.seen(Optional.of(opening("7", "a")), steps))
        .contains(opening("7", "a", "5"));
  }

  @Test
  void aNewVersionOnItsWayChangesNothing() {
    var steps = List.of(done("4"), done("7"), waiting("8"));

    assertThat(Openings.seen(Optional.of(opening("7", "a")), steps)).contains(opening("7", "a"));
  }

  @Test
  void anUnreachableDatabaseChangesNothing() {
    var result = new Result.Unavailable(Cause.of("ConnectionRefused", "no"), List.of());

    assertThat(Openings.after(Optional.of(opening("7", "a")), result)).contains(opening("7", "a"));
    assertThat(Openings.after(Optional.empty(), result)).isEmpty();
  }

  @Test
  void aFailedVersionOpensNothing() {
    var steps = List.of(waiting("7"));
    var result = new Result.Failed(steps.getFirst(), CAUSE, false, steps);

    assertThat(Openings.after(Optional.empty(), result)).isEmpty();
  }

  private static Opening opening(String through, String identity, String... pending) {
    return new Opening(through, pending.length == 0 ? null : List.of(pending), identity);
  }

  private static Result verified(String through, String identity) {
    return new Result.Verified(Optional.of(new Version(through)), identity, List.of(done(through)));
  }

  private static StepState done(String version) {
    return Samples.step(version, 1, Phase.VERIFIED);
  }

  private static StepState waiting(String version) {
    return Samples.step(version, 2, Phase.PENDING);
  }
}
