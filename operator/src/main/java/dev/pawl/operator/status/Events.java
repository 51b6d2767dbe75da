package dev.pawl.operator.status;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Kubernetes Events, written in the background: nothing waits for them, and where the API server is
 * away they are lost, as Events may be. The same words about the same object are said once in ten
 * minutes.
 */
@Singleton
public class Events {
  private static final Logger LOG = Logger.getLogger(Events.class);
  private static final Duration SILENCE = Duration.ofMinutes(10);
  private static final int REMEMBERED = 10_000;
  private static final int NOTE = 1024;
  private static final DateTimeFormatter MICRO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubernetesClient client;
  private final String instance;
  private final BlockingQueue<Said> queue = new ArrayBlockingQueue<>(1000);
  private final AtomicLong sequence = new AtomicLong(System.currentTimeMillis() << 12);
  private final Map<Said, Instant> said =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Said, Instant> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Whether something went wrong. */
  public enum Type {
    Normal,
    Warning
  }

  private record Said(ObjectReference about, Type type, String reason, String note) {}

  /** Begins to write at once. */
  public Events(KubernetesClient client) {
    this.client = client;
    this.instance = System.getenv().getOrDefault("HOSTNAME", "pawl");
    Thread.ofVirtual().name("events").start(this::write);
  }

  /** Says something about an object. */
  public void say(HasMetadata about, Type type, String reason, String note) {
    say(reference(about), type, reason, note);
  }

  /** Says something about an object of which only the reference is known. */
  public void say(ObjectReference about, Type type, String reason, String note) {
    var what = new Said(about, type, reason, Text.cut(note, NOTE));
    var now = Instant.now();
    synchronized (said) {
      var before = said.get(what);
      if (before != null && before.plus(SILENCE).isAfter(now)) {
        return;
      }
      said.put(what, now);
    }
    if (!queue.offer(what)) {
      LOG.debugf("too many Events at once, left out: %s %s", reason, note);
    }
  }

  private static ObjectReference reference(HasMetadata about) {
    return new ObjectReferenceBuilder()
        .withApiVersion(about.getApiVersion())
        .withKind(about.getKind())
        .withNamespace(about.getMetadata().getNamespace())
        .withName(about.getMetadata().getName())
        .withUid(about.getMetadata().getUid())
        .build();
  }

  private void write() {
    while (true) {
      try {
        write(queue.take());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void write(Said what) {
    var name = what.about().getName();
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(what.about().getNamespace())
            .withName(Text.cut(name, 200) + "." + Long.toHexString(sequence.incrementAndGet()))
            .endMetadata()
            .withEventTime(new MicroTime(MICRO.format(Instant.now())))
            .withReportingController("pawl.dev/pawl")
            .withReportingInstance(Text.cut(instance, 128))
            .withType(what.type().name())
            .withReason(what.reason())
            .withAction(what.reason())
            .withNote(what.note())
            .withRegarding(what.about())
            .build();
    try {
      client.resource(event).create();
    } catch (RuntimeException e) {
      LOG.debugf("an Event could not be written: %s", e.getMessage());
    }
  }
}
