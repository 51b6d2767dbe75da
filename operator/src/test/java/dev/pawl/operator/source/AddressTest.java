package dev.pawl.operator.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.crd.Database;
import dev.pawl.operator.Samples;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @Test
  void aUrlAndItsPartsAreTheSameDatabase() {
    var fromUrl = Address.of(Samples.database("postgresql://DB.example.org/orders"));
    var fromParts =
        Address.of(
            new Database(
                null, "db.example.org", null, "orders", "u", null, null, null, null, null, null));

    assertThat(fromUrl.key("shop"))
        .isEqualTo(fromParts.key("shop"))
        .isEqualTo("db.example.org:5432/orders");
  }

  @Test
  void theSameShortNameInTwoNamespacesIsTwoDatabases() {
    var address = Address.of(Samples.database("postgres://u@postgres/orders"));

    assertThat(address.key("staging")).isNotEqualTo(address.key("shop"));
    assertThat(address.key("shop"))
        .isEqualTo(
            Address.of(Samples.database("postgres://u@postgres.shop.svc/orders")).key("other"))
        .isEqualTo(
            Address.of(Samples.database("postgres://u@postgres.shop.svc.cluster.local/orders"))
                .key("other"));
  }

  @Test
  void readsUserPortAndTlsModeOfAUrl() {
    var address =
        Address.of(Samples.database("postgres://jo%40x@[::1]:6432/my%20db?sslmode=require"));

    assertThat(address)
        .isEqualTo(new Address("::1", 6432, "my db", Optional.of("jo@x"), Optional.of("require")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgres://u:s3cret@h/d",
        "postgres://u:s3/cret@h/d",
        "mysql://u:s3cret@h/d",
        "postgres://h?password=s3cret",
        "postgres://u%3As3cret@h/d",
        "postgres://u@s3cret@h/d",
        "postgres://s3%zz@h/d",
        "postgres://u@h/s3%",
        "postgres://u@h/s3%00",
        "postgres://u@h/s3%0Acret",
        "postgres://u@h:0/s3",
        "postgres://u@h:65536/s3",
        "postgres://u@h:99999999999/s3",
        "postgres://u@h/d?sslmode=s3&password=s3cret",
        "s3cret",
        ""
      })
  void anUnreadableUrlIsRefusedWithoutRepeatingIt(String text) {
    var refusal =
        catchThrowableOfType(InputException.class, () -> Address.of(Samples.database(text)));

    assertThat(refusal.lasting()).isTrue();
    assertThat(refusal.why().reason()).isEqualTo("InvalidUrl");
    assertThat(refusal.why().message()).contains("spec.database.url").doesNotContain("s3");
  }

  @Test
  void theWayPastAPoolerLeadsToTheSameDatabase() {
    var database =
        new Database(
            "postgres://u@pooler:6432/orders",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            "server",
            null,
            null);

    assertThat(Address.direct(database))
        .contains(new Address("server", 5432, "orders", Optional.empty(), Optional.empty()));
  }

  /** Whatever is written there: an address, or a sentence that repeats nothing of it. */
  @Test
  void anyTextIsAnAddressOrRefusedWithoutRepeatingIt() {
    var pieces =
        List.of(
            "postgres://",
            "u",
            ":",
            "@",
            "h",
            "/",
            "d",
            "?",
            "#",
            "[",
            "]",
            "%",
            "%40",
            "%3A",
            "%zz",
            "%00",
            "%F0%9F",
            "sslmode=",
            "require",
            "&password=",
            "s3cret",
            "s3cret@",
            "\n",
            "\0",
            "\u202e",
            "5432",
            "99999",
            " ",
            "\\",
            "'",
            "\"; DROP TABLE x; --");
    var random = new SplittableRandom(20260101);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder(random.nextBoolean() ? "postgres://u@h/" : "postgres://");
      random.ints(random.nextInt(8), 0, pieces.size()).forEach(k -> text.append(pieces.get(k)));
      try {
        var address = Address.of(Samples.database(text.toString()));
        address.key("shop");
        assertThat(address.port()).isBetween(1, 65_535);
        assertThat(address.user().orElse("")).doesNotContain(":", "\n", "\0");
        read++;
      } catch (InputException e) {
        assertThat(e.lasting()).isTrue();
        assertThat(e.getMessage()).contains("spec.database.url").doesNotContain("s3cret");
      }
    }
    assertThat(read).isGreaterThan(100);
  }
}
