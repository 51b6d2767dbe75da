package dev.pawl.operator.gate;

import static java.util.stream.Collectors.joining;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Optional;

/** How the policies mark what they hold, and the patches that let it go. */
final class Held {
  /** On pods: has scheduling gates of Pawl. */
  static final String POD_LABEL = "pawl.dev/held";

  static final String POD_VALUE = "true";

  /** On workloads: the rollout is held. */
  static final String ROLLOUT_LABEL = "pawl.dev/rollout";

  static final String ROLLOUT_VALUE = "held";

  private static final String GATE_PREFIX = "pawl.dev/";

  /** The partition with which the hold policy keeps a StatefulSet. */
  private static final int HELD_PARTITION = Integer.MAX_VALUE;

  private Held() {}

  /** The migrations whose gates are on a pod. */
  static List<String> gates(Pod pod) {
    return pod.getSpec().getSchedulingGates().stream()
        .map(gate -> gate.getName())
        .filter(name -> name.startsWith(GATE_PREFIX))
        .map(name -> name.substring(GATE_PREFIX.length()))
        .toList();
  }

  /** Takes away some of a pod's gates, and the label with the last: a strategic merge patch. */
  static String openPod(List<String> gates, boolean all) {
    var deletions =
        gates.stream()
            .map(gate -> "{\"name\":\"" + GATE_PREFIX + gate + "\",\"$patch\":\"delete\"}")
            .collect(joining(","));
    return "{"
        + (all ? "\"metadata\":{\"labels\":{\"" + POD_LABEL + "\":null}}," : "")
        + "\"spec\":{\"schedulingGates\":["
        + deletions
        + "]}}";
  }

  /**
   * Lets a rollout go: a merge patch. While it may not go, the hold policy puts everything back in
   * the same admission.
   */
  static String releaseRollout(HasMetadata workload) {
    var spec =
        switch (workload) {
          case Deployment deployment -> "{\"paused\":null}";
          case StatefulSet set ->
              isHeldByPartition(set)
                  ? "{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":0}}}"
                  : "{}"; // a partition, or OnDelete, that a person set meanwhile stays
          case DaemonSet set -> "{\"updateStrategy\":{\"type\":\"RollingUpdate\"}}";
          default -> throw new IllegalArgumentException(workload.getKind());
        };
    return "{\"metadata\":{\"labels\":{\"" + ROLLOUT_LABEL + "\":null}},\"spec\":" + spec + "}";
  }

  private static boolean isHeldByPartition(StatefulSet set) {
    var strategy = set.getSpec().getUpdateStrategy();
    return strategy != null
        && strategy.getRollingUpdate() != null
        && Integer.valueOf(HELD_PARTITION).equals(strategy.getRollingUpdate().getPartition());
  }

  static boolean isHeldRollout(HasMetadata workload) {
    return Optional.ofNullable(workload.getMetadata().getLabels())
        .map(labels -> ROLLOUT_VALUE.equals(labels.get(ROLLOUT_LABEL)))
        .orElse(false);
  }

  static Requirements requirements(HasMetadata held) {
    var template =
        switch (held) {
          case Pod pod -> pod.getMetadata();
          case Deployment deployment -> deployment.getSpec().getTemplate().getMetadata();
          case StatefulSet set -> set.getSpec().getTemplate().getMetadata();
          case DaemonSet set -> set.getSpec().getTemplate().getMetadata();
          default -> throw new IllegalArgumentException(held.getKind());
        };
    return Requirements.of(template == null ? null : template.getAnnotations());
  }
}
