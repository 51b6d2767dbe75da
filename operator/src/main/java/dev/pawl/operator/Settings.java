package dev.pawl.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the chart sets, by environment variables such as PAWL_LEASE_DURATION. */
@ConfigMapping(prefix = "pawl")
interface Settings {
  /** Pawl's own namespace, where the Lease is. */
  @WithDefault("pawl-system")
  String namespace();

  /** Unique for each process; by default the host's name and something random. */
  Optional<String> identity();

  /** Empty for all. */
  Optional<List<String>> watchNamespaces();

  /** For the argument release: what to delete first. */
  Optional<List<String>> releaseBindings();

  /** The Lease in Kubernetes. */
  Lease lease();

  /** The Lease in Kubernetes. */
  interface Lease {
    @WithDefault("6S")
    Duration duration();

    @WithDefault("4S")
    Duration renewDeadline();

    @WithDefault("1S")
    Duration retryPeriod();
  }
}
