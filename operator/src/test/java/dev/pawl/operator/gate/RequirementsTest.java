package dev.pawl.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.crd.SchemaGate;
import dev.pawl.crd.SchemaGate.Opening;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequirementsTest {
  @ParameterizedTest
  @CsvSource({
    "7,       7,       true",
    "7,       10,      true",
    "0007,    7,       true",
    "8,       7,       false",
    "12.0.9,  12.0.10, true",
    "12.1.0,  12.0.10, false",
    "7,       7.0,     true",
    "7.0,     7,       false",
    "7x,      9,       false",
    "'',      9,       false",
    "7,       '',      false",
    "20260228103001, 20260228103000, false",
  })
  void comparesAsThePoliciesDo(String required, String through, boolean open) {
    assertThat(requires(required).open(gate(Map.of("orders", new Opening(through, null, "a")))))
        .isEqualTo(open);
  }

  @Test
  void aPendingLatecomerIsHeldThoughItIsOlder() {
    var gate = gate(Map.of("orders", new Opening("9", List.of("5"), "a")));

    assertThat(requires("5").open(gate)).isFalse();
    assertThat(requires("0005").open(gate)).isFalse();
    assertThat(requires("6").open(gate)).isTrue();
  }

  @Test
  void whatIsRequiredOfSeveralMigrationsMustAllBeThere() {
    var both = Requirements.of(Map.of("requires.pawl.dev/a", "1", "requires.pawl.dev/b", "2"));
    var gate = gate(Map.of("a", new Opening("1", null, "x"), "b", new Opening("1", null, "x")));

    assertThat(both.open(gate)).isFalse();
    assertThat(both.open("a", gate)).isTrue();
    assertThat(both.waitsFor(gate)).contains("SchemaMigration b", "version 2", "through 1");
  }

  @Test
  void withoutAGateEverythingRequiredIsHeldAndNothingElse() {
    assertThat(requires("1").open(Optional.empty())).isFalse();
    assertThat(Requirements.of(Map.of("other", "1")).open(Optional.empty())).isTrue();
    assertThat(Requirements.of(null).open(Optional.empty())).isTrue();
  }

  @Test
  void brokenGlassOpensUpToItsVersionAndNoFurther() {
    var gate = new SchemaGate();
    gate.setSpec(new SchemaGate.Spec(Map.of("orders", "9")));

    assertThat(requires("9").open(Optional.of(gate))).isTrue();
    assertThat(requires("10").open(Optional.of(gate))).isFalse();
  }

  @Test
  void saysWhatIsWrongWithAMalformedVersion() {
    assertThat(requires("v7").waitsFor(Optional.empty()))
        .contains("requires.pawl.dev/orders: \"v7\" is not a version");
  }

  private static Requirements requires(String version) {
    return Requirements.of(Map.of("requires.pawl.dev/orders", version, "unrelated", "x"));
  }

  private static Optional<SchemaGate> gate(Map<String, Opening> migrations) {
    var gate = new SchemaGate();
    gate.setStatus(new SchemaGate.Status(1L, migrations));
    return Optional.of(gate);
  }
}
