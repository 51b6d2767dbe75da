package dev.pawl.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.crd.SchemaGate.Opening;
import dev.pawl.crd.SchemaMigration;
import dev.pawl.crd.SchemaMigrationSpec;
import dev.pawl.crd.Source;
import dev.pawl.engine.plan.Version;
import dev.pawl.operator.Samples;
import dev.pawl.operator.gate.GateKeeper;
import dev.pawl.operator.gate.Gates;
import dev.pawl.operator.source.Sources;
import dev.pawl.operator.status.Events;
import dev.pawl.operator.status.Metrics;
import dev.pawl.operator.status.Outlook;
import dev.pawl.operator.status.Term;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@EnableKubernetesMockClient(crud = true)
@Timeout(120)
class WishesTest {
  private static final Term TERM = Samples.term(1);

  private KubernetesClient client;
  private Gates gates;
  private Wishes wishes;

  @BeforeEach
  void start() {
    var keeper =
        new GateKeeper(client, new Events(client), new Metrics(new SimpleMeterRegistry(), TERM));
    keeper.start(List.of("shop"));
    gates = new Gates(client, TERM, keeper);
    wishes = new Wishes(new Sources(client), gates);
  }

  @Test
  void asksForARunOfWhatTheSourceHasUpToTheVersion() {
    var wish = wish(migration("shop", "orders", "1", "09:00", false));

    assertThat(wish)
        .isInstanceOfSatisfying(
            Wish.Run.class,
            run -> {
              assertThat(run.assignment().stream()).isEqualTo("orders");
              assertThat(run.assignment().source().files()).hasSize(1);
            });
  }

  @Test
  void aVersionThatIsNotYetInItsSourceIsWaitedFor() {
    assertThat(outlook(wish(migration("shop", "orders", "9", "09:00", false))))
        .isInstanceOfSatisfying(
            Outlook.Retrying.class, o -> assertThat(o.reason()).isEqualTo("WaitingForSource"));
  }

  @Test
  void ofTwoWithOneHistoryOnlyTheOlderRunsAndTheOtherIsToldBothNames() {
    var older = migration("shop", "orders", "1", "09:00", false);
    var younger = migration("shop", "orders-again", "1", "10:00", false);

    assertThat(wish(older, younger)).isInstanceOf(Wish.Run.class);
    assertThat(outlook(wish(younger, older)))
        .isInstanceOfSatisfying(
            Outlook.Stalled.class,
            o -> {
              assertThat(o.reason()).isEqualTo("DuplicateStream");
              assertThat(o.message()).contains("shop/orders-again", "shop/orders ");
            });
  }

  @Test
  void theSameShortHostNameElsewhereIsNoRival() {
    var staging = migration("staging", "orders", "1", "09:00", false);
    var shop = migration("shop", "orders", "1", "10:00", false);

    assertThat(wish(shop, staging)).isInstanceOf(Wish.Run.class);
  }

  @Test
  void suspendedIsReadyOnlyWhenNothingIsPending() throws Exception {
    var suspended = migration("shop", "orders", "1", "09:00", true);
    var halt = (Wish.Halt) wish(suspended);
    assertThat(halt.cancel()).isFalse();
    assertThat(wishes.halted(suspended, halt, true, ""))
        .isInstanceOfSatisfying(Outlook.Suspended.class, o -> assertThat(o.ready()).isFalse());
    assertThat(wishes.halted(suspended, halt, false, "step 1#1 is finished"))
        .isEqualTo(new Outlook.Suspending("suspended by spec.suspend: step 1#1 is finished"));

    gates.update("shop", "orders", before -> Optional.of(new Opening("1", null, "server")));
    while (gates.opening("shop", "orders").isEmpty()) {
      Thread.sleep(10);
    }

    for (var done : List.of(true, false)) {
      assertThat(wishes.halted(suspended, halt, done, ""))
          .isInstanceOfSatisfying(Outlook.Suspended.class, o -> assertThat(o.ready()).isTrue());
    }
  }

  @Test
  void cancelledIsMoreThanSuspendedButNeverOfARivalsWork() {
    var older = migration("shop", "orders", "1", "09:00", false);
    var younger = migration("shop", "orders-again", "1", "10:00", true, true);

    assertThat(wish(younger)).isEqualTo(new Wish.Halt(new Version("1"), true));
    assertThat(outlook(wish(younger, older))).isInstanceOf(Outlook.Stalled.class);
  }

  private Wish wish(SchemaMigration of, SchemaMigration... others) {
    return wishes.of(of, Stream.concat(Stream.of(of), Stream.of(others)));
  }

  private static Outlook outlook(Wish wish) {
    return ((Wish.Rest) wish).outlook();
  }

  private static SchemaMigration migration(
      String namespace, String name, String version, String created, boolean suspend) {
    return migration(namespace, name, version, created, suspend, false);
  }

  private static SchemaMigration migration(
      String namespace,
      String name,
      String version,
      String created,
      boolean suspend,
      boolean cancel) {
    var migration = new SchemaMigration();
    migration.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(name)
            .withCreationTimestamp("2026-11-24T" + created + ":00Z")
            .build());
    migration.setSpec(
        new SchemaMigrationSpec(
            version,
            Samples.database("postgres://u@postgres/d"),
            new Source(Map.of("0001_a.sql", "CREATE TABLE a (i int)"), null),
            "orders",
            null,
            suspend,
            cancel));
    return migration;
  }
}
