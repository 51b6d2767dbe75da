package dev.pawl.engine.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pawl.engine.change.FactJson;
import dev.pawl.engine.change.SchemaChange;
import dev.pawl.engine.dialect.Dialect;
import dev.pawl.engine.generate.VerifyFiles;
import dev.pawl.engine.lint.Lint;
import dev.pawl.engine.plan.InvalidSourceException;
import dev.pawl.engine.plan.Plan;
import dev.pawl.engine.plan.Planner;
import dev.pawl.engine.plan.Problem;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.plan.VersionsFile;
import dev.pawl.engine.sql.Checksum;
import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.Lexer;
import dev.pawl.engine.sql.Splitter;
import dev.pawl.engine.sql.TokenType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where text of others comes in, and what must hold of any text there: it is read, or refused in
 * sentences that name the file and a line of it. An {@link AssertionError} or any other throwable
 * is a finding.
 */
public enum Entrance {
  /** Tokens, statements, checksums. */
  LEXER {
    @Override
    void read(String text) {
      for (var kind : DatabaseKind.values()) {
        var joined = new StringBuilder();
        for (var token : Lexer.lex(text, kind)) {
          joined.append(token.text());
        }
        check(joined.toString().equals(text), "the tokens are not the text");
        for (var statement : Splitter.split(text, kind)) {
          check(text.startsWith(statement.text(), statement.start()), "a statement is not in it");
          new Checksum().add(statement).hex();
        }
      }
    }
  },

  /** A migration: planned, checked, its verify file generated and read back. */
  MIGRATION {
    @Override
    void read(String text) {
      for (var kind : DatabaseKind.values()) {
        var file = new SourceFile("0001_x.sql", text);
        var plan = plan(List.of(file), kind);
        for (var finding : Lint.check(List.of(file), kind)) {
          place(List.of(file), finding.file(), finding.line(), finding.message());
        }
        plan.steps().forEach(step -> step.changes().forEach(change -> asked(change, kind)));
        var wanted = VerifyFiles.of(List.of(file), kind).wanted();
        if (!wanted.isEmpty() && !plan.steps().isEmpty()) {
          var both = List.of(file, wanted.getFirst());
          var again = plan(both, kind);
          check(again.steps().size() == plan.steps().size(), "its verify file changes its steps");
          check(VerifyFiles.of(both, kind).findings().isEmpty(), "its verify file is stale");
        }
      }
    }
  },

  /** A verify file beside a migration. */
  VERIFY_FILE {
    @Override
    void read(String text) {
      for (var kind : DatabaseKind.values()) {
        var files =
            List.of(
                new SourceFile("0001_x.sql", "CREATE INDEX CONCURRENTLY \"i d\" ON t (a)"),
                new SourceFile("0001_x.verify.sql", text));
        plan(files, kind);
        for (var finding : VerifyFiles.of(files, kind).findings()) {
          place(files, finding.file(), finding.line(), finding.message());
        }
      }
    }
  },

  /** The JSON of a fact. */
  FACT {
    @Override
    void read(String text) {
      try {
        var change = FactJson.read(text);
        check(FactJson.read(FactJson.write(change)).equals(change), "does not come back");
        for (var kind : DatabaseKind.values()) {
          asked(change, kind);
        }
      } catch (FactJson.MalformedException e) {
        sentence(e.getMessage());
      }
    }
  },

  /** The names of files, one a line. */
  LAYOUT {
    @Override
    void read(String text) {
      var files = new LinkedHashMap<String, SourceFile>();
      for (var path : text.split("\n", 50)) {
        files.put(path, new SourceFile(path, "SELECT 1"));
      }
      planned(files);
    }
  },

  /** A versions.txt beside folders. */
  VERSIONS {
    @Override
    void read(String text) {
      var files = new LinkedHashMap<String, SourceFile>();
      for (var path : List.of("versions.txt", "add-index/up.sql", "12.0.0/up01.sql", "b/up.sql")) {
        files.put(path, new SourceFile(path, path.endsWith("t") ? text : "SELECT 1"));
      }
      planned(files);
      VersionsFile.of(files.values());
    }
  };

  /** Reads any text. */
  abstract void read(String text);

  /** Reads any bytes: what is no UTF-8 is told before anything is read of it. */
  void read(byte[] bytes) {
    var text = new String(bytes, UTF_8);
    // A fuzzer finds the words that give a fault away, and hands them in for Pawl to repeat.
    if (FAULTS.stream().noneMatch(text::contains)) {
      read(text);
    }
  }

  /** What no sentence says by itself. */
  private static final List<String> FAULTS = List.of("defect of Pawl", "Exception", "dev.pawl");

  private static void planned(Map<String, SourceFile> files) {
    for (var kind : DatabaseKind.values()) {
      plan(List.copyOf(files.values()), kind);
      Planner.inspect(files.values(), kind)
          .problems()
          .forEach(p -> place(List.copyOf(files.values()), p.file(), p.line(), p.message()));
    }
  }

  /** The plan, or an empty one where the source is refused as it should be. */
  private static Plan plan(List<SourceFile> files, DatabaseKind kind) {
    try {
      return Planner.plan(files, kind);
    } catch (InvalidSourceException e) {
      check(!e.problems().isEmpty(), "refused without a problem");
      for (Problem problem : e.problems()) {
        place(files, problem.file(), problem.line(), problem.message());
        check(problem.toString().lines().count() == 1, "more than a line: " + problem);
      }
      return new Plan(List.of());
    }
  }

  private static void place(List<SourceFile> files, String file, int line, String message) {
    var named = files.stream().filter(f -> f.path().equals(file)).findFirst();
    check(named.isPresent(), "no such file: " + file);
    long lines = 1 + named.get().text().chars().filter(c -> c == '\n' || c == '\r').count();
    check(line >= 0 && line <= lines, "no such line: " + line + " of " + lines);
    sentence(message);
  }

  private static void sentence(String message) {
    check(message != null && !message.isBlank(), "no sentence");
    check(FAULTS.stream().noneMatch(message::contains), message);
  }

  /** Of a change that was read, what the server is asked must be one statement, as it lexes. */
  private static void asked(SchemaChange change, DatabaseKind kind) {
    check(!change.describe().isBlank(), "nothing is said of it");
    String sql;
    try {
      sql = Dialect.of(kind).predicate(change).orElse("SELECT true");
    } catch (IllegalArgumentException e) {
      sentence(e.getMessage()); // NUL, which is in no name that a server has
      return;
    }
    var statements = new ArrayList<>(Splitter.split(sql, kind));
    check(statements.size() == 1, "not one statement: " + sql);
    check(
        statements.getFirst().tokens().stream()
            .noneMatch(t -> t.type() == TokenType.UNTERMINATED || t.type() == TokenType.OTHER),
        "not SQL: " + sql);
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
