package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AddConstraintTest {
  private static final QualifiedName T = QualifiedName.of("t");

  private static AddConstraint add(String constraint) {
    return (AddConstraint) postgresql("ALTER TABLE t ADD " + constraint);
  }

  private static AddConstraint expected(
      String name, AddConstraint.Kind kind, String body, String... columns) {
    return new AddConstraint(
        T,
        Optional.ofNullable(name),
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

  @Test
  void readsEveryKind() {
    assertThat(add("CONSTRAINT c CHECK (a > 0 AND NOT valid)"))
        .isEqualTo(expected("c", AddConstraint.Kind.CHECK, "CHECK (a > 0 AND NOT valid)"));
    assertThat(add("CONSTRAINT \"C\" UNIQUE NULLS NOT DISTINCT (a, b) INCLUDE (d)"))
        .isEqualTo(
            expected(
                "C",
                AddConstraint.Kind.UNIQUE,
                "UNIQUE NULLS NOT DISTINCT (a, b) INCLUDE (d)",
                "a",
                "b"));
    assertThat(add("PRIMARY KEY (a, B)"))
        .isEqualTo(expected(null, AddConstraint.Kind.PRIMARY_KEY, "PRIMARY KEY (a, B)", "a", "b"));
    assertThat(add("CONSTRAINT c EXCLUDE USING gist (r WITH &&)"))
        .isEqualTo(expected("c", AddConstraint.Kind.EXCLUDE, "EXCLUDE USING gist (r WITH &&)"));
    assertThat(add("CONSTRAINT c NOT NULL a"))
        .isEqualTo(expected("c", AddConstraint.Kind.NOT_NULL, "NOT NULL a", "a"));
    assertThat(add("CHECK (a > 0)"))
        .isEqualTo(expected(null, AddConstraint.Kind.CHECK, "CHECK (a > 0)"));
  }

  @Test
  void readsWhatAForeignKeyRefersTo() {
    assertThat(add("CONSTRAINT c FOREIGN KEY (a) REFERENCES s.u (id) ON DELETE SET NULL (a)"))
        .isEqualTo(
            new AddConstraint(
                T,
                Optional.of("c"),
                AddConstraint.Kind.FOREIGN_KEY,
                List.of("a"),
                false,
                false,
                Optional.of(QualifiedName.of("s", "u")),
                List.of("id"),
                Optional.empty(),
                false,
                false,
                "(id) ON DELETE SET NULL (a)",
                false));
  }

  @Test
  void readsHowItIsValidated() {
    assertThat(add("CONSTRAINT c CHECK (a > 0) NOT VALID").notValid()).isTrue();
    assertThat(add("CONSTRAINT c CHECK (a > 0) NO INHERIT NOT VALID").notValid()).isTrue();
    assertThat(add("FOREIGN KEY (a) REFERENCES u NOT ENFORCED").notEnforced()).isTrue();
    assertThat(add("NOT NULL a NOT VALID").notValid()).isTrue();
    assertThat(add("CHECK (a IS NOT NULL)").notValid()).isFalse();
  }

  @Test
  void readsTheIndexItUses() {
    var constraint = add("CONSTRAINT c UNIQUE USING INDEX \"I\" DEFERRABLE");
    assertThat(constraint.usingIndex()).contains("I");
    assertThat(constraint.columns()).isEmpty();
    assertThat(add("CONSTRAINT c PRIMARY KEY USING INDEX i").usingIndex()).contains("i");
  }

  @Test
  void isNotGuessedWhereAKeyIsNoColumn() {
    assertThat(add("UNIQUE (a, period WITHOUT OVERLAPS)").columns()).containsExactly("a", "period");
    assertThat(add("FOREIGN KEY (a, PERIOD b) REFERENCES u (x, PERIOD y)").columns())
        .containsExactly("a", "b");
    assertThat(cockroachdb("ALTER TABLE t ADD CONSTRAINT c UNIQUE (lower(a))"))
        .isInstanceOf(Unclassified.class);
  }

  @Test
  void readsCockroachdbsForms() {
    assertThat(
            ((AddConstraint) cockroachdb("ALTER TABLE t ADD UNIQUE WITHOUT INDEX (a)"))
                .withoutIndex())
        .isTrue();
    var constraint =
        (AddConstraint)
            cockroachdb(
                "ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS c UNIQUE (a, b DESC) STORING (d)");
    assertThat(constraint.ifNotExists()).isTrue();
    assertThat(constraint.columns()).containsExactly("a", "b");
  }

  @Test
  void isNotTakenForAColumnOfThatName() {
    assertThat(postgresql("ALTER TABLE t ADD exclude int"))
        .isEqualTo(new AddColumn(T, "exclude", "int", false, false, "int", false));
  }
}
