package dev.pawl.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.crd.SchemaGate.Opening;
import dev.pawl.crd.SchemaMigrationStatus;
import dev.pawl.engine.execute.Phase;
import dev.pawl.engine.execute.StepState;
import dev.pawl.engine.plan.Version;
import dev.pawl.operator.Samples;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatusViewTest {
  private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");
  private static final Outlook PROGRESSING = new Outlook.Progressing("step 2 of 3");

  @Test
  void showsEachStepWithItsPhaseAndTheCountOfVerifiedOnes() {
    var status =
        view(PROGRESSING, Optional.of("2#1"), Phase.VERIFIED, Phase.APPLYING, Phase.PENDING)
            .render(null, NOW);

    assertThat(status.step()).isEqualTo("1/3");
    assertThat(status.phase()).isEqualTo("Applying");
    assertThat(status.counts()).containsOnlyKeys("Verified", "Applying", "Pending");
    assertThat(status.steps())
        .extracting(SchemaMigrationStatus.Step::phase)
        .containsExactly("Verified", "Applying", "Pending");
  }

  @Test
  void showsVerifiedBetweenOneStepAndTheNext() {
    var status =
        view(PROGRESSING, Optional.of("1#1"), Phase.VERIFIED, Phase.PENDING).render(null, NOW);

    assertThat(status.phase()).isEqualTo("Verified");
    assertThat(status.step()).isEqualTo("1/2");
  }

  @Test
  void withoutAMoveTheFirstUnfinishedStepSpeaks() {
    assertThat(
            view(PROGRESSING, Optional.empty(), Phase.VERIFIED, Phase.FAILED, Phase.PENDING)
                .render(null, NOW)
                .phase())
        .isEqualTo("Failed");
  }

  @Test
  void keepsWhatIsKnownOfTheStepsWhileTheDatabaseIsNotReached() {
    var before =
        view(new Outlook.Ready("done"), Optional.empty(), Phase.VERIFIED).render(null, NOW);
    var after = view(new Outlook.Retrying("ConnectionRefused", "no answer"), Optional.empty());

    assertThat(after.render(before, NOW).steps()).isEqualTo(before.steps());
    assertThat(after.render(before, NOW).step()).isEqualTo("1/1");
  }

  @Test
  void aNewStatusIsPendingBeforeAnythingIsKnown() {
    assertThat(view(PROGRESSING, Optional.empty()).render(null, NOW).phase()).isEqualTo("Pending");
  }

  @Test
  void theSameInputGivesTheSameStatusSoNothingIsWrittenTwice() {
    var view = view(PROGRESSING, Optional.empty(), Phase.APPLYING);
    var first = view.render(null, NOW);

    assertThat(view.render(first, NOW.plusSeconds(60))).isEqualTo(first);
  }

  @Test
  void tenThousandStepsWithLongTextsEverywhereStayBelow256KiB() {
    var steps = IntStream.range(0, 10_000).mapToObj(StatusViewTest::verbose).toList();
    var status =
        new StatusView(
                1,
                1,
                new Outlook.Stalled("UniqueViolation", "x".repeat(100_000)),
                steps,
                Optional.of("5000#1"),
                Optional.of("sha256:" + "0".repeat(64)),
                Optional.empty())
            .render(null, NOW);

    assertThat(status.steps()).hasSize(SchemaMigrationStatus.MAX_STEPS);
    assertThat(status.steps()).extracting(SchemaMigrationStatus.Step::id).contains("5000#1");
    assertThat(status.counts()).containsEntry("Verified", 5_000).containsEntry("Pending", 5_000);
    assertThat(Serialization.asJson(status).getBytes(StandardCharsets.UTF_8).length)
        .isLessThan(256 * 1024);
  }

  private static SeenStep verbose(int index) {
    return new SeenStep(
        new StepState(
            new Version(Integer.toString(index)),
            1,
            "f".repeat(1_000),
            index < 5_000 ? Phase.VERIFIED : Phase.PENDING,
            1_000,
            1_000,
            OptionalInt.of(50),
            Optional.of("j".repeat(1_000)),
            Optional.of("23505"),
            Optional.of("ü".repeat(5_000)),
            Optional.of(NOW),
            Optional.of(NOW),
            Optional.of(NOW)),
        Optional.of(NOW));
  }

  @Test
  void showsHowFarTheGateIsOpen() {
    var view =
        new StatusView(
            1,
            1,
            PROGRESSING,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(new Opening("7", List.of("5"), "server")));

    assertThat(view.render(null, NOW).through()).isEqualTo("7");
    assertThat(view.render(null, NOW).pending()).containsExactly("5");
  }

  @Test
  void readyIsAlwaysSetAndStalledNeverTogetherWithReconciling() {
    for (var outlook :
        List.of(
            new Outlook.Ready("m"),
            PROGRESSING,
            new Outlook.Retrying("SecretNotFound", "m"),
            new Outlook.Stalled("UniqueViolation", "m"),
            new Outlook.Stuck("m"),
            new Outlook.Suspending("m"),
            new Outlook.Suspended(true, "m"),
            new Outlook.Suspended(false, "m"))) {
      var types =
          view(outlook, Optional.empty()).render(null, NOW).conditions().stream()
              .map(Condition::getType)
              .toList();
      assertThat(types).as(outlook.toString()).contains("Ready").doesNotHaveDuplicates();
      assertThat(types.containsAll(List.of("Stalled", "Reconciling"))).isFalse();
    }
  }

  @Test
  void whatIsMissingIsNamedInReadyAndRetriedInReconciling() {
    var conditions =
        view(new Outlook.Retrying("SecretNotFound", "make it"), Optional.empty())
            .render(null, NOW)
            .conditions();

    assertThat(conditions).extracting(Condition::getStatus).containsExactly("False", "True");
    assertThat(conditions)
        .extracting(Condition::getReason)
        .containsExactly("SecretNotFound", "Retrying");
  }

  @Test
  void aConditionKeepsItsTimeUntilItsStatusChanges() {
    var failing = view(new Outlook.Retrying("SecretNotFound", "a"), Optional.empty());
    var first = failing.render(null, NOW);
    var second =
        view(new Outlook.Retrying("ConnectionRefused", "b"), Optional.empty())
            .render(first, NOW.plusSeconds(10));
    var third = view(new Outlook.Ready("c"), Optional.empty()).render(second, NOW.plusSeconds(20));

    assertThat(ready(second).getLastTransitionTime()).isEqualTo("2026-11-24T09:00:00Z");
    assertThat(ready(third).getLastTransitionTime()).isEqualTo("2026-11-24T09:00:20Z");
  }

  private static Condition ready(SchemaMigrationStatus status) {
    return status.conditions().stream().filter(c -> c.getType().equals("Ready")).findAny().get();
  }

  private static StatusView view(Outlook outlook, Optional<String> latest, Phase... phases) {
    var steps =
        IntStream.range(0, phases.length).mapToObj(i -> step(i, phases[i], "doing")).toList();
    return new StatusView(3, 1, outlook, steps, latest, Optional.empty(), Optional.empty());
  }

  private static SeenStep step(int index, Phase phase, String message) {
    var version = Integer.toString(index + 1);
    return new SeenStep(Samples.step(version, 1, phase, Optional.of(message)), Optional.empty());
  }
}
