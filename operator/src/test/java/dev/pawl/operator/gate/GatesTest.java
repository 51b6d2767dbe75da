package dev.pawl.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.crd.SchemaGate;
import dev.pawl.crd.SchemaGate.Opening;
import dev.pawl.operator.Samples;
import dev.pawl.operator.status.Events;
import dev.pawl.operator.status.Metrics;
import dev.pawl.operator.status.Term;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@EnableKubernetesMockClient(crud = true)
@Timeout(120)
class GatesTest {
  private static final Opening SEVEN = new Opening("7", null, "server");
  private static final Term TERM = Samples.term(3);

  private KubernetesClient client;
  private Gates gates;

  @BeforeEach
  void start() {
    var keeper =
        new GateKeeper(client, new Events(client), new Metrics(new SimpleMeterRegistry(), TERM));
    keeper.start(List.of("shop"));
    gates = new Gates(client, TERM, keeper);
  }

  @Test
  void theFirstVerifiedMigrationMakesTheGateOfItsNamespace() {
    assertThat(gates.update("shop", "orders", before -> Optional.of(SEVEN))).contains(SEVEN);

    assertThat(gate().getStatus().migrations()).containsOnlyKeys("orders");
    assertThat(gate().getStatus().term()).isEqualTo(3);
  }

  @Test
  void noGateIsMadeWhereThereIsNothingToSay() {
    gates.update("shop", "orders", before -> before);

    assertThat(gate()).isNull();
  }

  @Test
  void otherMigrationsOfTheNamespaceStayAsTheyAre() throws Exception {
    gates.update("shop", "orders", before -> Optional.of(SEVEN));
    gates.update("shop", "billing", before -> Optional.of(new Opening("1", null, "server")));
    while (gates.opening("shop", "billing").isEmpty()) {
      Thread.sleep(10);
    }
    gates.update("shop", "orders", before -> Optional.empty());

    assertThat(gate().getStatus().migrations()).containsOnlyKeys("billing");
  }

  private SchemaGate gate() {
    return client.resources(SchemaGate.class).inNamespace("shop").withName(SchemaGate.NAME).get();
  }
}
