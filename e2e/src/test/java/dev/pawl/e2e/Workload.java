package dev.pawl.e2e;

/** Manifests of the workloads whose pods the gate holds; their app does nothing but serve. */
public final class Workload {
  private Workload() {}

  /** A pod's spec that serves until it is told to end. */
  private static final String SERVES =
      """
      terminationGracePeriodSeconds: 1
      containers:
        - name: app
          image: pawl.test/app:1
          imagePullPolicy: Never
          env: [{name: REVISION, value: "%s"}]
      """;

  /** A pod's spec that ends well at once. */
  private static final String ENDS =
      """
      restartPolicy: Never
      containers:
        - name: app
          image: pawl.test/app:1
          imagePullPolicy: Never
          command: ["true"]
      """;

  /** A controller's manifest; the same revision in template and requirement. */
  private static String controller(
      String kind, String name, String more, String migration, String version) {
    return """
    apiVersion: apps/v1
    kind: %s
    metadata: {name: %s}
    spec:
      selector: {matchLabels: {app: %s}}
    %s  template:
        metadata:
          labels: {app: %s}
          annotations: {requires.pawl.dev/%s: "%s"}
        spec:
    %s\
    """
        .formatted(
            kind,
            name,
            name,
            more.indent(2),
            name,
            migration,
            version,
            SERVES.formatted(version).indent(6));
  }

  public static String deployment(String name, String migration, String version) {
    return controller("Deployment", name, "replicas: 2", migration, version);
  }

  public static String statefulSet(String name, String migration, String version) {
    return controller(
        "StatefulSet",
        name,
        "replicas: 2\nserviceName: %s\npodManagementPolicy: Parallel".formatted(name),
        migration,
        version);
  }

  static String daemonSet(String name, String migration, String version) {
    return controller("DaemonSet", name, "", migration, version);
  }

  public static String pod(String name, String migration, String version) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: %s
      labels: {app: %s}
      annotations: {requires.pawl.dev/%s: "%s"}
    spec:
    %s\
    """
        .formatted(name, name, migration, version, SERVES.formatted(version).indent(2));
  }

  static String job(String name, String migration, String version) {
    return """
    apiVersion: batch/v1
    kind: Job
    metadata: {name: %s}
    spec:
      template:
        metadata:
          labels: {app: %s}
          annotations: {requires.pawl.dev/%s: "%s"}
        spec:
    %s\
    """
        .formatted(name, name, migration, version, ENDS.indent(6));
  }

  /** Runs at the next full minute. */
  static String cronJob(String name, String migration, String version) {
    return """
    apiVersion: batch/v1
    kind: CronJob
    metadata: {name: %s}
    spec:
      schedule: "* * * * *"
      concurrencyPolicy: Forbid
      jobTemplate:
        spec:
          template:
            metadata:
              labels: {app: %s}
              annotations: {requires.pawl.dev/%s: "%s"}
            spec:
    %s\
    """
        .formatted(name, name, migration, version, ENDS.indent(10));
  }
}
