package dev.pawl.engine.cockroach;

import dev.pawl.engine.cockroach.world.ModelVersion;
import java.util.Map;
import java.util.Set;

/**
 * What the model is to be.
 *
 * @param nodes each listens on a port of its own
 * @param users other than root, with their system privileges or role options
 * @param autoAdvance whether jobs go on by themselves; else they stand until a test moves them
 * @param leaseLag whether a node uses old versions of descriptors until its leases are drained
 * @param stepMillis how long a job stands at each of its stages
 */
public record ModelOptions(
    ModelVersion version,
    int nodes,
    Map<String, Set<String>> users,
    boolean autoAdvance,
    long stepMillis,
    boolean leaseLag) {

  /** One node, jobs of 20 ms or so, leases that follow at once, only root. */
  public static ModelOptions of(ModelVersion version) {
    return new ModelOptions(version, 1, Map.of(), true, 5, false);
  }

  /** With this many nodes. */
  public ModelOptions nodes(int count) {
    return new ModelOptions(version, count, users, autoAdvance, stepMillis, leaseLag);
  }

  /** With one user more. */
  public ModelOptions user(String name, String... privileges) {
    var more = new java.util.TreeMap<>(users);
    more.put(name, Set.of(privileges));
    return new ModelOptions(version, nodes, Map.copyOf(more), autoAdvance, stepMillis, leaseLag);
  }

  /** With jobs that stand until the test moves them. */
  public ModelOptions still() {
    return new ModelOptions(version, nodes, users, false, stepMillis, leaseLag);
  }

  /** With nodes that use old versions of descriptors until their leases are drained. */
  public ModelOptions withLeaseLag() {
    return new ModelOptions(version, nodes, users, autoAdvance, stepMillis, true);
  }

  /** With jobs that stand this long at each of their stages. */
  public ModelOptions stepMillis(long millis) {
    return new ModelOptions(version, nodes, users, autoAdvance, millis, leaseLag);
  }
}
