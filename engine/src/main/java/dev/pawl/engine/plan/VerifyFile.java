package dev.pawl.engine.plan;

import dev.pawl.engine.change.FactJson;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.sql.Checksum;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Lexer;
import dev.pawl.engine.sql.Statement;
import dev.pawl.engine.sql.Token;
import dev.pawl.engine.sql.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A .verify.sql: one SELECT for each step of its migration that runs outside a transaction, in
 * their order; of a migration with one such step, a person may write several. Lines before a SELECT
 * say what it is for: {@code -- pawl: statement sha256:…}, the checksum of the statement that it
 * was made for; {@code -- pawl: fact {…}}, what that statement does; {@code -- pawl: verify none
 * because …}, that it tells nothing and is not asked. The line {@code -- pawl: generated DIALECT}
 * at the top says that {@code pawl generate} may write it anew.
 */
public final class VerifyFile {
  private static final String GENERATED = "generated";
  private static final String STATEMENT = "statement";
  private static final String FACT = "fact";
  private static final String HASH = "sha256:";
  private static final String GENERATE = "run `pawl generate` on its folder";

  /** Where there is none. */
  static final VerifyFile NONE =
      new VerifyFile(new SourceFile("", ""), Optional.empty(), List.of());

  /**
   * One SELECT.
   *
   * @param checksum of the statement it was made for; empty where nothing says so
   * @param facts what that statement does; none where nothing says so
   * @param none it tells nothing
   */
  record Predicate(
      Statement select, Optional<String> checksum, List<SchemaChange> facts, boolean none) {}

  private final SourceFile file;
  private final Optional<DatabaseKind> generatedFor;
  private final List<Predicate> predicates;
  private final List<Statement> used = new ArrayList<>(1);

  private VerifyFile(
      SourceFile file, Optional<DatabaseKind> generatedFor, List<Predicate> predicates) {
    this.file = file;
    this.generatedFor = generatedFor;
    this.predicates = predicates;
  }

  /** What a file says; what it may not say is added to the problems. */
  static VerifyFile read(SourceFile file, DatabaseKind kind, List<Problem> problems) {
    var statements = Script.read(file, kind, problems).map(Script::statements).orElse(List.of());
    var predicates = new ArrayList<Predicate>(statements.size());
    Optional<DatabaseKind> generatedFor = Optional.empty();
    for (var statement : statements) {
      checkSelect(statement, file, problems);
      var reader = new Lines(file, problems);
      statement.directives().forEach(reader::read);
      predicates.add(
          new Predicate(statement, reader.checksum, List.copyOf(reader.facts), reader.none));
      if (predicates.size() == 1) {
        generatedFor = reader.generatedFor;
      }
    }
    generatedFor
        .filter(other -> other != kind)
        .ifPresent(
            other ->
                problems.add(
                    new Problem(
                        file.path(),
                        0,
                        0,
                        "was made for "
                            + name(other)
                            + ", and this is "
                            + name(kind)
                            + ": run `pawl generate --dialect "
                            + name(kind)
                            + "` on its folder")));
    return new VerifyFile(file, generatedFor, predicates);
  }

  /** The database that a verify file was generated for; empty where a person has written it. */
  public static Optional<DatabaseKind> generatedFor(SourceFile file) {
    for (var token : Lexer.lex(file.text(), DatabaseKind.POSTGRESQL)) {
      if (token.type().grammatical()) {
        break;
      }
      if (token.type() == TokenType.DIRECTIVE) {
        for (var kind : DatabaseKind.values()) {
          if (token.directive().equals(GENERATED + " " + name(kind))) {
            return Optional.of(kind);
          }
        }
      }
    }
    return Optional.empty();
  }

