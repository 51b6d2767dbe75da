package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.QualifiedName;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CreateObjectTest {

  @Test
  void namesIt() {
    assertThat(postgresql("CREATE SEQUENCE IF NOT EXISTS s.\"Q\" AS int START 5"))
        .isEqualTo(
            new CreateObject(
                "SEQUENCE",
                QualifiedName.of("s", "Q"),
                true,
                false,
                Optional.of("AS int START 5")));
    assertThat(cockroachdb("CREATE VIEW v (a) AS SELECT 1"))
        .isEqualTo(new CreateObject("VIEW", QualifiedName.of("v"), false, false, Optional.empty()));
    assertThat(cockroachdb("CREATE SCHEMA IF NOT EXISTS s"))
        .isEqualTo(
            new CreateObject("SCHEMA", QualifiedName.of("s"), true, false, Optional.empty()));
    assertThat(postgresql("CREATE FOREIGN TABLE t (a int) SERVER s"))
        .isEqualTo(
            new CreateObject(
                "FOREIGN TABLE", QualifiedName.of("t"), false, false, Optional.empty()));
    assertThat(Classified.all(DatabaseKind.POSTGRESQL, "CREATE TEMP SEQUENCE q"))
        .containsExactly(
            new CreateObject("SEQUENCE", QualifiedName.of("q"), false, false, Optional.empty()),
            new SessionSetting("temporary sequence"));
  }

  @Test
  void readsTheOptionsOfASequence() {
    assertThat(postgresql("CREATE SEQUENCE q START 5 OWNED BY s.t.a NO CYCLE"))
        .isEqualTo(
            new CreateObject(
                "SEQUENCE",
                QualifiedName.of("q"),
                false,
                false,
                Optional.of("START 5 OWNED BY s.t.a NO CYCLE")));
    assertThat(postgresql("CREATE UNLOGGED SEQUENCE q"))
        .isEqualTo(
            new CreateObject("SEQUENCE", QualifiedName.of("q"), false, true, Optional.empty()));
  }

  @Test
  void knowsWhoseASchemaIsToBeWhereItMayBeSkipped() {
    assertThat(postgresql("CREATE SCHEMA IF NOT EXISTS s AUTHORIZATION \"Joe\""))
        .isEqualTo(
            new CreateObject(
                "SCHEMA",
                QualifiedName.of("s"),
                true,
                false,
                Optional.of("AUTHORIZATION \"Joe\"")));
    assertThat(postgresql("CREATE SCHEMA IF NOT EXISTS AUTHORIZATION joe"))
        .isEqualTo(
            new CreateObject(
                "SCHEMA", QualifiedName.of("joe"), true, false, Optional.of("AUTHORIZATION joe")));
    assertThat(postgresql("CREATE SCHEMA IF NOT EXISTS AUTHORIZATION CURRENT_USER"))
        .isEqualTo(new OtherDdl("CREATE SCHEMA", true));
  }

  @Test
  void knowsOthersByNameWhereTheyMayBeSkipped() {
    assertThat(postgresql("CREATE EXTENSION IF NOT EXISTS e WITH SCHEMA s"))
        .isEqualTo(
            new CreateObject(
                "EXTENSION", QualifiedName.of("e"), true, false, Optional.of("WITH SCHEMA s")));
    assertThat(postgresql("CREATE COLLATION IF NOT EXISTS c FROM \"C\""))
        .isEqualTo(
            new CreateObject("COLLATION", QualifiedName.of("c"), true, false, Optional.empty()));
    assertThat(postgresql("CREATE EXTENSION e")).isEqualTo(new OtherDdl("CREATE EXTENSION", true));
    assertThat(cockroachdb("CREATE EXTENSION IF NOT EXISTS e"))
        .isEqualTo(new OtherDdl("CREATE EXTENSION", true));
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
