package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import org.junit.jupiter.api.Test;

class DropTableTest {
  private static final QualifiedName T = QualifiedName.of("t");

  @Test
  void readsNamesWithUnicodeEscapes() {
    assertThat(postgresql("DROP TABLE U&\"d!0061ta\" UESCAPE '!', U&\"d\\0061ta\""))
        .isEqualTo(
            new DropTable(
                List.of(QualifiedName.of("data"), QualifiedName.of("data")), false, false));
  }

  @Test
  void isNotGuessedWhenItCannotBeRead() {
    for (var sql :
        List.of("DROP TABLE t u", "DROP TABLE", "DROP TABLE a.b.c.d", "DROP TABLE \"\"")) {
      assertThat(postgresql(sql)).as(sql).isEqualTo(new OtherDdl("DROP TABLE", true));
      assertThat(cockroachdb(sql)).as(sql).isInstanceOf(Unclassified.class);
    }
    assertThat(cockroachdb("DROP TABLE"))
        .isEqualTo(
            new Unclassified("its facts could not be read: it ends where a name should follow"));
    assertThat(cockroachdb("DROP TABLE t " + "x".repeat(50)))
        .isEqualTo(
            new Unclassified(
                "its facts could not be read: at 1:14 stands "
                    + "x".repeat(39)
                    + "… where the end should be"));
  }

  @Test
  void namesEveryTable() {
    assertThat(postgresql("DROP TABLE t")).isEqualTo(new DropTable(List.of(T), false, false));
    assertThat(cockroachdb("DROP TABLE IF EXISTS t, a.B, \"a.b\" CASCADE"))
        .isEqualTo(
            new DropTable(
                List.of(T, QualifiedName.of("a", "b"), QualifiedName.of("a.b")), true, true));
  }
}
