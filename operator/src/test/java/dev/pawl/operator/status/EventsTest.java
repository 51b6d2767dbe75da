package dev.pawl.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@EnableKubernetesMockClient(crud = true)
@Timeout(120)
class EventsTest {
  private static final ObjectReference ORDERS =
      new ObjectReferenceBuilder()
          .withKind("SchemaMigration")
          .withNamespace("shop")
          .withName("orders")
          .build();

  private KubernetesClient client;

  @Test
  void theSameWordsAreSaidOnceAndOthersStillAre() throws Exception {
    var events = new Events(client);

    events.say(ORDERS, Events.Type.Warning, "StepFailed", "Key (a)=(1) is duplicated");
    events.say(ORDERS, Events.Type.Warning, "StepFailed", "Key (a)=(1) is duplicated");
    events.say(ORDERS, Events.Type.Normal, "Verified", "x".repeat(5_000));

    while (written().size() < 2) {
      Thread.sleep(10);
    }
    assertThat(written())
        .hasSize(2)
        .allSatisfy(
            event -> {
              assertThat(event.getRegarding().getName()).isEqualTo("orders");
              assertThat(event.getNote().length()).isLessThanOrEqualTo(1024);
              assertThat(event.getAction()).isNotEmpty();
              assertThat(event.getReportingController()).isEqualTo("pawl.dev/pawl");
            });
  }

  private List<Event> written() {
    return client.events().v1().events().inNamespace("shop").list().getItems();
  }
}
