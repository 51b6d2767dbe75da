package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.DatabaseKind;
import dev.pawl.engine.sql.QualifiedName;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RenameTest {
  private static final QualifiedName T = QualifiedName.of("t");

  private static Rename whole(Rename.Kind kind, boolean ifExists, String... from) {
    return new Rename(kind, Optional.empty(), QualifiedName.of(from), "u", ifExists);
  }

  private static Rename part(Rename.Kind kind, String from, String to, boolean ifExists) {
    return new Rename(kind, Optional.of(T), QualifiedName.of(from), to, ifExists);
  }

  @Test
  void namesWhatIsRenamed() {
    assertThat(postgresql("ALTER TABLE IF EXISTS ONLY s.T RENAME TO U"))
        .isEqualTo(whole(Rename.Kind.TABLE, true, "s", "t"));
    assertThat(cockroachdb("ALTER TABLE t RENAME TO u"))
        .isEqualTo(whole(Rename.Kind.TABLE, false, "t"));
    assertThat(postgresql("ALTER INDEX IF EXISTS s.i RENAME TO u"))
        .isEqualTo(whole(Rename.Kind.INDEX, true, "s", "i"));
    assertThat(postgresql("ALTER VIEW v RENAME TO u"))
        .isEqualTo(whole(Rename.Kind.VIEW, false, "v"));
    assertThat(postgresql("ALTER MATERIALIZED VIEW v RENAME TO u"))
        .isEqualTo(whole(Rename.Kind.MATERIALIZED_VIEW, false, "v"));
    assertThat(cockroachdb("ALTER SEQUENCE q RENAME TO u"))
        .isEqualTo(whole(Rename.Kind.SEQUENCE, false, "q"));
    assertThat(postgresql("ALTER FOREIGN TABLE f RENAME TO u"))
        .isEqualTo(whole(Rename.Kind.FOREIGN_TABLE, false, "f"));
    assertThat(postgresql("ALTER TYPE mood RENAME TO u"))
        .isEqualTo(whole(Rename.Kind.TYPE, false, "mood"));
    assertThat(postgresql("ALTER DOMAIN d RENAME TO u"))
        .isEqualTo(whole(Rename.Kind.TYPE, false, "d"));
    assertThat(cockroachdb("ALTER SCHEMA s RENAME TO u"))
        .isEqualTo(whole(Rename.Kind.SCHEMA, false, "s"));
  }

  @Test
  void namesTheTableThatAPartBelongsTo() {
    assertThat(postgresql("ALTER TABLE IF EXISTS t RENAME c TO D"))
        .isEqualTo(part(Rename.Kind.COLUMN, "c", "d", true));
    assertThat(cockroachdb("ALTER TABLE t RENAME COLUMN c TO d"))
        .isEqualTo(part(Rename.Kind.COLUMN, "c", "d", false));
    assertThat(postgresql("ALTER TABLE t RENAME CONSTRAINT a TO b"))
        .isEqualTo(part(Rename.Kind.CONSTRAINT, "a", "b", false));
    assertThat(postgresql("ALTER VIEW t RENAME COLUMN c TO d"))
        .isEqualTo(part(Rename.Kind.COLUMN, "c", "d", false));
    assertThat(cockroachdb("ALTER TYPE t RENAME VALUE 'it''s' TO 'b'"))
        .isEqualTo(part(Rename.Kind.LABEL, "it's", "b", false));
    assertThat(cockroachdb("ALTER INDEX t@i RENAME TO u"))
        .isEqualTo(part(Rename.Kind.INDEX, "i", "u", false));
  }

  @Test
  void isSaidInWords() {
    assertThat(postgresql("ALTER TABLE t RENAME c TO d").describe())
        .isEqualTo("rename column t.c to d");
    assertThat(postgresql("ALTER MATERIALIZED VIEW s.v RENAME TO u").describe())
        .isEqualTo("rename materialized view s.v to u");
  }

  @Test
  void isNotTakenForAnotherActionOnTheSameObject() {
    assertThat(postgresql("ALTER INDEX i SET (fillfactor = 70)"))
        .isEqualTo(new OtherDdl("ALTER INDEX SET", true));
    assertThat(postgresql("ALTER INDEX ALL IN TABLESPACE a SET TABLESPACE b"))
        .isEqualTo(new OtherDdl("ALTER INDEX ALL IN TABLESPACE", true));
    assertThat(postgresql("ALTER INDEX i ATTACH PARTITION j"))
        .isEqualTo(new OtherDdl("ALTER INDEX ATTACH", true));
    assertThat(postgresql("ALTER TYPE t RENAME ATTRIBUTE a TO b"))
        .isEqualTo(new OtherDdl("ALTER TYPE", true));
    assertThat(cockroachdb("ALTER INDEX t@i NOT VISIBLE")).isInstanceOf(Unclassified.class);
    assertThat(Classified.all(DatabaseKind.COCKROACHDB, "ALTER INDEX t@i CONFIGURE ZONE DISCARD"))
        .containsExactly(new OtherDdl("ALTER INDEX CONFIGURE", true));
  }

  @Test
  void aQualifiedNewNameOnCockroachdbIsOneInTheSameSchema() {
    assertThat(cockroachdb("ALTER TABLE d.public.t RENAME TO d.public.u"))
        .isEqualTo(whole(Rename.Kind.TABLE, false, "d", "public", "t"));
    assertThat(cockroachdb("ALTER SEQUENCE s.q RENAME TO s.u"))
        .isEqualTo(whole(Rename.Kind.SEQUENCE, false, "s", "q"));
    assertThat(cockroachdb("ALTER TABLE t RENAME TO public.u"))
        .isEqualTo(whole(Rename.Kind.TABLE, false, "t"));
    assertThat(cockroachdb("ALTER TABLE s.t RENAME TO r.u")).isInstanceOf(Unclassified.class);
    assertThat(cockroachdb("ALTER TABLE d.s.t RENAME TO e.s.u")).isInstanceOf(Unclassified.class);
  }
}
