package dev.pawl.engine.ledger;

import dev.pawl.engine.sql.Literal;
import java.sql.SQLException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * On CockroachDB, where functions cannot raise before 23.2: plain statements in a SERIALIZABLE
 * transaction, and what must hold is a cast that fails with a text of ours where it does not (the
 * form that omicron's generated verification queries have). Under SERIALIZABLE what was read still
 * holds at the commit, or the commit fails with 40001: so the lease's row alone fences.
 *
 * <p>The heartbeat is asked before the transaction: read in it, each beat would push a long one to
 * 40001. It may expire in between; then whoever takes over changes the lease's row.
 */
record CockroachFence(Holder holder, Limits limits) implements Fence {
  private static final String FAILED_CAST = "22P02";
  private static final Pattern OURS = Pattern.compile("(PW00[123]): ([^\"]*)");

  @Override
  public void begin(Wire wire) throws SQLException {
    ask(wire, alive());
    ask(wire, open());
  }

  @Override
  public void begin(Wire wire, Advance to) throws SQLException {
    ask(wire, alive());
    ask(wire, open() + move(to));
  }

  @Override
  public void advance(Wire wire, Advance to) throws SQLException {
    begin(wire, to);
    wire.send("COMMIT");
  }

  @Override
  public String commit() {
    return ";COMMIT";
  }

  /** Sends it; a failed cast of ours becomes the error that it stands for. */
  private static void ask(Wire wire, String sql) throws SQLException {
    try {
      wire.send(sql);
    } catch (SQLException e) {
      var ours = OURS.matcher(e.getMessage() == null ? "" : e.getMessage());
      if (FAILED_CAST.equals(e.getSQLState()) && ours.find()) {
        throw new SQLException(ours.group(2), ours.group(1), e);
      }
      throw e;
    }
  }

  /**
   * A SELECT that raises unless a condition holds.
   *
   * @param otherwise an expression giving the text after the code
   */
  private static String demand(String condition, String code, String otherwise) {
    return """
    SELECT CAST(CASE WHEN %s
                     THEN 'true' ELSE '%s: ' || %s END AS BOOL)\
    """
        .formatted(condition, code, otherwise);
  }

  private String lease() {
    return "'the lease of stream ' || "
        + Literal.text(holder.stream().replace('"', '\''))
        + " || ' at epoch "
        + holder.epoch();
  }

  private String alive() {
    return demand(
        """
        EXISTS (SELECT 1 FROM pawl.heartbeat
                 WHERE stream = %s AND epoch = %d
                   AND expires_at > clock_timestamp())\
        """
            .formatted(Literal.text(holder.stream()), holder.epoch()),
        LOST,
        lease() + " has expired'");
  }

  private String open() {
    return """
    BEGIN ISOLATION LEVEL SERIALIZABLE;
    SET LOCAL lock_timeout = '%dms';
    SET LOCAL idle_in_transaction_session_timeout = '%dms';
    %s
    SELECT 1 FROM pawl.lease WHERE stream = %s FOR SHARE;
    %s;
    SELECT 1 FROM pawl.database WHERE id = 1 FOR UPDATE;
    %s\
    """
        .formatted(
            limits.lock().toMillis(),
            limits.idle().toMillis(),
            // Else the author's own setting holds.
            limits.statement().isZero()
                ? ""
                : "SET LOCAL statement_timeout = '%dms';".formatted(limits.statement().toMillis()),
            Literal.text(holder.stream()),
            held(),
            free());
  }

  private String held() {
    return demand(
        """
        EXISTS (SELECT 1 FROM pawl.lease
                 WHERE stream = %s AND holder = %s AND epoch = %d)\
        """
            .formatted(Literal.text(holder.stream()), Literal.text(holder.name()), holder.epoch()),
        LOST,
        lease() + " is lost'");
  }

  /** Whether no other stream's schema change is at work under a lease that lives. */
  private String free() {
    return demand(
        """
        NOT EXISTS (SELECT 1 FROM pawl.database d
                      JOIN pawl.heartbeat h ON h.stream = d.busy_stream AND h.epoch = d.busy_epoch
                     WHERE d.id = 1 AND d.busy_stream <> %s
                       AND h.expires_at > clock_timestamp())\
        """
            .formatted(Literal.text(holder.stream())),
        BUSY,
        """
        (SELECT 'stream ' || replace(busy_stream, '"', '''')
                  || ' is changing the schema of this database'
           FROM pawl.database WHERE id = 1)\
        """);
  }

  private String move(Advance to) {
    var row =
        "stream = %s AND version = %s AND ordinal = %d"
            .formatted(Literal.text(holder.stream()), Literal.text(to.version()), to.ordinal());
    var phase = Literal.text(to.phase());
    var begun = to.phase().equals("Pending") ? "NULL" : "coalesce(started_at, clock_timestamp())";
    var applied =
        switch (to.phase()) {
          case "Applied", "Verified" -> "coalesce(applied_at, clock_timestamp())";
          case "Verifying", "Failed" -> "applied_at";
          default -> "NULL";
        };
    boolean busy =
        switch (to.phase()) {
          case "Applying", "Applied", "Verifying" -> true;
          default -> false;
        };
    return """
    ;
    %s;
    UPDATE pawl.step
       SET phase = %s, epoch = %d, attempts = attempts + %d,
           started_at = %s, applied_at = %s, verified_at = %s,
           before = coalesce(%s, before), job = %s, sqlstate = %s, message = %s
     WHERE %s;
    UPDATE pawl.database SET %s
     WHERE id = 1 AND %s
       AND EXISTS (SELECT 1 FROM pawl.step WHERE %s AND kind = 'autocommit')\
    """
        .formatted(
            demand(
                "EXISTS (SELECT 1 FROM pawl.step WHERE %s AND phase IN (%s))"
                    .formatted(
                        row,
                        to.expected().stream()
                            .map(Literal::text)
                            .collect(Collectors.joining(", "))),
                MOVED,
                "'step %d of version ' || %s || ' is not in phase %s'"
                    .formatted(
                        to.ordinal(),
                        Literal.text(to.version()),
                        String.join(" or ", to.expected()))),
            phase,
            holder.epoch(),
            to.attempts(),
            begun,
            applied,
            to.phase().equals("Verified") ? "clock_timestamp()" : "NULL",
            Literal.text(to.before()),
            Literal.text(to.job()),
            Literal.text(to.sqlstate()),
            Literal.text(to.message()),
            row,
            busy
                ? "busy_stream = %s, busy_epoch = %d"
                    .formatted(Literal.text(holder.stream()), holder.epoch())
                : "busy_stream = NULL, busy_epoch = NULL",
            busy ? "true" : "busy_stream = " + Literal.text(holder.stream()),
            row);
  }
}
