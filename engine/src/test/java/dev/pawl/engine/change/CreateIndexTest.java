package dev.pawl.engine.change;

import static dev.pawl.engine.change.Classified.cockroachdb;
import static dev.pawl.engine.change.Classified.postgresql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.change.CreateIndex.IndexKey.Nulls;
import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CreateIndexTest {
  private static final QualifiedName T = QualifiedName.of("t");

  private static CreateIndex create(String sql) {
    return (CreateIndex) postgresql(sql);
  }

  /** A column's key with nothing but a direction. */
  static CreateIndex.IndexKey key(String asWritten, boolean descending) {
    return new CreateIndex.IndexKey(
        Optional.of(asWritten.toLowerCase(Locale.ROOT)),
        asWritten,
        descending,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void readsItsNameAndTable() {
    assertThat(create("CREATE INDEX I ON App.T (a)"))
        .isEqualTo(
            new CreateIndex(
                Optional.of("i"),
                QualifiedName.of("app", "t"),
                false,
                false,
                false,
                false,
                Optional.empty(),
                List.of(key("a", false)),
                List.of(),
                false,
                false,
                Optional.empty(),
                "(a)"));
    assertThat(create("CREATE INDEX I ON App.T (a)").index())
        .contains(QualifiedName.of("app", "i"));
    assertThat(create("CREATE INDEX ON t (a)").name()).isEmpty();
    assertThat(create("CREATE INDEX \"My Index\" ON t (a)").name()).contains("My Index");
    assertThat(create("CREATE INDEX if ON t (a)").name()).contains("if");
  }

  @Test
  void readsItsFlags() {
    var index = create("create unique index concurrently if not exists i on only t (a)");
    assertThat(index.unique()).isTrue();
    assertThat(index.concurrently()).isTrue();
    assertThat(index.ifNotExists()).isTrue();
    assertThat(index.only()).isTrue();
    assertThat(index.transactional()).isFalse();
    assertThat(create("CREATE INDEX CONCURRENTLY ON t (a)").concurrently()).isTrue();
    assertThat(create("CREATE INDEX i ON t (a)").transactional()).isTrue();
  }

  @Test
  void readsItsKeys() {
    Optional<String> none = Optional.empty();
    assertThat(
            create(
                    "CREATE INDEX i ON t USING btree (a DESC NULLS LAST, \"B\" COLLATE \"C\""
                        + " text_pattern_ops ASC, pg_catalog.lower(c), (d || ', ') s.ops (siglen ="
                        + " 32) DESC, e nulls first, coalesce(f, 0) COLLATE pg_catalog.\"de\")")
                .keys())
        .containsExactly(
            new CreateIndex.IndexKey(
                Optional.of("a"), "a", true, Optional.of(Nulls.LAST), none, none),
            new CreateIndex.IndexKey(
                Optional.of("B"),
                "\"B\"",
                false,
                Optional.empty(),
                Optional.of("\"C\""),
                Optional.of("text_pattern_ops")),
            new CreateIndex.IndexKey(
                none, "pg_catalog.lower(c)", false, Optional.empty(), none, none),
            new CreateIndex.IndexKey(
                none,
                "(d || ', ')",
                true,
                Optional.empty(),
                none,
                Optional.of("s.ops (siglen = 32)")),
            new CreateIndex.IndexKey(
                Optional.of("e"), "e", false, Optional.of(Nulls.FIRST), none, none),
            new CreateIndex.IndexKey(
                none,
                "coalesce(f, 0)",
                false,
                Optional.empty(),
                Optional.of("pg_catalog.\"de\""),
                none));
  }

  @Test
  void readsWhatFollowsTheKeys() {
    var index =
        create(
            "CREATE UNIQUE INDEX i ON t USING GIN (a) INCLUDE (b, \"C\") NULLS NOT DISTINCT WITH"
                + " (fillfactor = 70) TABLESPACE x WHERE a > 0 AND b IN ('x', 'y')");
    assertThat(index.method()).contains("gin");
    assertThat(index.include()).containsExactly("b", "C");
    assertThat(index.nullsNotDistinct()).isTrue();
    assertThat(index.unique()).isTrue();
    assertThat(index.predicate()).contains("a > 0 AND b IN ('x', 'y')");
    assertThat(index.body())
        .isEqualTo(
            "USING GIN (a) INCLUDE (b, \"C\") NULLS NOT DISTINCT WITH (fillfactor = 70) TABLESPACE"
                + " x WHERE a > 0 AND b IN ('x', 'y')");
  }

  @Test
  void keepsTheBodyAsWritten() {
    assertThat(create("CREATE INDEX i ON t -- the table\n( a /* key */ )  -- end").body())
        .isEqualTo("( a /* key */ )");
  }

  @Test
  void readsCockroachdbsClauses() {
    var index =
        (CreateIndex)
            cockroachdb(
                "CREATE UNIQUE INDEX IF NOT EXISTS i ON db.public.t (a ASC, b DESC) STORING (c, d)"
                    + " WHERE time_deleted IS NULL NOT VISIBLE");
    assertThat(index.table()).isEqualTo(QualifiedName.of("db", "public", "t"));
    assertThat(index.include()).containsExactly("c", "d");
    assertThat(index.predicate()).contains("time_deleted IS NULL");
    assertThat(index.keys())
        .extracting(CreateIndex.IndexKey::descending)
        .containsExactly(false, true);
    assertThat(((CreateIndex) cockroachdb("CREATE INVERTED INDEX i ON t (j)")).method())
        .contains("inverted");
    var sharded =
        (CreateIndex) cockroachdb("CREATE INDEX i ON t (a) USING HASH WITH (bucket_count = 8)");
    assertThat(sharded.keys()).hasSize(1);
    assertThat(sharded.sharded()).isTrue();
    assertThat(index.sharded()).isFalse();
    assertThat(
            ((CreateIndex) cockroachdb("CREATE VECTOR INDEX i ON t (a, v vector_l2_ops)")).keys())
        .extracting(CreateIndex.IndexKey::opclass)
        .containsExactly(Optional.empty(), Optional.of("vector_l2_ops"));
  }

  @Test
  void cutsNamesAsPostgresqlDoes() {
    var longName = "i".repeat(70);
    assertThat(create("CREATE INDEX " + longName + " ON t (a)").name()).contains("i".repeat(63));
    assertThat(((CreateIndex) cockroachdb("CREATE INDEX " + longName + " ON t (a)")).name())
        .contains(longName);
  }

  @Test
  void isNotGuessedWhenItCannotBeRead() {
    assertThat(postgresql("CREATE INDEX i ON t WHERE x"))
        .isEqualTo(new OtherDdl("CREATE INDEX", true));
    assertThat(postgresql("CREATE INDEX CONCURRENTLY i ON t WHERE x"))
        .isEqualTo(
            new Unclassified(
                "its facts could not be read: at 1:34 stands WHERE where '(' should be"));
    assertThat(cockroachdb("CREATE INDEX i ON t WHERE x")).isInstanceOf(Unclassified.class);
  }
}
