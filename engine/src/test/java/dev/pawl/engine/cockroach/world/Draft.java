package dev.pawl.engine.cockroach.world;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A world in the making. */
final class Draft {
  private final World base;
  private final TreeMap<Long, Descriptor> descriptors;
  private final List<TreeMap<Long, Descriptor>> leases = new ArrayList<>();
  private final TreeMap<Long, Job> jobs;
  private long next;

  Draft(World base) {
    this.base = base;
    this.descriptors = new TreeMap<>(base.descriptors());
    base.leases().forEach(node -> leases.add(new TreeMap<>(node)));
    this.jobs = new TreeMap<>(base.jobs());
    this.next = base.next();
  }

  TreeMap<Long, Descriptor> descriptors() {
    return descriptors;
  }

  Descriptor.Table table(long id) {
    return (Descriptor.Table) descriptors.get(id);
  }

  long newId() {
    return next++;
  }

  void create(Descriptor descriptor) {
    descriptors.put(descriptor.id(), descriptor);
  }

  /**
   * A new version: a node that holds a lease goes on using the old one. Within one draft several
   * changes are one version.
   */
  void change(Descriptor changed) {
    var before = base.descriptors().get(changed.id());
    if (before == null || descriptors.get(changed.id()).version() > before.version()) {
      descriptors.put(changed.id(), changed);
      return;
    }
    descriptors.put(changed.id(), changed.next());
    if (base.leaseLag()) {
      leases.forEach(node -> node.putIfAbsent(changed.id(), before));
    }
  }

  void remove(long id) {
    descriptors.remove(id);
    leases.forEach(node -> node.remove(id));
  }

  void drain(int node, long id) {
    leases.get(node).remove(id);
  }

  long startJob(Job.Type type, String description, String user, List<Mutation> mutations) {
    long id = World.FIRST_JOB + next;
    jobs.put(
        id,
        new Job(
            id,
            type,
            description,
            user,
            Job.Status.PENDING,
            Job.Stage.PREPARED,
            List.copyOf(mutations),
            next++,
            false,
            Optional.empty()));
    return id;
  }

  void put(Job job) {
    jobs.put(job.id(), job);
  }

  /** The data stays until its time to live is over; that job concerns nobody. */
  void collect(String what, String user, long descriptor) {
    startJob(
        Job.Type.SCHEMA_CHANGE_GC,
        "GC for " + what,
        user,
        List.of(new Mutation.Collect(descriptor)));
  }

  World done() {
    var nodes = new ArrayList<SortedMap<Long, Descriptor>>();
    leases.forEach(node -> nodes.add(Collections.unmodifiableSortedMap(node)));
    return new World(
        base.version(),
        base.leaseLag(),
        next,
        Collections.unmodifiableSortedMap(descriptors),
        Collections.unmodifiableList(nodes),
        Collections.unmodifiableSortedMap(jobs));
  }
}
