package dev.pawl.e2e.chaos;

import dev.pawl.e2e.harness.ApiProxy;
import dev.pawl.e2e.harness.Database;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/** Does the faults, and undoes what each has left. */
final class Mischief {
  /** What the API server may answer to a write. */
  private static final List<ApiProxy.Fault> ANSWERS =
      List.of(
          new ApiProxy.Fault.Answer(409, "Conflict", 0),
          new ApiProxy.Fault.Answer(429, "TooManyRequests", 1),
          new ApiProxy.Fault.Answer(500, "InternalError", 0),
          new ApiProxy.Fault.ResetBefore(),
          new ApiProxy.Fault.ResetAfter());

  /** Who meddles with indexes to come takes one of so many that come next. */
  private static final int SOON = 3;

  private static final int TRIES = 30;

  private final Site site;
  private final Kubelet kubelet;
  private final List<Stream> streams;
  private final Map<Database, TcpProxy> proxies;
  private final Dice dice;
  private final ReentrantLock controlPlane = new ReentrantLock();
  private final ReentrantLock server = new ReentrantLock();
  private final Map<Fault.Kind, Integer> done = new EnumMap<>(Fault.Kind.class);
  private final Set<Stream> duplicated = ConcurrentHashMap.newKeySet();

  Mischief(
      Site site,
      Kubelet kubelet,
      List<Stream> streams,
      Map<Database, TcpProxy> proxies,
      long seed) {
    this.site = site;
    this.kubelet = kubelet;
    this.streams = streams;
    this.proxies = proxies;
    this.dice = new Dice(seed, "faults");
  }

  /** How many of each kind there were. */
  Map<Fault.Kind, Integer> done() {
    return done;
  }

