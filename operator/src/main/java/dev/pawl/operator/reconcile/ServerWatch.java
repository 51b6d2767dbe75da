package dev.pawl.operator.reconcile;

import static java.util.stream.Collectors.groupingBy;

import dev.pawl.engine.execute.UnavailableException;
import dev.pawl.operator.source.Address;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/**
 * Asks the servers of what is verified, one question a server at a time, which they are: so a
 * failover is noticed though nothing runs. A server that does not answer is asked again.
 */
final class ServerWatch {
  private static final Logger LOG = Logger.getLogger(ServerWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final Question question;
  private final BiConsumer<ResourceID, String> elsewhere;
  private final ConcurrentMap<ResourceID, Rest> resting = new ConcurrentHashMap<>();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("server-watch").factory());

  /** Which server an assignment's address leads to now. */
  interface Question {
    /**
     * @throws UnavailableException where it does not answer
     */
    String identity(Assignment assignment) throws UnavailableException;
  }

  private record Rest(Assignment assignment, String identity) {}

  /**
   * @param elsewhere told whose address leads to another server than it was verified on, and to
   *     which; on a thread of the watch
   */
  ServerWatch(Question question, BiConsumer<ResourceID, String> elsewhere) {
    this.question = question;
    this.elsewhere = elsewhere;
  }

  /** Begins to ask, of what is at rest. */
  void start() {
    clock.scheduleWithFixedDelay(
        this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ends at once. */
  void stop() {
    clock.shutdownNow();
    resting.clear();
  }

  /** It is verified, on that server. */
  void rests(ResourceID id, Assignment assignment, String identity) {
    resting.put(id, new Rest(assignment, identity));
  }

  /** Nothing more is claimed of it. */
  void leaves(ResourceID id) {
    resting.remove(id);
  }

  /** Asks every server that is not being asked. */
  void look() {
    resting.entrySet().stream()
        .collect(groupingBy(e -> server(e.getValue().assignment())))
        .forEach(
            (server, all) -> {
              if (asked.add(server)) {
                Thread.ofVirtual().name("ask " + server).start(() -> ask(server, all));
              }
            });
  }

  private static String server(Assignment a) {
    return Address.of(a.database()).server(a.namespace());
  }

  private void ask(String server, List<Map.Entry<ResourceID, Rest>> all) {
    try {
      var identity = question.identity(all.getFirst().getValue().assignment());
      for (var each : all) {
        // Not of what has been verified anew meanwhile.
        if (!each.getValue().identity().equals(identity)
            && resting.remove(each.getKey(), each.getValue())) {
          elsewhere.accept(each.getKey(), identity);
        }
      }
    } catch (UnavailableException | RuntimeException e) {
      LOG.debugf("%s does not say which server it is: %s", server, e.getMessage());
    } finally {
      asked.remove(server);
    }
  }
}
