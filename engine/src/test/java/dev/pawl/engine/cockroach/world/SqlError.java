package dev.pawl.engine.cockroach.world;

/** An error as a client gets it. */
public record SqlError(String state, String message, String hint) {
  /** Without a hint. */
  public SqlError(String state, String message) {
    this(state, message, "");
  }

  /** What the model was not taught: loud, so that no test rests on an answer made up. */
  public static SqlError unknown(String what) {
    return new SqlError("0A000", "the model does not know " + what);
  }

  /** As an exception. */
  public Thrown thrown() {
    return new Thrown(this);
  }

  /** Thrown where an answer cannot be given. */
  public static final class Thrown extends RuntimeException {
    private final transient SqlError error;

    public Thrown(SqlError error) {
      super(error.state() + ": " + error.message());
      this.error = error;
    }

    public Thrown(String state, String message) {
      this(new SqlError(state, message));
    }

    public SqlError error() {
      return error;
    }
  }
}
