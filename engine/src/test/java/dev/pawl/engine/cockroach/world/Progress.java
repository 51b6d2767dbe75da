package dev.pawl.engine.cockroach.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How jobs go on, fail and are undone. After CockroachDB's documentation, pages "Online schema
 * changes", "SHOW JOBS", "PAUSE JOB", "CANCEL JOB".
 */
final class Progress {
  private Progress() {}

  static boolean canPause(Job job) {
    return switch (job.status()) {
      case PENDING, RUNNING, RETRY_RUNNING, REVERTING, RETRY_REVERTING ->
          job.type() != Job.Type.SCHEMA_CHANGE_GC;
      default -> false;
    };
  }

  static boolean canCancel(Job job) {
    return switch (job.status()) {
      case PENDING, RUNNING, RETRY_RUNNING, PAUSED ->
          job.revertible() && job.stage() != Job.Stage.PUBLISHED && job.error().isEmpty();
      default -> false;
    };
  }

  static boolean canAdvance(World world, Job job) {
    if (job.over() || job.status() == Job.Status.PAUSED) {
      return false;
    }
    return switch (job.status()) {
      case RUNNING, REVERTING -> world.drained(job.descriptors()) && isNext(world, job);
      default -> true;
    };
  }

  /** The changes of one descriptor are carried out in their order. */
  private static boolean isNext(World world, Job job) {
    return world.unfinished().stream()
        .noneMatch(
            other ->
                other.id() < job.id()
                    && other.descriptors().stream().anyMatch(job.descriptors()::contains));
  }

  static World apply(World world, Transition transition) {
    var draft = new Draft(world);
    switch (transition) {
      case Transition.DrainLease t -> draft.drain(t.node(), t.descriptor());
      case Transition.Advance t -> {
        var job = job(world, t.job());
        require(canAdvance(world, job), transition);
        advance(draft, job);
      }
      case Transition.Fail t -> {
        var job = job(world, t.job());
        require(job.atRows() && job.revertible(), transition);
        draft.put(job.failing(t.error()));
      }
      case Transition.Stumble t -> {
        var job = job(world, t.job());
        require(
            job.status() == Job.Status.RUNNING || job.status() == Job.Status.REVERTING, transition);
        draft.put(
            job.with(job.reverting() ? Job.Status.RETRY_REVERTING : Job.Status.RETRY_RUNNING));
      }
      case Transition.FailRevert t -> {
        var job = job(world, t.job());
        require(job.reverting(), transition);
        draft.put(job.with(Job.Status.REVERT_FAILED));
      }
      case Transition.Pause t -> {
        var job = job(world, t.job());
        require(canPause(job), transition);
        draft.put(job.with(Job.Status.PAUSE_REQUESTED));
      }
      case Transition.Resume t -> {
        var job = job(world, t.job());
        require(job.status() == Job.Status.PAUSED, transition);
        boolean backwards = job.error().isPresent() || job.cancelled();
        draft.put(job.with(backwards ? Job.Status.REVERTING : Job.Status.RUNNING));
      }
      case Transition.Cancel t -> {
        var job = job(world, t.job());
        require(canCancel(job), transition);
        draft.put(job.cancelling());
      }
    }
    return draft.done();
  }

  private static Job job(World world, long id) {
    var job = world.jobs().get(id);
    require(job != null, id);
    return job;
  }

  private static void require(boolean condition, Object what) {
    if (!condition) {
      throw new IllegalArgumentException("cannot happen now: " + what);
    }
  }

  private static void advance(Draft draft, Job job) {
    switch (job.status()) {
      case PENDING, RETRY_RUNNING -> draft.put(job.with(Job.Status.RUNNING));
      case PAUSE_REQUESTED -> draft.put(job.with(Job.Status.PAUSED));
      case CANCEL_REQUESTED, RETRY_REVERTING -> draft.put(job.with(Job.Status.REVERTING));
      case REVERTING -> {
        job.mutations().reversed().forEach(m -> undo(draft, job, m));
        draft.put(job.with(job.cancelled() ? Job.Status.CANCELED : Job.Status.FAILED));
      }
      case RUNNING -> run(draft, job);
      default -> throw new IllegalArgumentException("cannot happen now: " + job);
    }
  }

