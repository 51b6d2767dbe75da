package dev.pawl.engine.verify;

import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.change.DropColumn;
import dev.pawl.engine.change.DropConstraint;
import dev.pawl.engine.change.DropIndex;
import dev.pawl.engine.change.DropObject;
import dev.pawl.engine.change.DropTable;
import dev.pawl.engine.change.Rename;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.SetSchema;
import dev.pawl.engine.plan.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a history says of the schema now: the changes that no later one supersedes. Read from the
 * end to the beginning; where a later statement may have changed anything, what comes before it is
 * not claimed.
 */
public final class Facts {
  private Facts() {}

  /** A change that still says something, and the step it comes from. */
  public record Fact(Step step, SchemaChange change) {}

  /** The facts of steps in the order they were applied. */
  public static List<Fact> of(List<Step> steps) {
    var facts = new ArrayList<Fact>();
    var superseded = new HashSet<String>();
    for (int k = steps.size() - 1; k >= 0; k--) {
      var step = steps.get(k);
      for (var change : step.changes().reversed()) {
        if (mayChangeAnything(change)) {
          return facts.reversed();
        }
        still(change, superseded).ifPresent(fact -> facts.add(new Fact(step, fact)));
        superseded.addAll(Subjects.supersededBy(change));
      }
    }
    return facts.reversed();
  }

  /** Of one step's changes, those that no later one of them is seen to supersede. */
  public static List<SchemaChange> lasting(List<SchemaChange> changes) {
    return each(changes).stream().flatMap(Optional::stream).toList();
  }

  /** What each of one step's changes still says after the later ones; empty where nothing. */
  public static List<Optional<SchemaChange>> each(List<SchemaChange> changes) {
    var each = new ArrayList<Optional<SchemaChange>>();
    var superseded = new HashSet<String>();
    for (var change : changes.reversed()) {
      each.add(still(change, superseded));
      superseded.addAll(Subjects.supersededBy(change));
    }
    return each.reversed();
  }

  /** Whether a later change makes that an earlier one says nothing any more. */
  public static boolean supersedes(SchemaChange later, SchemaChange earlier) {
    return !lasts(earlier, Set.copyOf(Subjects.supersededBy(later)));
  }

  /** Whether it takes away or renames what must be there. */
  public static boolean demands(SchemaChange change) {
    return switch (change) {
      case DropTable c -> !c.ifExists();
      case DropObject c -> !c.ifExists();
      case DropIndex c -> !c.ifExists();
      case DropColumn c -> !c.ifExists();
      case DropConstraint c -> !c.ifExists();
      case Rename c -> !c.ifExists();
      case SetSchema c -> !c.ifExists();
      default -> false;
    };
  }

  /** Whether what an earlier change speaks of may have another name or schema afterwards. */
  public static boolean renames(SchemaChange later, SchemaChange earlier) {
    return switch (later) {
      case Rename _, SetSchema _ ->
          mayChangeAnything(later) || !lasts(earlier, Set.copyOf(Subjects.of(later)));
      default -> false;
    };
  }

  /** Whether, after it, nothing that was said before can be relied on. */
  public static boolean mayChangeAnything(SchemaChange change) {
    return Subjects.mayChangeAnything(change);
  }

  /** What a change still says; of a table those parts that are as they were. */
  private static Optional<SchemaChange> still(SchemaChange change, Set<String> superseded) {
    if (!lasts(change, superseded)) {
      return Optional.empty();
    }
    return Optional.of(
        change instanceof CreateTable table
            ? new CreateTable(
                table.table(),
                table.ifNotExists(),
                table.unlogged(),
                table.asSelect(),
                table.partitionOf(),
                table.columns().stream().filter(c -> lasts(c, superseded)).toList(),
                table.constraints().stream().filter(c -> lasts(c, superseded)).toList(),
                table.indexes().stream().filter(c -> lasts(c, superseded)).toList(),
                table.body(),
                table.options())
            : change);
  }

  private static boolean lasts(SchemaChange change, Set<String> superseded) {
    return Subjects.of(change).stream().noneMatch(superseded::contains);
  }
}
