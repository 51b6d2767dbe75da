package dev.pawl.e2e.chaos;

import dev.pawl.e2e.harness.ApiProxy;
import dev.pawl.e2e.harness.Cluster;
import dev.pawl.e2e.harness.OperatorProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps two operators running as a kubelet would: one that has ended is started again. Each sees
 * the API server through a proxy of its own. Notes who has led.
 */
final class Kubelet implements AutoCloseable {
  private static final int REPLICAS = 2;
  private static final int BACKOFF_MILLIS = 1_000;

  /** docs/fault-matrix.md has them. */
  private static final int FAILURE_POINTS = 34;

  private static final List<String> AT_A_POINT = List.of("kill", "kill", "pause=5", "freeze=14");

  /** One of them, over all its lives. */
  static final class Replica {
    private final String name;
    private final ApiProxy proxy;
    private final Dice dice;
    private volatile OperatorProcess process;
    private int lives;

    private Replica(String name, ApiProxy proxy, long seed) {
      this.name = name;
      this.proxy = proxy;
      this.dice = new Dice(seed, "failure points of " + name);
    }

    /** In most of its lives something happens at a failure point, when it gets there so often. */
    private Map<String, String> failurePoint() {
      return dice.percent(75)
          ? Map.of(
              "PAWL_FAILURE_POINTS",
              dice.between(1, FAILURE_POINTS)
                  + ":"
                  + dice.of(AT_A_POINT)
                  + "@"
                  + dice.between(1, 12))
          : Map.of();
    }

    OperatorProcess process() {
      return process;
    }

    ApiProxy proxy() {
      return proxy;
    }
  }

  private final Cluster cluster;
  private final List<Replica> replicas = new ArrayList<>();
  private final List<String> leaders = new ArrayList<>();
  private final Thread thread;
  private volatile boolean closed;
  private volatile int restarts;
  private volatile int pointsReached;
  private volatile boolean arming = true;

  /** Starts both. */
  Kubelet(Cluster cluster, long seed) {
    this.cluster = cluster;
    for (int k = 0; k < REPLICAS; k++) {
      var replica = new Replica("chaos-" + (char) ('a' + k), cluster.launcher().proxy(), seed);
      start(replica);
      replicas.add(replica);
    }
    thread = Thread.ofVirtual().name("kubelet").start(this::run);
  }

  private void start(Replica replica) {
    var name = replica.name + "-%03d".formatted(++replica.lives);
    replica.process =
        cluster.launcher().start(name, replica.proxy, arming ? replica.failurePoint() : Map.of());
  }

  private void run() {
    while (!closed) {
      try {
        for (var replica : replicas) {
          if (!replica.process.isAlive()) {
            notePoint(replica);
            Threads.pause(BACKOFF_MILLIS);
            start(replica);
            restarts++;
          }
        }
        holder().ifPresent(this::noteLeader);
      } catch (RuntimeException e) {
        // The API server is away: looked at again.
      }
      Threads.pause(300);
    }
  }

  private void notePoint(Replica replica) {
    if (replica.process.log(2_000).contains("pawl: failure point")) {
      pointsReached++;
    }
  }

  private void noteLeader(String holder) {
    synchronized (leaders) {
      if (leaders.isEmpty() || !leaders.getLast().equals(holder)) {
        leaders.add(holder);
      }
    }
  }

  private Optional<String> holder() {
    return cluster.operator().leadingProcess();
  }

  /** The one that led last, as far as known, or the other. */
  Replica pick(boolean leader) {
    String last;
    synchronized (leaders) {
      last = leaders.isEmpty() ? "" : leaders.getLast();
    }
    boolean firstLeads = last.startsWith(replicas.getFirst().name);
    return firstLeads == leader ? replicas.getFirst() : replicas.getLast();
  }

  List<Replica> replicas() {
    return List.copyOf(replicas);
  }

  /** From now on no failure point is armed: who lives with one is killed. */
  void disarm() {
    arming = false;
    replicas.forEach(r -> r.process.kill());
  }

  /** How many lives have come to the failure point that was armed in them. */
  int pointsReached() {
    return pointsReached;
  }

  int restarts() {
    return restarts;
  }

  int leaderChanges() {
    synchronized (leaders) {
      return Math.max(0, leaders.size() - 1);
    }
  }

  String log(int lines) {
    return String.join("\n", replicas.stream().map(r -> r.process.log(lines)).toList());
  }

  @Override
  public void close() {
    closed = true;
    Threads.join(thread);
    for (var replica : replicas) {
      replica.process.close();
      replica.proxy.close();
    }
  }
}