  /** Does one fault after the other until then, and waits until the last has ended. */
  void run(Instant end) {
    try (ExecutorService lasting = Executors.newVirtualThreadPerTaskExecutor()) {
      while (Instant.now().isBefore(end)) {
        var fault = Fault.next(dice);
        Threads.pause(fault.pauseMillis());
        System.out.printf(
            "%s %s %d ms, %d%s%n",
            Instant.now().toString().substring(11, 23),
            fault.kind(),
            fault.lengthMillis(),
            fault.pick(),
            fault.overlaps() ? ", overlapping" : "");
        done.merge(fault.kind(), 1, Integer::sum);
        var task = lasting.submit(() -> attempt(fault));
        if (!fault.overlaps()) {
          task.get(5, TimeUnit.MINUTES);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("a fault could not be done or undone", e);
    }
    undo();
  }

  /** A fault that meets another, such as a lock where the server is away, has simply no effect. */
  private void attempt(Fault fault) {
    try {
      befall(fault);
    } catch (SQLException | IllegalStateException e) {
      System.out.printf("  %s: %s%n", fault.kind(), firstLine(e));
    }
  }

  private static String firstLine(Exception e) {
    var cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }

  private void befall(Fault fault) throws SQLException {
    var stream = streams.get(fault.pick() % streams.size());
    var database = stream.namespace().database();
    int pick = fault.pick() / 1_000;
    int millis = fault.lengthMillis();
    switch (fault.kind()) {
      case KILL_LEADER -> kubelet.pick(true).process().kill();
      case KILL_FOLLOWER -> kubelet.pick(false).process().kill();
      case KILL_BOTH -> kubelet.replicas().forEach(r -> r.process().kill());
      case PAUSE_LEADER -> pauseLeader(millis);
      case CUT_API_SERVER -> {
        var proxy = kubelet.pick(fault.pick() % 3 > 0).proxy();
        proxy.cut();
        Threads.pause(millis);
        proxy.mend();
      }
      case RESET_API_SERVER -> kubelet.replicas().forEach(r -> r.proxy().dropConnections());
      case API_SERVER_ERRORS -> {
        kubelet.replicas().forEach(r -> r.proxy().faults(Mischief::falseAnswer));
        Threads.pause(millis);
        kubelet.replicas().forEach(r -> r.proxy().faults(request -> new ApiProxy.Fault.None()));
      }
      case KILL_API_SERVER -> locked(controlPlane, this::killApiServer);
      case PAUSE_ETCD -> locked(controlPlane, () -> pauseEtcd(millis));
      case RESTART_DATABASE -> locked(server, this::restartDatabase);
      case TERMINATE_BACKENDS -> DatabaseFaults.signal(database, "pg_terminate_backend", false);
      case CANCEL_STATEMENTS -> DatabaseFaults.signal(database, "pg_cancel_backend", true);
      case CUT_DATABASE -> {
        var proxy = proxies.get(database);
        proxy.cut();
        Threads.pause(millis);
        proxy.mend();
      }
      case RESET_DATABASE -> proxies.get(database).dropConnections();
      case HOLD_LOCK -> DatabaseFaults.holdLock(database, stream.name(), pick, millis);
      case HOLD_SNAPSHOT -> DatabaseFaults.holdSnapshot(database, millis);
      case FILL_CONNECTIONS -> DatabaseFaults.fillConnections(database, millis);
      case DUPLICATES -> duplicates(stream, pick, millis);
      case INVALID_INDEX -> {
        var builds = DatabaseFaults.buildsToCome(stream);
        if (!builds.isEmpty()) {
          DatabaseFaults.brokenBuild(
              database, builds.get(pick % Math.min(builds.size(), SOON)), millis);
        }
      }
      case NAIVE_TOOL -> {
        var builds = DatabaseFaults.buildsToCome(stream);
        if (!builds.isEmpty()) {
          DatabaseFaults.naiveTool(database, builds.get(pick % Math.min(builds.size(), SOON)));
        }
      }
      case SUSPEND -> {
        stream.suspend(true);
        Threads.pause(millis);
        stream.suspend(false);
      }
    }
  }

  private static ApiProxy.Fault falseAnswer(ApiProxy.Request request) {
    var chance = ThreadLocalRandom.current();
    if (request.path().contains("/leases") || chance.nextInt(3) > 0) {
      return new ApiProxy.Fault.None();
    }
    return request.isWatch()
        ? new ApiProxy.Fault.Expired()
        : ANSWERS.get(chance.nextInt(ANSWERS.size()));
  }

  private void pauseLeader(int millis) {
    var process = kubelet.pick(true).process();
    process.pause();
    try {
      Threads.pause(millis);
    } finally {
      if (process.isAlive()) { // another fault may have killed it
        process.resume();
      }
    }
  }

  private void killApiServer() {
    try {
      site.apiServer().end("KILL");
    } finally {
      site.startCluster();
    }
  }

  private void pauseEtcd(int millis) {
    var etcd = site.etcd();
    try {
      etcd.signal("STOP");
      Threads.pause(millis);
    } finally {
      etcd.signal("CONT");
    }
  }

  private void restartDatabase() {
    try {
      site.postgres().end("QUIT");
    } finally {
      site.startPostgres();
    }
  }

  private void duplicates(Stream stream, int pick, int millis) throws SQLException {
    duplicated.add(stream);
    DatabaseFaults.duplicate(stream, pick);
    Threads.pause(millis);
    mend(stream);
  }

  /** Other faults may be in the way for a while. */
  private static void mend(Stream stream) throws SQLException {
    for (int tries = 1; ; tries++) {
      try {
        DatabaseFaults.mendDuplicates(stream.namespace().database(), stream.name());
        return;
      } catch (SQLException | IllegalStateException e) {
        if (tries == TRIES) {
          throw e;
        }
        Threads.pause(1_000);
      }
    }
  }

  /** What a fault was kept from undoing, because another was in its way. */
  private void undo() {
    site.startCluster();
    site.startPostgres();
    proxies.values().forEach(TcpProxy::mend);
    kubelet.replicas().forEach(r -> r.proxy().mend());
    for (var stream : duplicated) {
      try {
        mend(stream);
      } catch (SQLException e) {
        throw new IllegalStateException("duplicates could not be taken away", e);
      }
    }
    streams.forEach(s -> s.suspend(false));
  }

  private static void locked(ReentrantLock lock, Runnable deed) {
    lock.lock();
    try {
      deed.run();
    } finally {
      lock.unlock();
    }
  }
}
