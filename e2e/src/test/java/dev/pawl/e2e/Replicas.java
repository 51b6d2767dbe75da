package dev.pawl.e2e;

import dev.pawl.e2e.harness.ApiProxy;
import dev.pawl.e2e.harness.Await;
import dev.pawl.e2e.harness.Cluster;
import dev.pawl.e2e.harness.OperatorProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Two operators in place of the cluster's own, as processes of this machine, each seen by the API
 * server through a proxy that writes down what it does.
 */
final class Replicas implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(120);
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final Cluster cluster;
  private final List<Replica> all = new ArrayList<>();

  /** One of them. */
  record Replica(OperatorProcess process, ApiProxy proxy) {
    /** What it has changed through the API server since then; Events do not count. */
    List<ApiProxy.Exchange> wroteSince(Instant since) {
      return proxy.exchanges().stream()
          .filter(e -> e.at().isAfter(since) && e.wrote())
          .filter(e -> !e.request().path().contains("/events"))
          .toList();
    }
  }

  private Replicas(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Stops the cluster's operator and starts these; returns when one of them leads. */
  static Replicas start(Cluster cluster) {
    cluster.operator().stop();
    var replicas = new Replicas(cluster);
    return replicas.awaited("two ready operators, one of them leading", replicas::areReady);
  }

  /**
   * The same; the one that leads has failure points armed, the other has none.
   *
   * @param points as docs/fault-matrix.md has them
   */
  static Replicas start(Cluster cluster, String points) {
    cluster.operator().stop();
    var replicas = new Replicas(cluster);
    var armed = Map.of("PAWL_FAILURE_POINTS", points);
    replicas.awaited(
        "the armed operator to lead",
        () -> {
          replicas.startWhatIsMissing(1, armed);
          return replicas.leaderNow().filter(r -> r.process().leads()).isPresent();
        });
    replicas.startWhatHasEnded();
    return replicas;
  }

  private Replicas awaited(String what, Callable<Boolean> condition) {
    try {
      Await.until(what, SOON, condition, this::log);
      return this;
    } catch (RuntimeException | Error e) {
      close(); // or they would take part in every later test
      throw e;
    }
  }

  private boolean areReady() {
    startWhatHasEnded();
    return all.stream().allMatch(r -> r.process().ready())
        && leaderNow().filter(r -> r.process().leads()).isPresent();
  }

  /** One that has lost its Lease, on a busy machine, starts anew as its pod would. */
  void startWhatHasEnded() {
    startWhatIsMissing(2, Map.of());
  }

  private void startWhatIsMissing(int count, Map<String, String> environment) {
    for (var ended : all.stream().filter(r -> !r.process().isAlive()).toList()) {
      ended.proxy().close();
      all.remove(ended);
    }
    while (all.size() < count) {
      var name = "replica-%03d".formatted(COUNT.incrementAndGet());
      var proxy = cluster.launcher().proxy();
      all.add(new Replica(cluster.launcher().start(name, proxy, environment), proxy));
    }
  }

  private Optional<Replica> leaderNow() {
    return cluster
        .operator()
        .leadingProcess()
        .flatMap(
            holder ->
                all.stream().filter(r -> holder.startsWith(r.process().name() + "-")).findFirst());
  }

  /** The one that leads now, by the Lease. */
  Replica leader() {
    return leaderNow().orElseThrow();
  }

  /** From now on the API server answers both of them so. */
  void faults(Function<ApiProxy.Request, ApiProxy.Fault> decide) {
    all.forEach(r -> r.proxy().faults(decide));
  }

  /** Resets every connection to the API server. */
  void dropConnections() {
    all.forEach(r -> r.proxy().dropConnections());
  }

  /** All that both have asked. */
  List<ApiProxy.Exchange> exchanges() {
    return all.stream().flatMap(r -> r.proxy().exchanges().stream()).toList();
  }

  Replica other(Replica one) {
    return all.stream().filter(r -> r != one).findFirst().orElseThrow();
  }

  /** Waits until that one leads. */
  void awaitLeader(Replica wanted) {
    Await.until(
        wanted.process().name() + " to lead",
        SOON,
        () -> leaderNow().filter(r -> r == wanted).isPresent() && wanted.process().leads(),
        this::log);
  }

  String log() {
    return all.stream().map(r -> r.process().log(60)).collect(Collectors.joining("\n"));
  }

  /** Ends them; whoever uses the cluster next starts its own operator again. */
  @Override
  public void close() {
    all.forEach(r -> r.process().close());
    all.forEach(r -> r.proxy().close());
  }
}
