package dev.pawl.engine.fault.matrix;

import dev.pawl.engine.testing.CrashableServer;
import java.util.List;

/** What goes wrong. */
enum Fault {
  KILL("kill -9"),
  STOP_TAKEN("stopped past its lease, goes on when it is just taken over"),
  STOP_OVER("stopped past its lease, goes on when its successor has ended"),
  STOP_POOLED("as the first, behind a pooler: nobody's session can be ended"),
  RESET("connections reset; what was sent arrives"),
  HOLE("connections swallow everything, new ones too, until the run has ended"),
  HOLE_WORK("the working connection alone swallows everything"),
  RESTART("database stopped at once (immediate) and started"),
  DISK("disk of the database full for 1.5 s"),
  LOCK("table and lease locked by another for 1.5 s"),
  TIMEOUT("statement_timeout of 1 ms for 1.5 s"),
  CONNECTIONS("its sessions ended, and no connection to spare for 1.5 s");

  private final String what;

  Fault(String what) {
    this.what = what;
  }

  /** For a person. */
  String what() {
    return what;
  }

  /** Whether it needs a process of its own. */
  boolean ofProcess() {
    return ordinal() <= STOP_POOLED.ordinal();
  }

  /** Whether it can happen there, and on this machine. */
  boolean possible(Place place) {
    return switch (this) {
      case STOP_POOLED -> place.pooled();
      case DISK -> CrashableServer.smallDisk();
      default -> true;
    };
  }

  static List<Fault> all() {
    return List.of(values());
  }
}
