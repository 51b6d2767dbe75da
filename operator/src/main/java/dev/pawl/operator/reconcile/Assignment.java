package dev.pawl.operator.reconcile;

import dev.pawl.crd.Database;
import dev.pawl.crd.Policy;
import dev.pawl.engine.plan.Version;
import dev.pawl.operator.source.MigrationFiles;

/** What a runner is to do; another one means another runner. */
record Assignment(
    String namespace,
    String name,
    String stream,
    Version version,
    Database database,
    Policy policy,
    MigrationFiles source) {

  /** For logs. */
  @Override
  public String toString() {
    return namespace + "/" + name + " " + version;
  }
}
