package dev.pawl.engine.ledger;

import dev.pawl.engine.sql.Literal;
import java.sql.SQLException;
import java.util.stream.Collectors;

/** On PostgreSQL two functions of the ledger do it, in one message together with BEGIN. */
record PostgresFence(Holder holder, Limits limits) implements Fence {
  @Override
  public void begin(Wire wire) throws SQLException {
    wire.send(beginText());
  }

  @Override
  public void begin(Wire wire, Advance to) throws SQLException {
    wire.send(beginText() + advanceText(to));
  }

  @Override
  public void advance(Wire wire, Advance to) throws SQLException {
    wire.send(beginText() + advanceText(to) + ";COMMIT");
  }

  @Override
  public String commit() {
    return ";SET LOCAL synchronous_commit = on;COMMIT"; // the author may have turned it off
  }

  private String beginText() {
    return "BEGIN ISOLATION LEVEL READ COMMITTED;SELECT pawl.begin("
        + Literal.text(holder.stream())
        + ","
        + Literal.text(holder.name())
        + ","
        + holder.epoch()
        + ","
        + Literal.text(limits.lock().toMillis() + "ms")
        + ","
        + Literal.text(limits.statement().toMillis() + "ms")
        + ","
        + Literal.text(limits.idle().toMillis() + "ms")
        + ")";
  }

  private String advanceText(Advance to) {
    return ";SELECT pawl.advance("
        + Literal.text(holder.stream())
        + ","
        + Literal.text(to.version())
        + ","
        + to.ordinal()
        + ",ARRAY["
        + to.expected().stream().map(Literal::text).collect(Collectors.joining(","))
        + "],"
        + Literal.text(to.phase())
        + ","
        + holder.epoch()
        + ","
        + to.attempts()
        + ","
        + Literal.text(to.before())
        + ","
        + Literal.text(to.job())
        + ","
        + Literal.text(to.sqlstate())
        + ","
        + Literal.text(to.message())
        + ")";
  }
}
