package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import org.junit.jupiter.api.Test;

class SetSchemaTest {

  @Test
  void namesWhatIsMovedAndWhereTo() {
    assertThat(postgresql("ALTER TABLE IF EXISTS a.t SET SCHEMA \"B\""))
        .isEqualTo(new SetSchema(Rename.Kind.TABLE, QualifiedName.of("a", "t"), "B", true));
    assertThat(cockroachdb("ALTER SEQUENCE q SET SCHEMA b"))
        .isEqualTo(new SetSchema(Rename.Kind.SEQUENCE, QualifiedName.of("q"), "b", false));
    assertThat(postgresql("ALTER TYPE mood SET SCHEMA b"))
        .isEqualTo(new SetSchema(Rename.Kind.TYPE, QualifiedName.of("mood"), "b", false));
    assertThat(postgresql("ALTER VIEW a.v SET SCHEMA b").describe())
        .isEqualTo("move view a.v to schema b");
  }
}
