package dev.pawl.engine.cockroach;

import static dev.pawl.engine.cockroach.Shadow.keys;
import static dev.pawl.engine.cockroach.Shadow.quoted;
import static dev.pawl.engine.cockroach.Shadow.type;

import dev.pawl.engine.cockroach.world.Column;
import dev.pawl.engine.cockroach.world.Constraint;
import dev.pawl.engine.cockroach.world.Descriptor;
import dev.pawl.engine.cockroach.world.Index;
import dev.pawl.engine.cockroach.world.Job;
import dev.pawl.engine.cockroach.world.Mutation;
import dev.pawl.engine.cockroach.world.SqlError;
import dev.pawl.engine.cockroach.world.World;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Rows that a schema change finds when it validates: duplicates, NULLs, what a CHECK forbids. */
final class Violations {
  private Violations() {}

  /** What the rows have against a job's being validated. */
  static Optional<SqlError> find(Backing backing, World world, Job job) throws IOException {
    if (job.stage() != Job.Stage.VALIDATE) {
      return Optional.empty();
    }
    for (var mutation : job.mutations()) {
      if (!(world.descriptors().get(mutation.descriptor()) instanceof Descriptor.Table table)) {
        continue;
      }
      if (mutation instanceof Mutation.AlterColumnType(_, var column, var to)) {
        var cast =
            backing.send(
                "SELECT " + quoted(column) + "::" + type(to) + " FROM " + quoted(table.name()));
        for (var message : cast.messages()) {
          if (message.type() == 'E') {
            return Optional.of(new SqlError(message.field('C'), message.field('M')));
          }
        }
      }
      var found =
          switch (mutation) {
            case Mutation.AddIndex m ->
                table.indexes().stream()
                    .filter(i -> i.number() == m.number() && i.unique())
                    .filter(i -> present(table, i.keys()))
                    .findFirst()
                    .map(
                        i ->
                            new Check(
                                duplicates(table, keys(i), i.predicate()),
                                "23505",
                                "violates unique constraint \"" + i.name() + "\""));
            case Mutation.AlterPrimaryKey m ->
                Optional.of(
                    new Check(
                        duplicates(
                            table,
                            m.keys().stream()
                                .map(k -> quoted(k.column()))
                                .collect(Collectors.joining(", ")),
                            Optional.empty()),
                        "23505",
                        "violates unique constraint \"" + m.name() + "\""));
            case Mutation.AddColumn m ->
                table
                    .column(m.column())
                    .filter(c -> c.notNull() && c.defaultTo().isEmpty())
                    .map(
                        c ->
                            new Check(
                                "SELECT 1 FROM " + quoted(table.name()) + " LIMIT 1",
                                "23502",
                                "null value in column \""
                                    + c.name()
                                    + "\" violates not-null constraint"));
            case Mutation.SetNotNull m ->
                Optional.of(
                    new Check(
                        "SELECT 1 FROM "
                            + quoted(table.name())
                            + " WHERE "
                            + quoted(m.column())
                            + " IS NULL LIMIT 1",
                        "23502",
                        "validation of NOT NULL constraint failed: " + m.column()));
            case Mutation.Validate m ->
                table
                    .constraint(m.constraint())
                    .filter(c -> c.kind() == Constraint.Kind.CHECK)
                    .map(
                        c ->
                            new Check(
                                "SELECT 1 FROM "
                                    + quoted(table.name())
                                    + " WHERE NOT ("
                                    + c.details().substring("CHECK ".length())
                                    + ") LIMIT 1",
                                "23514",
                                "validation of CHECK \"" + c.name() + "\" failed on row"));
            default -> Optional.<Check>empty();
          };
      if (found.isPresent() && !backing.demand(found.get().sql()).rows().isEmpty()) {
        return Optional.of(new SqlError(found.get().state(), found.get().message()));
      }
    }
    return Optional.empty();
  }

  private static boolean present(Descriptor.Table table, List<Index.Key> keys) {
    return keys.stream()
        .allMatch(
            k -> k.expression() || table.column(k.column()).filter(Column::isPublic).isPresent());
  }

  /** A query for a row that should give none. */
  private record Check(String sql, String state, String message) {}

  private static String duplicates(
      Descriptor.Table table, String keys, Optional<String> predicate) {
    return "SELECT 1 FROM "
        + quoted(table.name())
        + predicate.map(p -> " WHERE " + p).orElse("")
        + " GROUP BY "
        + keys
        + " HAVING count(*) > 1 AND count(("
        + keys
        + ")) > 0 LIMIT 1";
  }
}
