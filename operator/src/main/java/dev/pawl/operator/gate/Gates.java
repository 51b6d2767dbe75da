package dev.pawl.operator.gate;

import dev.pawl.crd.SchemaGate;
import dev.pawl.crd.SchemaGate.Opening;
import dev.pawl.operator.status.Term;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/** Writes the SchemaGates: one small object a namespace, made when the first migration needs it. */
@Singleton
public class Gates {
  private static final Logger LOG = Logger.getLogger(Gates.class);
  private static final int TRIES = 8;

  private final KubernetesClient client;
  private final Term term;
  private final GateKeeper keeper;

  /** Writes with this client in this term; reads what the keeper has seen. */
  public Gates(KubernetesClient client, Term term, GateKeeper keeper) {
    this.client = client;
    this.term = term;
    this.keeper = keeper;
  }

  /** How far the gate of a migration is open, as last seen. */
  public Optional<Opening> opening(String namespace, String migration) {
    return keeper.gate(namespace).flatMap(gate -> Requirements.opening(gate, migration));
  }

  /**
   * Changes the opening of one migration, if it changes; others' in the same object stay.
   *
   * @return how far it is open now
   */
  public Optional<Opening> update(
      String namespace, String migration, UnaryOperator<Optional<Opening>> change) {
    var seen = opening(namespace, migration);
    if (change.apply(seen).equals(seen)) {
      return seen;
    }
    for (int i = 1; ; i++) {
      try {
        return write(namespace, migration, change);
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || i == TRIES) {
          throw e;
        }
      }
    }
  }

  private Optional<Opening> write(
      String namespace, String migration, UnaryOperator<Optional<Opening>> change) {
    var gates = client.resources(SchemaGate.class).inNamespace(namespace);
    var gate = gates.withName(SchemaGate.NAME).get();
    if (gate == null) {
      gate = new SchemaGate();
      gate.setMetadata(
          new ObjectMetaBuilder().withNamespace(namespace).withName(SchemaGate.NAME).build());
      gate = gates.resource(gate).create();
    }
    var before = Requirements.opening(gate, migration);
    var after = change.apply(before);
    if (after.equals(before)) {
      return after;
    }
    var migrations =
        new TreeMap<>(
            gate.getStatus() == null || gate.getStatus().migrations() == null
                ? Map.<String, Opening>of()
                : gate.getStatus().migrations());
    after.ifPresentOrElse(o -> migrations.put(migration, o), () -> migrations.remove(migration));
    gate.setStatus(new SchemaGate.Status(term.current().orElseThrow(), migrations));
    gates.resource(gate).updateStatus();
    LOG.infof(
        "%s/%s: the gate is open through %s%s",
        namespace,
        migration,
        after.map(Opening::through).orElse("nothing"),
        after.map(Opening::pending).map(p -> ", but not for " + p).orElse(""));
    return after;
  }
}
