package dev.pawl.operator.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.crd.Database;
import dev.pawl.crd.SecretKey;
import dev.pawl.operator.Samples;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class TargetsTest {
  private KubernetesClient client;

  @Test
  void aMissingSecretIsNamedWithTheFieldThatNamesIt() {
    var missing = failure(database(new SecretKey("db", null), null));

    assertThat(missing.lasting()).isFalse();
    assertThat(missing.why().reason()).isEqualTo("SecretNotFound");
    assertThat(missing.why().message())
        .isEqualTo(
            "the Secret shop/db (spec.database.passwordSecret) does not exist: create it, or"
                + " correct its name");
  }

  @Test
  void aMissingKeyIsNamed() {
    secret("db", Map.of("other", "s3cret"));

    var missing = failure(database(new SecretKey("db", null), null));

    assertThat(missing.why().reason()).isEqualTo("SecretKeyNotFound");
    assertThat(missing.why().message()).contains("no key password").doesNotContain("s3cret");
  }

  @Test
  void aRotatedPasswordIsReadAtTheNextConnection() {
    secret("db", Map.of("password", "first"));
    var target = targets().of("shop", database(new SecretKey("db", null), null));
    assertThat(target.password().get()).isEqualTo("first");

    secret("db", Map.of("password", "second"));

    assertThat(target.password().get()).isEqualTo("second");
    assertThat(target.toString()).doesNotContain("first", "second");
  }

  @Test
  void aNamedAuthorityMeansVerifyFull() {
    secret("ca", Map.of("ca.crt", "PEM"));
    var tls = new Database.Tls(null, new SecretKey("ca", null), null);

    var target = targets().of("shop", database(null, tls));

    assertThat(target.tlsMode()).isEqualTo("verify-full");
    assertThat(target.caPem()).contains("PEM");
  }

  @Test
  void withoutASecretThereIsNoPasswordAndEncryptionIsPreferred() {
    var target = targets().of("shop", database(null, null));

    assertThat(target.password().get()).isNull();
    assertThat(target.tlsMode()).isEqualTo("prefer");
    assertThat(target.user()).isEqualTo("u");
  }

  @Test
  void aShortNameIsAServiceOfTheMigrationsNamespaceWhereThereIsOne() {
    var service =
        new Targets(client, host -> host.equals("h.shop.svc")).of("shop", database(null, null));

    assertThat(service.host()).isEqualTo("h.shop.svc");
    assertThat(targets().of("shop", database(null, null)).host()).isEqualTo("h");
  }

  /** Without any Service. */
  private Targets targets() {
    return new Targets(client, host -> false);
  }

  private InputException failure(Database database) {
    return catchThrowableOfType(InputException.class, () -> targets().of("shop", database));
  }

  private static Database database(SecretKey password, Database.Tls tls) {
    return Samples.database("postgres://u@h/d", password, tls);
  }

  private void secret(String name, Map<String, String> data) {
    var builder = new SecretBuilder().withNewMetadata().withName(name).endMetadata();
    data.forEach(
        (key, value) ->
            builder.addToData(
                key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
    client.secrets().inNamespace("shop").resource(builder.build()).createOr(r -> r.update());
  }
}
