package dev.pawl.operator.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.crd.Source;
import dev.pawl.engine.plan.SourceFile;
import dev.pawl.engine.plan.Version;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnableKubernetesMockClient(crud = true)
class SourcesTest {
  private static final Version TWO = new Version("2");

  private KubernetesClient client;

  @Test
  void joinsInlineAndConfigMaps() {
    configMap("later", Map.of("0002_b.sql", "b", "0002_b.verify.sql", "select true"));
    var source = new Source(Map.of("0001_a.sql", "a"), List.of(new Source.ConfigMapRef("later")));

    var files = new Sources(client).read("shop", source, TWO);

    assertThat(files.files())
        .containsExactly(
            new SourceFile("0001_a.sql", "a"),
            new SourceFile("0002_b.sql", "b"),
            new SourceFile("0002_b.verify.sql", "select true"));
    assertThat(files.has(TWO)).isTrue();
    assertThat(files.has(new Version("3"))).isFalse();
  }

  @Test
  void contentBeyondTheVersionChangesNothing() {
    var without = inline(Map.of("0001_a.sql", "a", "0002_b.sql", "b"));
    var with = inline(Map.of("0001_a.sql", "a", "0002_b.sql", "b", "0010_c.sql", "c"));

    assertThat(with).isEqualTo(without);
  }

  @Test
  void changedContentHasAnotherDigest() {
    assertThat(inline(Map.of("0001_a.sql", "a")).digest())
        .startsWith("sha256:")
        .isNotEqualTo(inline(Map.of("0001_a.sql", "b")).digest());
  }

  @Test
  void aVerifyFileAloneIsNoMigration() {
    assertThat(inline(Map.of("0002_b.verify.sql", "select true")).has(TWO)).isFalse();
  }

  @Test
  void aMissingConfigMapMayStillCome() {
    var source = new Source(null, List.of(new Source.ConfigMapRef("later")));

    var missing =
        catchThrowableOfType(
            InputException.class, () -> new Sources(client).read("shop", source, TWO));

    assertThat(missing.lasting()).isFalse();
    assertThat(missing.why().reason()).isEqualTo("ConfigMapNotFound");
  }

  @Test
  void theSameFileInTwoPlacesIsRefusedWithBoth() {
    configMap("later", Map.of("0001_a.sql", "b"));
    var source = new Source(Map.of("0001_a.sql", "a"), List.of(new Source.ConfigMapRef("later")));

    var refused =
        catchThrowableOfType(
            InputException.class, () -> new Sources(client).read("shop", source, TWO));

    assertThat(refused.lasting()).isTrue();
    assertThat(refused.why().message())
        .contains("0001_a.sql", "spec.source.inline", "ConfigMap shop/later");
  }

  @Test
  void aMigrationThatIsNotUtf8IsRefusedAndNotPassedOver() {
    client
        .configMaps()
        .inNamespace("shop")
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("later")
                .endMetadata()
                .withData(Map.of("0001_a.sql", "a"))
                .withBinaryData(Map.of("0002_b.sql", "/w==", "logo.png", "/w=="))
                .build())
        .create();
    var source = new Source(null, List.of(new Source.ConfigMapRef("later")));

    var refused =
        catchThrowableOfType(
            InputException.class, () -> new Sources(client).read("shop", source, TWO));

    assertThat(refused.lasting()).isTrue();
    assertThat(refused.why().reason()).isEqualTo("NotUtf8");
    assertThat(refused.why().message())
        .contains("0002_b.sql", "ConfigMap shop/later", "UTF-8")
        .doesNotContain("logo");
  }

  @ParameterizedTest
  @CsvSource({
    "0007_add_email.sql,        7",
    "12.0.0/up01.sql,           12.0.0",
    "12.0.0/up01.verify.sql,    12.0.0",
    "7.up.sql,                  7",
    "V7_1__x.sql,               7.1",
    "20260228103000-x.sql,      20260228103000",
    "2019-02-26-002946_x/up.sql, 20190226002946",
    "20191100000001000000_x.postgres.up.sql, 20191100000001.0",
    "notes.sql,                 ''",
    "sub/0007_x.sql,            ''",
    "7x.sql,                    ''",
  })
  void readsTheVersionOfAPath(String path, String version) {
    assertThat(new SourceFile(path, "").version().map(Version::text))
        .isEqualTo(Optional.of(version).filter(v -> !v.isEmpty()));
  }

  @Test
  void cutsVersionsTxtWithTheFoldersItSpeaksOf() {
    var files =
        inline(
            Map.of(
                "versions.txt", "2 add-b\n3 add-c\n",
                "1/up.sql", "a",
                "add-b/up.sql", "b",
                "add-c/up.sql", "c"));
    assertThat(files.files())
        .containsExactly(
            new SourceFile("1/up.sql", "a"),
            new SourceFile("add-b/up.sql", "b"),
            new SourceFile("versions.txt", "2 add-b\n"));
    assertThat(files.has(TWO)).isTrue();
    assertThat(files.has(new Version("3"))).isFalse();
  }

  private MigrationFiles inline(Map<String, String> files) {
    return new Sources(client).read("shop", new Source(files, null), TWO);
  }

  private void configMap(String name, Map<String, String> data) {
    client
        .configMaps()
        .inNamespace("shop")
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withData(data)
                .build())
        .create();
  }
}
