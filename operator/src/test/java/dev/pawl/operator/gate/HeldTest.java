package dev.pawl.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The patches are limited by the chart's policies to exactly this. */
class HeldTest {
  @Test
  void onlyPawlsOwnGatesAreSeen() {
    assertThat(Held.gates(pod("pawl.dev/orders", "example.org/mine", "pawl.dev/billing")))
        .containsExactly("orders", "billing");
  }

  @Test
  void takesSomeGatesAwayAndLeavesTheLabel() {
    assertThat(Held.openPod(List.of("orders"), false))
        .isEqualTo(
            "{\"spec\":{\"schedulingGates\":[{\"name\":\"pawl.dev/orders\",\"$patch\":\"delete\"}]}}");
  }

  @Test
  void takesTheLabelAwayWithTheLastGate() {
    assertThat(Held.openPod(List.of("orders"), true))
        .isEqualTo(
            "{\"metadata\":{\"labels\":{\"pawl.dev/held\":null}},"
                + "\"spec\":{\"schedulingGates\":[{\"name\":\"pawl.dev/orders\",\"$patch\":\"delete\"}]}}");
  }

  @Test
  void letsEachKindOfRolloutGoInItsOwnWay() {
    assertThat(Held.releaseRollout(new DeploymentBuilder().build()))
        .contains("\"pawl.dev/rollout\":null", "\"paused\":null");
    assertThat(Held.releaseRollout(partitioned(Integer.MAX_VALUE)))
        .contains("\"pawl.dev/rollout\":null", "\"partition\":0");
    assertThat(Held.releaseRollout(new DaemonSetBuilder().build()))
        .contains("\"pawl.dev/rollout\":null", "\"type\":\"RollingUpdate\"");
  }

  @Test
  void aPartitionThatAPersonHasSetMeanwhileStays() {
    assertThat(Held.releaseRollout(partitioned(2)))
        .contains("\"pawl.dev/rollout\":null")
        .doesNotContain("partition");
  }

  private static StatefulSet partitioned(int partition) {
    return new StatefulSetBuilder()
        .withNewSpec()
        .withNewUpdateStrategy()
        .withNewRollingUpdate()
        .withPartition(partition)
        .endRollingUpdate()
        .endUpdateStrategy()
        .endSpec()
        .build();
  }

  @Test
  void aWorkloadRequiresWhatItsTemplateSaysAndNotWhatItSaysItself() {
    var deployment =
        new DeploymentBuilder()
            .withNewMetadata()
            .addToAnnotations("requires.pawl.dev/other", "1")
            .endMetadata()
            .withNewSpec()
            .withNewTemplate()
            .withNewMetadata()
            .addToAnnotations("requires.pawl.dev/orders", "7")
            .endMetadata()
            .endTemplate()
            .endSpec()
            .build();

    assertThat(Held.requirements(deployment).versions()).containsOnlyKeys("orders");
  }

  private static Pod pod(String... gates) {
    var pod = new PodBuilder().withNewSpec().endSpec();
    for (var gate : gates) {
      pod = pod.editSpec().addNewSchedulingGate(gate).endSpec();
    }
    return pod.build();
  }
}