  private static void run(Draft draft, Job job) {
    boolean rows = job.mutations().stream().anyMatch(Mutation::touchesRows);
    boolean validates = job.mutations().stream().anyMatch(Mutation::validates);
    switch (job.stage()) {
      case PREPARED -> {
        if (rows) {
          job.mutations().forEach(m -> begin(draft, m));
          draft.put(job.with(Job.Stage.BACKFILL));
        } else {
          publish(draft, job);
        }
      }
      case BACKFILL -> {
        if (validates) {
          draft.put(job.with(Job.Stage.VALIDATE));
        } else {
          publish(draft, job);
        }
      }
      case VALIDATE -> publish(draft, job);
      case PUBLISHED -> draft.put(job.with(Job.Status.SUCCEEDED));
    }
  }

  private static void begin(Draft draft, Mutation mutation) {
    if (mutation instanceof Mutation.AddIndex(long table, int number)) {
      var before = draft.table(table);
      for (var index : before.indexes()) {
        if (index.number() == number) {
          draft.change(before.replace(index.with(Index.State.WRITE_ONLY)));
        }
      }
    }
  }

  private static void publish(Draft draft, Job job) {
    job.mutations().forEach(m -> publish(draft, job, m));
    draft.put(
        job.type() == Job.Type.SCHEMA_CHANGE_GC
            ? job.with(Job.Stage.PUBLISHED).with(Job.Status.SUCCEEDED)
            : job.with(Job.Stage.PUBLISHED));
  }

  private static void publish(Draft draft, Job job, Mutation mutation) {
    switch (mutation) {
      case Mutation.AddIndex m -> {
        var table = draft.table(m.descriptor());
        table.indexes().stream()
            .filter(i -> i.number() == m.number())
            .forEach(i -> draft.change(table.replace(i.with(Index.State.PUBLIC))));
      }
      case Mutation.DropIndex m -> {
        draft.change(withoutIndex(draft.table(m.descriptor()), m.number()));
        draft.collect(job.description(), job.user(), m.descriptor());
      }
      case Mutation.AddColumn m -> {
        var table = draft.table(m.descriptor());
        table
            .column(m.column())
            .ifPresent(c -> draft.change(table.replace(c.with(Column.State.PUBLIC))));
      }
      case Mutation.DropColumn m ->
          draft.change(withoutColumn(draft.table(m.descriptor()), m.column()));
      case Mutation.SetNotNull m -> {
        var table = draft.table(m.descriptor());
        table.column(m.column()).ifPresent(c -> draft.change(table.replace(c.withNotNull(true))));
      }
      case Mutation.AlterColumnType m -> {
        var table = draft.table(m.descriptor());
        table.column(m.column()).ifPresent(c -> draft.change(table.replace(c.withType(m.type()))));
      }
      case Mutation.Validate m -> {
        var table = draft.table(m.descriptor());
        table
            .constraint(m.constraint())
            .ifPresent(c -> draft.change(table.replace(c.with(Constraint.State.VALIDATED))));
      }
      case Mutation.DropConstraint m ->
          draft.change(withoutConstraint(draft.table(m.descriptor()), m.constraint()));
      case Mutation.AlterPrimaryKey m -> {
        draft.change(rekeyed(draft.table(m.descriptor()), m));
        draft.collect(job.description(), job.user(), m.descriptor());
      }
      case Mutation.Populate m ->
          draft.change(draft.descriptors().get(m.descriptor()).with(Descriptor.State.PUBLIC));
      case Mutation.Truncate m -> draft.collect(job.description(), job.user(), m.descriptor());
      case Mutation.Drop m -> {
        draft.remove(m.descriptor());
        draft.collect(job.description(), job.user(), m.descriptor());
      }
      case Mutation.Promote m -> {
        var type = (Descriptor.EnumType) draft.descriptors().get(m.descriptor());
        draft.change(
            type.withLabels(
                type.labels().stream()
                    .map(
                        l ->
                            l.text().equals(m.label())
                                ? new Descriptor.EnumType.Label(m.label(), false)
                                : l)
                    .toList()));
      }
      case Mutation.DropLabel m -> {
        var type = (Descriptor.EnumType) draft.descriptors().get(m.descriptor());
        draft.change(
            type.withLabels(
                type.labels().stream().filter(l -> !l.text().equals(m.label())).toList()));
      }
      case Mutation.Refresh _, Mutation.Settle _, Mutation.Collect _ -> {
        // Nothing that a catalog shows.
      }
    }
  }

