package dev.pawl.e2e.harness;

import java.util.Optional;

/** The operator's replicas, and what can befall them. */
public interface Operator {
  /** How many the chart installs. */
  int REPLICAS = 2;

  /** As many replicas as the chart installs, all ready; a leader among them. */
  void start();

  /** No replica; each is given the time to end in order. */
  void stop();

  /** The replica that leads now, by the Lease. */
  Optional<String> leader();

  /**
   * The process that leads now, by the Lease: a container that is started again in the same pod is
   * another one.
   */
  Optional<String> leadingProcess();

  /** Ends a replica as an update would: SIGTERM. Returns at once. */
  void terminate(String replica);

  /** Ends a replica as a crash would: SIGKILL. */
  void kill(String replica);

  /** What the leader tells Prometheus. */
  String metrics();

  /** The last lines of every replica's log. */
  String log(int lines);
}
