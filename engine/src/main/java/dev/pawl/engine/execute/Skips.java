package dev.pawl.engine.execute;

import dev.pawl.engine.change.AddColumn;
import dev.pawl.engine.change.AddEnumValue;
import dev.pawl.engine.change.AlterColumn;
import dev.pawl.engine.change.Classifier;
import dev.pawl.engine.change.CreateIndex;
import dev.pawl.engine.change.CreateMaterializedView;
import dev.pawl.engine.change.CreateObject;
import dev.pawl.engine.change.CreateTable;
import dev.pawl.engine.change.DropColumn;
import dev.pawl.engine.change.DropIndex;
import dev.pawl.engine.change.DropObject;
import dev.pawl.engine.change.DropTable;
import dev.pawl.engine.change.Procedural;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.change.SessionSetting;
import dev.pawl.engine.plan.Step;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Splitter;
import dev.pawl.engine.sql.Statement;
import dev.pawl.engine.sql.Token;
import dev.pawl.engine.verify.Facts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the IF NOT EXISTS of a step in a transaction passed over.
 *
 * @param compared what it would have made can be compared with what is there
 * @param blind only a person can tell whether it can stay
 */
record Skips(List<Skip> compared, List<Blind> blind) {
  private static final String GAP = "(?:\\s|/\\*[^*]{0,200}\\*/|--[^\\n]{0,200}\\n)++";

  /** Of DDL; {@code IF NOT EXISTS (SELECT …)} is PL/pgSQL's. */
  private static final Pattern IF_NOT_EXISTS =
      Pattern.compile(
          "\\bIF" + GAP + "NOT" + GAP + "EXISTS\\b(?!\\s*+\\()", Pattern.CASE_INSENSITIVE);

  /**
   * What cannot be compared.
   *
   * @param line in the author's file
   * @param what the statement, or the server's notice
   */
  record Blind(int line, String what) {}

  /** Whether a step may pass over something: then its commit does not verify it yet. */
  static boolean possible(Step step) {
    return step.changes().stream().anyMatch(Skip::possible)
        || IF_NOT_EXISTS.matcher(step.sql()).find();
  }

  /**
   * Those that nothing later in the step takes away; none of what ends with its session.
   *
   * @param heard every notice of the step; empty where some may have been missed: then whatever may
   *     have been passed over counts as such
   */
  static Skips of(Step step, DatabaseKind kind, Optional<List<Notice>> heard) {
    return heard.isPresent() && heard.get().stream().noneMatch(Notice::skipped)
        ? new Skips(List.of(), List.of())
        : new Reading(step, kind).skips(heard);
  }

  /** A change with the statement it comes from. */
  private record Candidate(SchemaChange change, Statement statement, List<String> settings) {
    /** All of them stand in the notice that it was passed over. */
    private List<String> names() {
      return switch (change) {
        case CreateObject c -> List.of(c.name().name());
        case CreateTable c -> List.of(c.table().name());
        case AddColumn c -> List.of(c.table().name(), c.column());
        case CreateIndex c -> c.name().stream().toList();
        case AddEnumValue c -> List.of(c.label());
        case CreateMaterializedView c -> List.of(c.view().name());
        default -> List.of();
      };
    }

    private boolean isNamedIn(Notice notice) {
      return names().stream().allMatch(notice::names);
    }

    private boolean temporary(List<SchemaChange> ofStatement) {
      return ofStatement.size() > 1 && ofStatement.getLast() instanceof SessionSetting;
    }
  }

  /** The statements of a step, read once more. */
  private static final class Reading {
    private final Step step;
    private final List<SchemaChange> changes = new ArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();

    /** The place of each candidate among the changes. */
    private final List<Integer> places = new ArrayList<>();

    /** Those of them that are no concern after the session. */
    private final List<Candidate> temporary = new ArrayList<>();

    /** Statements with an IF NOT EXISTS of which nothing is known. */
    private final List<Candidate> unread = new ArrayList<>();

    private final List<Candidate> blocks = new ArrayList<>();
    private boolean inBodies;

    Reading(Step step, DatabaseKind kind) {
      this.step = step;
      var settings = new ArrayList<>(step.prologue());
      for (var statement : Splitter.split(step.sql(), kind)) {
        var read = Classifier.classify(statement, kind);
        Skip.searchPath(statement, read).ifPresent(settings::add);
        read(statement, read, List.copyOf(settings));
      }
    }

    private void read(Statement statement, List<SchemaChange> read, List<String> settings) {
      boolean known = false;
      for (var change : read) {
        if (Skip.possible(change)) {
          known = true;
          var candidate = new Candidate(change, statement, settings);
          candidates.add(candidate);
          places.add(changes.size());
          if (candidate.temporary(read)) {
            temporary.add(candidate);
          }
        }
        changes.add(change);
      }
      var first = new Candidate(read.getFirst(), statement, settings);
      var words = statement.tokens().stream().filter(t -> t.type().grammatical()).toList();
      if (!known
          && Collections.indexOfSubList(
                  words.stream().map(Token::keyword).toList(), List.of("IF", "NOT", "EXISTS"))
              >= 0) {
        unread.add(first);
      }
      if (words.stream().anyMatch(Reading::hasInBody)) {
        inBodies = true;
        if (first.change() instanceof Procedural) {
          blocks.add(first);
        }
      }
    }

