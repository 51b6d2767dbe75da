package dev.pawl.operator;

import dev.pawl.operator.reconcile.Holder;
import jakarta.inject.Singleton;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The host's name and something random: a restarted container keeps its host's name. */
@Singleton
class ProcessHolder implements Holder {
  private final String identity;

  ProcessHolder(Settings settings) {
    identity = settings.identity().orElseGet(ProcessHolder::anew);
  }

  private static String anew() {
    var host = Optional.ofNullable(System.getenv("HOSTNAME")).orElse("pawl");
    return host + "-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  }

  @Override
  public String identity() {
    return identity;
  }
}