  /** A database's name as {@code -- pawl: generated} and {@code --dialect} say it. */
  public static String name(DatabaseKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static void checkSelect(Statement statement, SourceFile file, List<Problem> problems) {
    var first =
        statement.tokens().stream().filter(t -> t.type().grammatical()).findFirst().orElseThrow();
    boolean query =
        first.is('(')
            || switch (first.keyword()) {
              case "SELECT", "WITH", "VALUES", "TABLE" -> true;
              default -> false;
            };
    if (!query) {
      problems.add(
          new Problem(
              file.path(),
              statement.line(),
              statement.column(),
              "a verify file holds nothing but SELECTs that return one boolean: remove this"));
    }
  }

  /** The lines before one SELECT. */
  private static final class Lines {
    private final SourceFile file;
    private final List<Problem> problems;
    private Optional<DatabaseKind> generatedFor = Optional.empty();
    private Optional<String> checksum = Optional.empty();
    private final List<SchemaChange> facts = new ArrayList<>(1);
    private boolean none;

    Lines(SourceFile file, List<Problem> problems) {
      this.file = file;
      this.problems = problems;
    }

    void read(Token line) {
      var text = line.directive();
      int end = text.indexOf(' ');
      var word = end < 0 ? text : text.substring(0, end);
      var rest = end < 0 ? "" : text.substring(end).strip();
      switch (word) {
        case GENERATED -> generated(line, rest);
        case STATEMENT -> {
          if (rest.matches(HASH + "[0-9a-f]{64}")) {
            checksum = Optional.of(rest.substring(HASH.length()));
          } else {
            problem(line, 0, "after 'statement' must stand " + HASH + " and 64 hex digits");
          }
        }
        case FACT -> fact(line, rest);
        default -> {
          none = Directive.verifyNone(text).isPresent();
          if (!none) {
            problem(
                line,
                0,
                "Pawl does not know this '-- pawl:' line: in a verify file it may say 'generated',"
                    + " 'statement', 'fact' or 'verify none because …'");
          }
        }
      }
    }

    private void generated(Token line, String rest) {
      for (var kind : DatabaseKind.values()) {
        if (name(kind).equals(rest)) {
          generatedFor = Optional.of(kind);
          return;
        }
      }
      problem(line, 0, "after 'generated' must stand postgresql or cockroachdb");
    }

    private void fact(Token line, String json) {
      if (checksum.isEmpty()) {
        problem(
            line,
            0,
            "a fact holds only for the statement that it was made for, and no line '-- pawl:"
                + " statement sha256:…' before it names one: remove it, or "
                + GENERATE);
        return;
      }
      try {
        facts.add(FactJson.read(json));
      } catch (FactJson.MalformedException e) {
        problem(
            line,
            line.text().indexOf(json) + Math.max(0, e.column() - 1),
            e.getMessage() + ": remove this line, or " + GENERATE);
      }
    }

    private void problem(Token line, int offset, String message) {
      problems.add(new Problem(file.path(), line.line(), line.column() + offset, message));
    }
  }

  /** A person answers for its SELECTs. */
  boolean handWritten() {
    return this != NONE && generatedFor.isEmpty();
  }

  boolean exists() {
    return this != NONE;
  }

  /** What a statement does, where the file says so of exactly this one. */
  Optional<List<SchemaChange>> facts(Statement statement) {
    Optional<String> checksum = Optional.empty();
    for (var predicate : predicates) {
      if (!predicate.facts().isEmpty()) {
        checksum = checksum.or(() -> Optional.of(checksum(statement)));
        if (predicate.checksum().equals(checksum)) {
          return Optional.of(predicate.facts());
        }
      }
    }
    return Optional.empty();
  }

  /** What {@code -- pawl: statement sha256:} says of a statement. */
  public static String checksum(Statement statement) {
    return new Checksum().add(statement).hex();
  }

  /**
   * The SELECT of the next step outside a transaction; empty where it tells nothing.
   *
   * @param alone whether the migration has no other: then all of a hand-written file is about it
   */
  Optional<String> next(Statement step, boolean alone) {
    int place = used.size();
    used.add(step);
    int end = alone && handWritten() ? predicates.size() : place + 1;
    var asked =
        predicates
            .subList(Math.min(place, predicates.size()), Math.min(end, predicates.size()))
            .stream()
            .filter(predicate -> !predicate.none())
            .map(predicate -> predicate.select().text())
            .toList();
    return asked.isEmpty()
        ? Optional.empty()
        : Optional.of(
            asked.size() == 1
                ? asked.getFirst()
                : "SELECT (\n" + String.join("\n) AND (\n", asked) + "\n)");
  }

  /** Once every step has had its SELECT: whether they are as many, and made for these. */
  void check(SourceFile migration, List<Problem> problems) {
    if (!exists()) {
      return;
    }
    boolean several = used.size() == 1 && handWritten() && !predicates.isEmpty();
    if (used.size() != predicates.size() && !several) {
      problems.add(new Problem(file.path(), 0, 0, miscounted(migration)));
      return;
    }
    for (int k = 0; k < predicates.size(); k++) {
      var predicate = predicates.get(k);
      var step = used.get(several ? 0 : k);
      if (predicate.checksum().isPresent() && !predicate.checksum().get().equals(checksum(step))) {
        problems.add(
            new Problem(
                file.path(),
                predicate.select().line(),
                predicate.select().column(),
                "is stale, for "
                    + migration.path()
                    + ":"
                    + step.line()
                    + " has changed since this SELECT was made: "
                    + (handWritten() ? "make it fit, and remove its '-- pawl:' lines" : GENERATE)));
      }
    }
  }

  private String miscounted(SourceFile migration) {
    var counts =
        "holds "
            + count(predicates.size(), "SELECT")
            + ", but "
            + migration.path()
            + " has "
            + count(used.size(), "step")
            + (used.size() == 1 ? " that runs" : " that run")
            + " outside a transaction: ";
    if (!handWritten()) {
      return "is stale: it " + counts + GENERATE;
    }
    return counts
        + (used.isEmpty()
            ? "delete it, for the commit of a transaction is its verification"
            : "write one for each, in their order, separated by semicolons");
  }

  private static String count(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }
}
