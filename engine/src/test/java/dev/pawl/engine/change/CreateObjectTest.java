package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.QualifiedName;
import org.junit.jupiter.api.Test;

class CreateObjectTest {

  @Test
  void namesIt() {
    assertThat(postgresql("CREATE SEQUENCE IF NOT EXISTS s.\"Q\" AS int START 5"))
        .isEqualTo(new CreateObject("SEQUENCE", QualifiedName.of("s", "Q"), true));
    assertThat(cockroachdb("CREATE VIEW v (a) AS SELECT 1"))
        .isEqualTo(new CreateObject("VIEW", QualifiedName.of("v"), false));
    assertThat(cockroachdb("CREATE SCHEMA IF NOT EXISTS s"))
        .isEqualTo(new CreateObject("SCHEMA", QualifiedName.of("s"), true));
    assertThat(postgresql("CREATE FOREIGN TABLE t (a int) SERVER s"))
        .isEqualTo(new CreateObject("FOREIGN TABLE", QualifiedName.of("t"), false));
    assertThat(Classified.all(DatabaseKind.POSTGRESQL, "CREATE TEMP SEQUENCE q"))
        .containsExactly(
            new CreateObject("SEQUENCE", QualifiedName.of("q"), false),
            new SessionSetting("temporary sequence"));
  }

  @Test
  void saysNothingWhereItMayReplaceWhatWasThere() {
    assertThat(postgresql("CREATE OR REPLACE VIEW v AS SELECT 1"))
        .isEqualTo(new OtherDdl("CREATE VIEW", true));
  }

  @Test
  void saysNothingOfASchemaNamedForARole() {
    assertThat(postgresql("CREATE SCHEMA AUTHORIZATION CURRENT_USER"))
        .isEqualTo(new OtherDdl("CREATE SCHEMA", true));
  }
}
