package dev.pawl.e2e.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A made-up history of migrations of one stream, as long as one likes. The same seed and name give
 * the same history. Knows of each step what shows in the database that it is done, independently of
 * Pawl.
 */
final class History {
  /** Rows with ids from here on are not the history's: a fault has put them there. */
  static final int FOREIGN_ID = 1_000_000;

  private static final int FEW_TABLES = 4;

  /** What the future holds is known to those who meddle with it. */
  private static final int AHEAD = 4;

  /**
   * What is executed and verified as one.
   *
   * @param id version#ordinal, as in the status
   */
  record Step(String id, String sql, Proof proof) {
    int version() {
      return Integer.parseInt(id.substring(0, id.indexOf('#')));
    }
  }

  /** What shows that a step is done. */
  sealed interface Proof {
    /** Its row in the stream's table of effects, which its transaction writes. */
    record Row() implements Proof {}

    /** An index that is valid. */
    record Valid(String index) implements Proof {}

    /** An index that is no longer there. */
    record Gone(String index) implements Proof {}

    /** Nothing but the ledger. */
    record None() implements Proof {}
  }

  /** One migration file. */
  record Version(int number, List<Step> steps) {
    String file() {
      return "%04d_change.sql".formatted(number);
    }

    String sql() {
      return String.join("\n", steps.stream().map(Step::sql).toList());
    }
  }

  /** A table as it will be after the last version made so far. */
  private static final class Table {
    final String name;
    final TreeMap<String, Column> columns = new TreeMap<>();
    final List<String> indexes = new ArrayList<>();
    final List<String> unvalidated = new ArrayList<>();
    int rows;

    Table(String name, int rows) {
      this.name = name;
      this.rows = rows;
    }

    List<String> columns(java.util.function.Predicate<Column> which) {
      return columns.entrySet().stream()
          .filter(e -> which.test(e.getValue()))
          .map(java.util.Map.Entry::getKey)
          .toList();
    }
  }

  /** Of a column what later changes depend on. */
  private static final class Column {
    boolean filled;
    boolean notNull;
    boolean used;
  }

  private final String stream;
  private final Dice dice;
  private final List<Table> tables = new ArrayList<>();
  private final List<Version> versions = new ArrayList<>();
  private final List<Version> ahead = new ArrayList<>();
  private int names;

  /**
   * @param stream its name, with which the names of all its tables begin: letters and digits
   */
  History(String stream, long seed) {
    this.stream = stream;
    this.dice = new Dice(seed, stream);
  }

  /** The table with one row a step in a transaction. */
  static String effects(String stream) {
    return stream + "_effect";
  }

  String stream() {
    return stream;
  }

  /** All published so far, in order. */
  synchronized List<Version> versions() {
    return List.copyOf(versions);
  }

  /** Those that will be published next, as far as they are thought of. */
  synchronized List<Version> ahead() {
    while (ahead.size() < AHEAD) {
      ahead.add(make(versions.size() + ahead.size() + 1));
    }
    return List.copyOf(ahead);
  }

  /** Publishes the next version. */
  synchronized Version next() {
    ahead();
    versions.add(ahead.removeFirst());
    return versions.getLast();
  }

  private Version make(int number) {
    var draft = new Draft(number);
    if (number == 1) {
      draft.add("CREATE TABLE %s (step text NOT NULL);".formatted(effects(stream)));
      draft.add("CREATE TABLE %s_counter (n int NOT NULL);".formatted(stream));
      draft.add("INSERT INTO %s_counter VALUES (0);".formatted(stream));
      createTable(draft);
    } else {
      int acts = dice.between(1, 3);
      for (int n = 0; n < acts; n++) {
        act(draft);
      }
    }
    return draft.version();
  }

  private void act(Draft draft) {
    var table = dice.of(tables);
    switch (dice.below(14)) {
      case 0 -> {
        if (tables.size() < FEW_TABLES || dice.percent(10)) {
          createTable(draft);
        } else {
          count(draft);
        }
      }
      case 1, 2 -> addColumn(draft, table);
      case 3 -> backfill(draft, table);
      case 4 -> constrain(draft, table);
      case 5 -> validate(draft, table);
      case 6 -> index(draft, table);
      case 7, 8, 9 -> indexConcurrently(draft, table);
      case 10 -> dropIndex(draft, table);
      case 11 -> dropColumn(draft, table);
      case 12 -> changeRows(draft, table);
      default -> count(draft);
    }
  }

  private String name(Table table, String kind) {
    return table.name + "_" + kind + ++names;
  }

  private void createTable(Draft draft) {
    var table = new Table(stream + "_t" + ++names, dice.between(150, 400));
    tables.add(table);
    draft.add(
        """
        CREATE TABLE %1$s (id int PRIMARY KEY, u int NOT NULL, note text);
        INSERT INTO %1$s SELECT g, g * 7, 'row ' || g FROM generate_series(1, %2$d) g;\
        """
            .formatted(table.name, table.rows));
  }

  private void addColumn(Draft draft, Table table) {
    var name = "c" + ++names;
    var column = new Column();
    column.filled = dice.percent(50);
    column.notNull = column.filled;
    table.columns.put(name, column);
    draft.add(
        "ALTER TABLE %s ADD COLUMN %s int%s;"
            .formatted(table.name, name, column.filled ? " NOT NULL DEFAULT 5" : ""));
  }