    private static boolean hasInBody(Token token) {
      return switch (token.type()) {
        case STRING, ESCAPE_STRING, UNICODE_STRING, NATIONAL_STRING, DOLLAR_STRING ->
            IF_NOT_EXISTS.matcher(token.text()).find();
        default -> false;
      };
    }

    Skips skips(Optional<List<Notice>> heard) {
      var blind = new ArrayList<Blind>();
      var passedOver =
          heard.map(notices -> named(notices, blind)).orElseGet(() -> List.copyOf(candidates));
      if (heard.isEmpty()) {
        unread.forEach(c -> blind.add(blind(c)));
        blocks.forEach(c -> blind.add(blind(c)));
      }
      var compared = new ArrayList<Skip>();
      var still = Facts.each(changes);
      for (int k = 0; k < candidates.size(); k++) {
        var candidate = candidates.get(k);
        if (passedOver.contains(candidate) && !temporary.contains(candidate)) {
          int place = places.get(k);
          switch (fate(place)) {
            case LASTS ->
                compared.add(
                    new Skip(
                        asAsked(candidate.change(), still.get(place), place),
                        candidate.settings(),
                        line(candidate)));
            case HIDDEN -> blind.add(blind(candidate));
            case GONE -> {
              // Whatever it was.
            }
          }
        }
      }
      return new Skips(List.copyOf(compared), List.copyOf(blind));
    }

    /** Where two may be meant by a notice, both. */
    private List<Candidate> named(List<Notice> notices, List<Blind> blind) {
      var named = new ArrayList<Candidate>();
      for (var notice : notices) {
        if (!notice.skipped() || notice.inside() && !inBodies) {
          continue; // a function that was there before answers for itself
        }
        var meant =
            notice.inside()
                ? List.<Candidate>of()
                : candidates.stream().filter(c -> c.isNamedIn(notice)).toList();
        named.addAll(meant);
        if (meant.isEmpty()) {
          var from = notice.inside() ? blocks : unread;
          blind.add(
              new Blind(from.size() == 1 ? line(from.getFirst()) : step.line(), notice.message()));
        }
      }
      return named;
    }

    private enum Fate {
      /** It is still as it was passed over. */
      LASTS,
      /** The step itself has dropped it. */
      GONE,
      /** The step has made something else of it. */
      HIDDEN
    }

    private Fate fate(int place) {
      var change = changes.get(place);
      for (var later : changes.subList(place + 1, changes.size())) {
        if (Facts.renames(later, change)) {
          return Fate.HIDDEN;
        }
        if (!Facts.supersedes(later, change) || Skip.possible(later) || tightens(later, change)) {
          continue;
        }
        return switch (later) {
          case DropTable _, DropObject _, DropIndex _, DropColumn _ -> Fate.GONE;
          default -> Fate.HIDDEN;
        };
      }
      return Fate.LASTS;
    }

    private static boolean tightens(SchemaChange later, SchemaChange change) {
      return later instanceof AlterColumn alter
          && alter.action() == AlterColumn.Action.SET_NOT_NULL
          && change instanceof AddColumn column
          && alter.table().equals(column.table())
          && alter.column().equals(column.column());
    }

    /** What it asks for, with what the step itself makes of it afterwards. */
    private SchemaChange asAsked(SchemaChange change, Optional<SchemaChange> still, int place) {
      var later = changes.subList(place + 1, changes.size());
      return switch (change) {
        case AddColumn c -> tightened(c, later);
        case CreateTable c ->
            still.orElse(c) instanceof CreateTable t
                ? t.withColumns(
                    c.columns().stream()
                        .filter(
                            column ->
                                later.stream()
                                    .noneMatch(
                                        l ->
                                            Facts.supersedes(l, column)
                                                && !tightens(l, column)
                                                && !Skip.possible(l)))
                        .map(column -> tightened(column, later))
                        .toList())
                : c;
        default -> still.orElse(change);
      };
    }

    /** A column that a later statement makes NOT NULL. */
    private static AddColumn tightened(AddColumn column, List<SchemaChange> later) {
      return later.stream().anyMatch(l -> tightens(l, column))
          ? new AddColumn(
              column.table(),
              column.column(),
              column.type(),
              true,
              column.hasDefault(),
              column.definition(),
              column.ifNotExists())
          : column;
    }

    private int line(Candidate candidate) {
      return step.line() + candidate.statement().line() - 1;
    }

    private Blind blind(Candidate candidate) {
      return new Blind(line(candidate), candidate.change().describe());
    }
  }
}
