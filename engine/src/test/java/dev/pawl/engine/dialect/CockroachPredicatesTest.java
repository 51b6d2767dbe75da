package dev.pawl.engine.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.change.AlterColumn;
import dev.pawl.engine.change.DropTable;
import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told by the text of CockroachDB's predicates alone. */
class CockroachPredicatesTest {
  @Test
  void aNameKeepsItsLineBreak() {
    var table = QualifiedName.of("a\nb's");
    assertThat(CockroachPredicates.of(new DropTable(List.of(table), false, false)))
        .hasValueSatisfying(sql -> assertThat(sql).contains("c.relname = 'a\nb''s'"));
  }

  @Test
  void anOlderDefaultDoesNotPassForTheNewOne() {
    var change =
        new AlterColumn(
            QualifiedName.of("t"), "a", AlterColumn.Action.SET_DEFAULT, Optional.of("2"));
    assertThat(CockroachPredicates.of(change)).isEmpty();
  }
}
