package dev.pawl.e2e.chaos;

/**
 * What can go wrong, and how.
 *
 * @param kind what
 * @param pauseMillis after the one before
 * @param lengthMillis how long, for what lasts
 * @param pick which of those that it can befall, modulo their number
 * @param overlaps whether the next one begins while this one lasts
 */
record Fault(Kind kind, int pauseMillis, int lengthMillis, int pick, boolean overlaps) {

  /** The kinds, each with its share of all. */
  enum Kind {
    /** kill -9 of the replica that leads. */
    KILL_LEADER(8, 0, 0),
    KILL_FOLLOWER(2, 0, 0),
    KILL_BOTH(3, 0, 0),
    /** SIGSTOP past its leases, then SIGCONT. */
    PAUSE_LEADER(5, 8_000, 18_000),
    /** No packets between a replica and the API server. */
    CUT_API_SERVER(4, 3_000, 12_000),
    RESET_API_SERVER(4, 0, 0),
    /** 409, 429, 500, resets and lost answers to a part of the requests. */
    API_SERVER_ERRORS(4, 3_000, 8_000),
    /** kill -9 of the API server, started again at once. */
    KILL_API_SERVER(2, 0, 0),
    /** SIGSTOP of etcd. */
    PAUSE_ETCD(2, 1_500, 6_000),
    /** Immediate shutdown of PostgreSQL, started again at once. */
    RESTART_DATABASE(3, 0, 0),
    /** All of Pawl's sessions in one database are ended. */
    TERMINATE_BACKENDS(6, 0, 0),
    CANCEL_STATEMENTS(6, 0, 0),
    /** No packets between the operators and one database. */
    CUT_DATABASE(5, 3_000, 20_000),
    RESET_DATABASE(5, 0, 0),
    /** A session of the application holds a table. */
    HOLD_LOCK(5, 2_000, 10_000),
    /** An open snapshot: index builds wait for it. */
    HOLD_SNAPSHOT(4, 2_000, 8_000),
    /** No connection is free for anyone but superusers. */
    FILL_CONNECTIONS(3, 3_000, 8_000),
    /** Rows that a unique index to come cannot have; taken away later. */
    DUPLICATES(6, 3_000, 12_000),
    /** Another client's build of an index to come, broken off. */
    INVALID_INDEX(6, 100, 700),
    /** A tool that creates an index to come at the same time, IF NOT EXISTS. */
    NAIVE_TOOL(6, 0, 0),
    SUSPEND(3, 2_000, 6_000);

    private final int share;
    private final int least;
    private final int most;

    Kind(int share, int least, int most) {
      this.share = share;
      this.least = least;
      this.most = most;
    }
  }

  /** The next of a run: the same dice, the same faults. */
  static Fault next(Dice dice) {
    int all = 0;
    for (var kind : Kind.values()) {
      all += kind.share;
    }
    int at = dice.below(all);
    Kind chosen = null;
    for (var kind : Kind.values()) {
      at -= kind.share;
      if (at < 0) {
        chosen = kind;
        break;
      }
    }
    return new Fault(
        chosen,
        dice.between(500, 5_000),
        dice.between(chosen.least, chosen.most),
        dice.below(1_000_000),
        dice.percent(35));
  }
}
