package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlterColumnTest {
  private static final QualifiedName T = QualifiedName.of("t");

  private static AlterColumn expected(AlterColumn.Action action, String... detail) {
    return new AlterColumn(T, "c", action, List.of(detail).stream().findFirst());
  }

  @Test
  void saysWhatIsDone() {
    assertThat(postgresql("ALTER TABLE t ALTER COLUMN c SET NOT NULL"))
        .isEqualTo(expected(AlterColumn.Action.SET_NOT_NULL));
    assertThat(cockroachdb("ALTER TABLE t ALTER c DROP NOT NULL"))
        .isEqualTo(expected(AlterColumn.Action.DROP_NOT_NULL));
    assertThat(postgresql("ALTER TABLE t ALTER c DROP DEFAULT"))
        .isEqualTo(expected(AlterColumn.Action.DROP_DEFAULT));
    assertThat(postgresql("ALTER TABLE t ALTER c SET DEFAULT f(1, 2)"))
        .isEqualTo(expected(AlterColumn.Action.SET_DEFAULT, "f(1, 2)"));
    assertThat(cockroachdb("ALTER TABLE t ALTER c SET DATA TYPE varchar(10) USING c::text"))
        .isEqualTo(expected(AlterColumn.Action.SET_TYPE, "varchar(10)"));
    assertThat(postgresql("ALTER TABLE t ALTER c TYPE bigint"))
        .isEqualTo(expected(AlterColumn.Action.SET_TYPE, "bigint"));
    assertThat(postgresql("ALTER TABLE t ALTER c SET STATISTICS 100"))
        .isEqualTo(expected(AlterColumn.Action.OTHER, "SET STATISTICS 100"));
  }

  @Test
  void isUnknownOnCockroachdbWhereItMightBeAsynchronous() {
    assertThat(cockroachdb("ALTER TABLE t ALTER c DROP STORED")).isInstanceOf(Unclassified.class);
    assertThat(cockroachdb("ALTER TABLE t ALTER c SET GENERATED ALWAYS"))
        .isInstanceOf(Unclassified.class);
  }

  @Test
  void isKnownOnCockroachdbWhereItChangesNoRows() {
    assertThat(cockroachdb("ALTER TABLE t ALTER c SET NOT VISIBLE"))
        .isEqualTo(expected(AlterColumn.Action.OTHER, "SET NOT VISIBLE"));
    assertThat(cockroachdb("ALTER TABLE t ALTER c SET VISIBLE"))
        .isEqualTo(expected(AlterColumn.Action.OTHER, "SET VISIBLE"));
    assertThat(cockroachdb("ALTER TABLE t ALTER c SET ON UPDATE now()"))
        .isEqualTo(expected(AlterColumn.Action.OTHER, "SET ON UPDATE now()"));
    assertThat(cockroachdb("ALTER TABLE t ALTER c DROP ON UPDATE"))
        .isEqualTo(expected(AlterColumn.Action.OTHER, "DROP ON UPDATE"));
  }
}