  private void backfill(Draft draft, Table table) {
    var empty = table.columns(c -> !c.filled);
    if (empty.isEmpty()) {
      addColumn(draft, table);
      return;
    }
    var column = dice.of(empty);
    table.columns.get(column).filled = true;
    draft.add("UPDATE %s SET %s = 1 + id %% 10;".formatted(table.name, column));
  }

  /** NOT NULL, a CHECK that is not validated yet, or a FOREIGN KEY likewise. */
  private void constrain(Draft draft, Table table) {
    var filled = table.columns(c -> c.filled);
    if (filled.isEmpty()) {
      backfill(draft, table);
      return;
    }
    var name = dice.of(filled);
    var column = table.columns.get(name);
    column.used = true;
    switch (dice.below(3)) {
      case 0 -> {
        column.notNull = true;
        draft.add("ALTER TABLE %s ALTER COLUMN %s SET NOT NULL;".formatted(table.name, name));
      }
      case 1 ->
          unvalidated(draft, table, name(table, "check"), "CHECK (%s BETWEEN 0 AND 99)", name);
      default ->
          unvalidated(
              draft,
              table,
              name(table, "fk"),
              "FOREIGN KEY (%s) REFERENCES " + dice.of(tables).name + " (id)",
              name);
    }
  }

  private static void unvalidated(
      Draft draft, Table table, String constraint, String what, String column) {
    table.unvalidated.add(constraint);
    draft.add(
        "ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID;"
            .formatted(table.name, constraint, what.formatted(column)));
  }

  private void validate(Draft draft, Table table) {
    if (table.unvalidated.isEmpty()) {
      constrain(draft, table);
      return;
    }
    draft.add(
        "ALTER TABLE %s VALIDATE CONSTRAINT %s;"
            .formatted(table.name, table.unvalidated.removeFirst()));
  }

  /** What an index is on: a column, the unique one, or what takes its time. */
  private String keys(Table table) {
    var columns = table.columns(c -> true);
    if (columns.isEmpty() || dice.percent(40)) {
      return "slow(id)";
    }
    var column = dice.of(columns);
    table.columns.get(column).used = true;
    return dice.percent(50) ? column : column + ", slow(id)";
  }

  private void index(Draft draft, Table table) {
    var name = name(table, "idx");
    table.indexes.add(name);
    draft.add("CREATE INDEX %s ON %s (%s);".formatted(name, table.name, keys(table)));
  }

  private void indexConcurrently(Draft draft, Table table) {
    boolean unique = dice.percent(35);
    var name = name(table, unique ? "key" : "idx");
    table.indexes.add(name);
    draft.alone(
        "CREATE %sINDEX CONCURRENTLY %s%s ON %s (%s);"
            .formatted(
                unique ? "UNIQUE " : "",
                dice.percent(50) ? "IF NOT EXISTS " : "",
                name,
                table.name,
                unique ? dice.of(List.of("u", "slow(u)")) : keys(table)),
        new Proof.Valid(name));
  }

  private void dropIndex(Draft draft, Table table) {
    if (table.indexes.size() < 3) {
      indexConcurrently(draft, table);
      return;
    }
    var name = table.indexes.removeFirst();
    if (dice.percent(50)) {
      draft.alone("DROP INDEX CONCURRENTLY %s;".formatted(name), new Proof.Gone(name));
    } else {
      draft.add("DROP INDEX %s;".formatted(name));
    }
  }

  private void dropColumn(Draft draft, Table table) {
    var unused = table.columns(c -> !c.used);
    if (unused.size() < 3) {
      addColumn(draft, table);
      return;
    }
    var column = dice.of(unused);
    table.columns.remove(column);
    draft.add("ALTER TABLE %s DROP COLUMN %s;".formatted(table.name, column));
  }

  private void changeRows(Draft draft, Table table) {
    if (dice.percent(25)) {
      draft.alone("VACUUM %s;".formatted(table.name), new Proof.None());
      return;
    }
    if (dice.percent(30)) {
      draft.add(
          "DELETE FROM %s WHERE id > 20 AND id < %d AND id %% 53 = %d;"
              .formatted(table.name, FOREIGN_ID, dice.below(53)));
      return;
    }
    var columns = table.columns(c -> c.filled);
    draft.add(
        "INSERT INTO %s (id, u, note%s) SELECT g, g * 7, 'more'%s FROM generate_series(%d, %d) g;"
            .formatted(
                table.name,
                columns.stream().map(c -> ", " + c).reduce("", String::concat),
                ", 1 + g % 10".repeat(columns.size()),
                table.rows + 1,
                table.rows + 15));
    table.rows += 15;
  }

  private void count(Draft draft) {
    draft.add("UPDATE %s_counter SET n = n + 1;".formatted(stream));
  }

  /** A version in the making: what can run in a transaction is collected into one step. */
  private final class Draft {
    private final int number;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> open = new ArrayList<>();

    Draft(int number) {
      this.number = number;
    }

    void add(String statement) {
      open.add(statement);
    }

    void alone(String statement, Proof proof) {
      close();
      steps.add(new Step(id(), statement, proof));
    }

    private String id() {
      return number + "#" + (steps.size() + 1);
    }

    private void close() {
      if (!open.isEmpty()) {
        open.add(
            "INSERT INTO %s SELECT '%s' FROM wait(%d);"
                .formatted(effects(stream), id(), dice.percent(30) ? dice.between(100, 500) : 10));
        steps.add(new Step(id(), String.join("\n", open), new Proof.Row()));
        open.clear();
      }
    }

    Version version() {
      close();
      return new Version(number, List.copyOf(steps));
    }
  }
}
