package dev.pawl.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.plan.Version;
import dev.pawl.operator.Samples;
import dev.pawl.operator.source.MigrationFiles;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServerWatchTest {
  private final SynchronousQueue<String> answers = new SynchronousQueue<>();
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final ServerWatch watch =
      new ServerWatch(
          a -> {
            try {
              return answers.take();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          },
          (id, identity) -> told.add(id.getName() + " " + identity));

  @Test
  void tellsOfEachThatWasVerifiedElsewhereWithOneQuestionAServer() throws Exception {
    watch.rests(id("one"), assignment("one", "postgres://u@h/d"), "server/1");
    watch.rests(id("two"), assignment("two", "postgres://u@h/e"), "server/1");
    watch.rests(id("new"), assignment("new", "postgres://u@h/f"), "server/2");

    watch.look();
    watch.look(); // the first is not answered yet
    answers.put("server/2");

    assertThat(List.of(told.take(), told.take()))
        .containsExactlyInAnyOrder("one server/2", "two server/2");
    assertThat(answers.poll()).as("no second question").isNull();
  }

  @Test
  void saysNothingOfWhatHasBegunToRunMeanwhile() throws Exception {
    watch.rests(id("one"), assignment("one", "postgres://u@h/d"), "server/1");
    watch.rests(id("two"), assignment("two", "postgres://u@h/d"), "server/1");
    watch.look();
    watch.leaves(id("one"));
    answers.put("server/2");

    assertThat(told.take()).isEqualTo("two server/2");
    assertThat(told).isEmpty();
  }

  private static ResourceID id(String name) {
    return new ResourceID(name, "shop");
  }

  private static Assignment assignment(String name, String url) {
    return new Assignment(
        "shop",
        name,
        name,
        new Version("1"),
        Samples.database(url),
        null,
        new MigrationFiles(List.of(), "sha256:1"));
  }
}
