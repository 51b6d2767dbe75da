package dev.pawl.engine.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.sql.QualifiedName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which job concerns which object: rather one too many. */
class CockroachNamesTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '!',
      value = {
        "users, CREATE INDEX i ON shop.public.users (email), true",
        "USERS, CREATE INDEX i ON shop.public.users (email), true",
        "users, CREATE INDEX i ON shop.public.\"Users\" (email), true",
        "users, CREATE INDEX i ON other.public.users (email), false",
        "users, CREATE INDEX i ON shop.public.user_s (email), false",
        "users, CREATE INDEX users_i ON shop.public.t (email), false",
        "app.users, ALTER TABLE shop.app.users ADD COLUMN a INT8, true",
        "app.users, ALTER TABLE shop.public.users ADD COLUMN a INT8, false",
        // The first of two parts may be a database.
        "other.users, ALTER TABLE other.public.users ADD COLUMN a INT8, true",
        "shop.app.users, ALTER TABLE shop.app.users ADD COLUMN a INT8, true",
        "shop.app.users, ALTER TABLE shop.web.users ADD COLUMN a INT8, false",
        "i, DROP INDEX shop.public.users@i, true",
        "users, DROP TABLE users, true",
        "users, CLEANUP JOB for 'ALTER TABLE shop.public.users DROP COLUMN a', true",
        "users, CREATE INDEX a_rather_long_name_of_an_index ON shop.pu… (email), true",
        "users, CREATE INDEX a_rather_long_name_of_an_index ON shop.pu..., true",
        "users, ALTER TABLE shop.public.t ALTER COLUMN a SET DEFAULT 'cut, true",
        "recent, CREATE VIEW \"shop.public.recent\" AS \"SELECT a FROM shop.public.users\", true",
        "old, CREATE VIEW \"shop.public.recent\" AS \"SELECT a FROM shop.public.users\", false",
      })
  void byNameAsTokens(String name, String description, boolean concerned) {
    var wanted = new QualifiedName(List.of(name.split("\\.")));
    assertThat(CockroachNames.concerns(description, List.of(wanted), "shop")).isEqualTo(concerned);
  }

  @Test
  void whatHasNoNameOrNoDescriptionIsConcernedByAll() {
    assertThat(CockroachNames.concerns("ALTER TABLE a.b.c ADD COLUMN d INT8", List.of(), "shop"))
        .isTrue();
    for (var description : new String[] {null, "", " "}) {
      assertThat(CockroachNames.concerns(description, List.of(QualifiedName.of("users")), "shop"))
          .isTrue();
    }
  }
}
