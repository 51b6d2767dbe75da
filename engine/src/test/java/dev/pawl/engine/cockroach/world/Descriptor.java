package dev.pawl.engine.cockroach.world;

import java.util.List;
import java.util.Optional;

/**
 * What CockroachDB keeps of an object, with a version that each change raises; nodes hold leases on
 * versions (docs, "Online schema changes").
 */
public sealed interface Descriptor {
  long id();

  long version();

  Name name();

  State state();

  /** The same as a newer version. */
  Descriptor next();

  /** The same in another state. */
  Descriptor with(State state);

  /** How far the whole object is. */
  enum State {
    /** Being filled: CREATE TABLE AS, CREATE MATERIALIZED VIEW. */
    ADDING,
    PUBLIC,
    /** In no catalog any more, yet its name is not free. */
    DROPPING
  }

  /** Tables, views and sequences share one space of names. */
  record Table(
      long id,
      long version,
      Name name,
      Kind kind,
      State state,
      List<Column> columns,
      Index primary,
      List<Index> indexes,
      List<Constraint> constraints,
      String query)
      implements Descriptor {
    /** What kind of relation. */
    public enum Kind {
      TABLE,
      VIEW,
      MATERIALIZED_VIEW,
      SEQUENCE
    }

    @Override
    public Table next() {
      return new Table(
          id, version + 1, name, kind, state, columns, primary, indexes, constraints, query);
    }

    @Override
    public Table with(State other) {
      return new Table(
          id, version, name, kind, other, columns, primary, indexes, constraints, query);
    }

    public Table withName(Name other) {
      return new Table(
          id, version, other, kind, state, columns, primary, indexes, constraints, query);
    }

    public Table withColumns(List<Column> other) {
      return new Table(
          id, version, name, kind, state, List.copyOf(other), primary, indexes, constraints, query);
    }

    public Table withPrimary(Index other) {
      return new Table(id, version, name, kind, state, columns, other, indexes, constraints, query);
    }

    public Table withIndexes(List<Index> other) {
      return new Table(
          id, version, name, kind, state, columns, primary, List.copyOf(other), constraints, query);
    }

    public Table withConstraints(List<Constraint> other) {
      return new Table(
          id, version, name, kind, state, columns, primary, indexes, List.copyOf(other), query);
    }

    public Optional<Column> column(String wanted) {
      return columns.stream().filter(c -> c.name().equals(wanted)).findFirst();
    }

    public Optional<Index> index(String wanted) {
      return indexes.stream().filter(i -> i.name().equals(wanted)).findFirst();
    }

    public Optional<Constraint> constraint(String wanted) {
      return constraints.stream().filter(c -> c.name().equals(wanted)).findFirst();
    }

    /** The number of the next index. */
    public int nextIndex() {
      return Math.max(primary.number(), indexes.stream().mapToInt(Index::number).max().orElse(0))
          + 1;
    }

    public Table replace(Column column) {
      return withColumns(
          columns.stream().map(c -> c.name().equals(column.name()) ? column : c).toList());
    }

    public Table replace(Index index) {
      return withIndexes(
          indexes.stream().map(i -> i.number() == index.number() ? index : i).toList());
    }

    public Table replace(Constraint constraint) {
      return withConstraints(
          constraints.stream()
              .map(c -> c.name().equals(constraint.name()) ? constraint : c)
              .toList());
    }
  }

  /** An enumeration. */
  record EnumType(long id, long version, Name name, State state, List<Label> labels)
      implements Descriptor {
    /**
     * One of its values.
     *
     * @param readOnly not promoted yet: it may be read and not written
     */
    public record Label(String text, boolean readOnly) {}

    @Override
    public EnumType next() {
      return new EnumType(id, version + 1, name, state, labels);
    }

    @Override
    public EnumType with(State other) {
      return new EnumType(id, version, name, other, labels);
    }

    public EnumType withLabels(List<Label> other) {
      return new EnumType(id, version, name, state, List.copyOf(other));
    }

    public EnumType withName(Name other) {
      return new EnumType(id, version, other, state, labels);
    }
  }

  /** A schema, whose name is its own schema here. */
  record Schema(long id, long version, Name name, State state) implements Descriptor {
    @Override
    public Schema next() {
      return new Schema(id, version + 1, name, state);
    }

    @Override
    public Schema with(State other) {
      return new Schema(id, version, name, other);
    }
  }
}
