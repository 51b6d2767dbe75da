package dev.pawl.engine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing that comes in at any entrance makes Pawl fail: the kept inputs, and changes of them. */
@Timeout(120)
@Tag("size")
class CorpusTest {
  /** Always the same: a failure here is a failure everywhere. {@code make fuzz} takes others. */
  private static final long SEED = 20260101;

  private static final int MUTATIONS = Integer.getInteger("pawl.fuzz.mutations", 4000);

  @ParameterizedTest
  @EnumSource
  void whatIsKeptIsReadOrRefused(Entrance entrance) {
    var corpus = Corpus.of(entrance);
    assertThat(corpus).isNotEmpty();
    corpus.forEach((name, bytes) -> read(entrance, name, bytes));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsMadeOfItIsReadOrRefused(Entrance entrance) {
    var mutations =
        new Mutations(
            new SplittableRandom(Long.getLong("pawl.fuzz.seed", SEED)),
            new ArrayList<>(Corpus.of(entrance).values()));
    Map<String, List<byte[]>> found = new HashMap<>();
    for (int i = 0; i < MUTATIONS; i++) {
      var bytes = mutations.next();
      try {
        entrance.read(bytes);
      } catch (Throwable e) {
        found.computeIfAbsent(e.toString(), _ -> new ArrayList<>()).add(bytes);
      }
    }
    if (!found.isEmpty()) {
      var text = new StringBuilder(found.size() + " kinds of failures:");
      found.forEach(
          (what, inputs) -> {
            inputs.sort((a, b) -> Integer.compare(a.length, b.length));
            text.append("\n\n").append(what).append("\n  by: ").append(shown(inputs.getFirst()));
          });
      fail(text.toString());
    }
  }

  private static void read(Entrance entrance, String name, byte[] bytes) {
    try {
      entrance.read(bytes);
    } catch (Throwable e) {
      throw new AssertionError(entrance + " fails at " + name + ": " + shown(bytes), e);
    }
  }

  /** To be pasted into a test, should a file not do. */
  private static String shown(byte[] bytes) {
    var text = new StringBuilder();
    var all = new String(bytes, StandardCharsets.UTF_8);
    all.chars()
        .limit(2000)
        .forEach(c -> text.append(c >= ' ' && c < 0x7f ? (char) c + "" : "\\u%04x".formatted(c)));
    return text.toString();
  }
}