  private static void undo(Draft draft, Job job, Mutation mutation) {
    switch (mutation) {
      case Mutation.AddIndex m -> {
        draft.change(withoutIndex(draft.table(m.descriptor()), m.number()));
        draft.collect("ROLLBACK of " + job.description(), job.user(), m.descriptor());
      }
      case Mutation.AddColumn m ->
          draft.change(withoutColumn(draft.table(m.descriptor()), m.column()));
      case Mutation.Validate m -> {
        var table = draft.table(m.descriptor());
        if (m.added()) {
          draft.change(withoutConstraint(table, m.constraint()));
        } else {
          table
              .constraint(m.constraint())
              .ifPresent(c -> draft.change(table.replace(c.with(Constraint.State.UNVALIDATED))));
        }
      }
      case Mutation.Populate m -> draft.remove(m.descriptor());
      default -> {
        // What was not published yet shows nowhere.
      }
    }
  }

  private static Descriptor.Table withoutIndex(Descriptor.Table table, int number) {
    return table.withIndexes(table.indexes().stream().filter(i -> i.number() != number).toList());
  }

  private static Descriptor.Table withoutConstraint(Descriptor.Table table, String name) {
    return table.withConstraints(
        table.constraints().stream().filter(c -> !c.name().equals(name)).toList());
  }

  /** Its indexes and constraints go with it. */
  private static Descriptor.Table withoutColumn(Descriptor.Table table, String name) {
    return table
        .withColumns(table.columns().stream().filter(c -> !c.name().equals(name)).toList())
        .withIndexes(
            table.indexes().stream()
                .filter(
                    i ->
                        i.keys().stream().noneMatch(k -> k.column().equals(name))
                            && !i.storing().contains(name))
                .toList())
        .withConstraints(
            table.constraints().stream().filter(c -> !c.columns().contains(name)).toList());
  }

  /**
   * A new primary key; the old one stays as a unique index, unless it was the hidden rowid (docs,
   * "ALTER TABLE", ALTER PRIMARY KEY).
   */
  private static Descriptor.Table rekeyed(Descriptor.Table table, Mutation.AlterPrimaryKey change) {
    var old = table.primary();
    int number = table.nextIndex();
    var primary =
        new Index(
            number,
            change.name(),
            true,
            Index.Method.PREFIX,
            change.keys(),
            List.of(),
            Optional.empty(),
            true,
            Index.State.PUBLIC);
    var columns = old.keys().stream().map(Index.Key::column).toList();
    boolean hidden = columns.equals(List.of("rowid"));
    var indexes = new ArrayList<>(table.indexes());
    if (!hidden) {
      indexes.add(
          new Index(
              number + 1,
              table.name().name() + "_" + String.join("_", columns) + "_key",
              true,
              Index.Method.PREFIX,
              old.keys(),
              List.of(),
              Optional.empty(),
              true,
              Index.State.PUBLIC));
    }
    return table.withPrimary(primary).withIndexes(indexes);
  }
}
