package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AlterPrimaryKeyTest {
  private static final QualifiedName T = QualifiedName.of("t");

  @Test
  void namesTheColumns() {
    assertThat(cockroachdb("ALTER TABLE t ALTER PRIMARY KEY USING COLUMNS (a, B DESC)"))
        .isEqualTo(
            new AlterPrimaryKey(
                T,
                List.of(CreateIndexTest.key("a", false), CreateIndexTest.key("B", true)),
                false,
                Optional.empty()));
    var sharded =
        (AlterPrimaryKey)
            cockroachdb(
                "ALTER TABLE t ALTER PRIMARY KEY USING COLUMNS (a, \"C\") USING HASH WITH"
                    + " (bucket_count = 8)");
    assertThat(sharded.columns()).containsExactly("a", "C");
    assertThat(sharded.sharded()).isTrue();
    assertThat(sharded.options()).contains("WITH (bucket_count = 8)");
  }

  @Test
  void existsOnCockroachdbOnlyAndIsLeftToPostgresqlToRefuse() {
    assertThat(postgresql("ALTER TABLE t ALTER \"primary\" SET NOT NULL"))
        .isEqualTo(
            new AlterColumn(T, "primary", AlterColumn.Action.SET_NOT_NULL, Optional.empty()));
  }
}
