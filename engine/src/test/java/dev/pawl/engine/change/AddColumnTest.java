package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AddColumnTest {
  private static final QualifiedName T = QualifiedName.of("t");

  private static SchemaChange add(String column) {
    return postgresql("ALTER TABLE t ADD COLUMN " + column);
  }

  @Test
  void keepsTheTypeAsWritten() {
    assertThat(add("c text")).isEqualTo(new AddColumn(T, "c", "text", false, false, "text", false));
    assertThat(add("IF NOT EXISTS \"C\" timestamp(3) with time zone[] COLLATE \"C\""))
        .isEqualTo(
            new AddColumn(
                T,
                "C",
                "timestamp(3) with time zone[]",
                false,
                false,
                "timestamp(3) with time zone[] COLLATE \"C\"",
                true));
    assertThat(postgresql("ALTER TABLE ONLY t ADD c numeric(10, 2) NOT NULL DEFAULT 0"))
        .isEqualTo(
            new AddColumn(
                T, "c", "numeric(10, 2)", true, true, "numeric(10, 2) NOT NULL DEFAULT 0", false));
    assertThat(add("c double precision NULL"))
        .isEqualTo(
            new AddColumn(
                T, "c", "double precision", false, false, "double precision NULL", false));
  }

  @Test
  void knowsComputedColumnsAndIdentities() {
    assertThat(add("c int GENERATED ALWAYS AS (a + 1) STORED"))
        .isEqualTo(
            new AddColumn(
                T, "c", "int", false, true, "int GENERATED ALWAYS AS (a + 1) STORED", false));
    assertThat(cockroachdb("ALTER TABLE t ADD COLUMN c INT AS (a + 1) VIRTUAL"))
        .isEqualTo(new AddColumn(T, "c", "INT", false, true, "INT AS (a + 1) VIRTUAL", false));
  }

  @Test
  void bringsItsConstraintsAsChangesOfTheirOwn() {
    assertThat(
            Classified.all(
                DatabaseKind.COCKROACHDB,
                "ALTER TABLE t ADD COLUMN c INT UNIQUE CHECK (c > 0) REFERENCES u (id)"))
        .containsExactly(
            new AddColumn(T, "c", "INT", false, false, "INT", false),
            constraint(AddConstraint.Kind.UNIQUE, "UNIQUE (\"c\")", "c"),
            constraint(AddConstraint.Kind.CHECK, "CHECK (c > 0)"),
            reference(null, "(id)"));
  }

  @Test
  void knowsTheNamesOfItsConstraintsAndWhatIsNoDefault() {
    assertThat(
            Classified.all(
                DatabaseKind.POSTGRESQL,
                "ALTER TABLE t ADD c int CONSTRAINT n NOT NULL CONSTRAINT \"F\" REFERENCES u ON"
                    + " DELETE SET DEFAULT CHECK (c > 0) UNIQUE NULLS NOT DISTINCT WITH"
                    + " (fillfactor = 50) NOT DEFERRABLE"))
        .containsExactly(
            new AddColumn(T, "c", "int", true, false, "int\nNOT NULL", false),
            reference("F", "ON DELETE SET DEFAULT"),
            constraint(AddConstraint.Kind.CHECK, "CHECK (c > 0)"),
            constraint(
                AddConstraint.Kind.UNIQUE,
                "UNIQUE NULLS NOT DISTINCT (\"c\") WITH (fillfactor = 50) NOT DEFERRABLE",
                "c"));
  }

  private static AddConstraint constraint(AddConstraint.Kind kind, String body, String... columns) {
    return new AddConstraint(
        T,
        Optional.empty(),
        kind,
        List.of(columns),
        false,
        false,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        body.contains("NULLS NOT DISTINCT"),
        false,
        body,
        false);
  }

  private static AddConstraint reference(String name, String body) {
    return new AddConstraint(
        T,
        Optional.ofNullable(name),
        AddConstraint.Kind.FOREIGN_KEY,
        List.of("c"),
        false,
        false,
        Optional.of(QualifiedName.of("u")),
        body.equals("(id)") ? List.of("id") : List.of(),
        Optional.empty(),
        false,
        false,
        body,
        false);
  }

  @Test
  void isOneOfSeveralActions() {
    assertThat(
            Classified.all(
                DatabaseKind.POSTGRESQL,
                "ALTER TABLE IF EXISTS a.t ADD x int DEFAULT f(1, 2), DROP COLUMN IF EXISTS y"
                    + " CASCADE, ADD CONSTRAINT z CHECK (x IN (1, 2)) NOT VALID, OWNER TO me"))
        .containsExactly(
            new AddColumn(
                QualifiedName.of("a", "t"), "x", "int", false, true, "int DEFAULT f(1, 2)", false),
            new DropColumn(QualifiedName.of("a", "t"), "y", true, true),
            new AddConstraint(
                QualifiedName.of("a", "t"),
                Optional.of("z"),
                AddConstraint.Kind.CHECK,
                List.of(),
                true,
                false,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false,
                false,
                "CHECK (x IN (1, 2)) NOT VALID",
                false),
            new OtherDdl("ALTER TABLE OWNER", true));
  }
}
