package dev.pawl.operator.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.crd.Database;
import dev.pawl.operator.Samples;
import java.util.Optional;
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
        "postgres://h?password=s3cret"
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
}
