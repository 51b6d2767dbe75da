package dev.pawl.e2e.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** kubectl as a person or a pipeline uses it. */
public final class Kubectl {
  private final String program = Script.tool("kubectl");
  private final Path kubeconfig;

  Kubectl(Path kubeconfig) {
    this.kubeconfig = kubeconfig;
  }

  private record Answer(int exit, String output) {}

  private Answer run(String namespace, String input, String... arguments) {
    var command =
        new ArrayList<>(
            List.of(program, "--kubeconfig", kubeconfig.toString(), "--namespace", namespace));
    command.addAll(List.of(arguments));
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(UTF_8));
      }
      var output = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Answer(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException("kubectl could not be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running kubectl", e);
    }
  }

  /** As most manifests are applied: client-side. */
  public void apply(String namespace, String yaml) {
    var answer = run(namespace, yaml, "apply", "-f", "-");
    if (answer.exit() != 0) {
      throw new IllegalStateException("kubectl apply: " + answer.output());
    }
  }

  /** What differs between a manifest and what is there; empty when nothing does. */
  public String diff(String namespace, String yaml, boolean serverSide) {
    var answer =
        serverSide
            ? run(namespace, yaml, "diff", "--server-side", "-f", "-")
            : run(namespace, yaml, "diff", "-f", "-");
    if (answer.exit() > 1) {
      throw new IllegalStateException("kubectl diff: " + answer.output());
    }
    return answer.output();
  }

  /** What {@code kubectl get} prints. */
  String get(String namespace, String kinds, String... options) {
    var arguments = new ArrayList<>(List.of("get", kinds));
    arguments.addAll(List.of(options));
    var answer = run(namespace, "", arguments.toArray(String[]::new));
    if (answer.exit() != 0) {
      throw new IllegalStateException("kubectl get: " + answer.output());
    }
    return answer.output();
  }
}
