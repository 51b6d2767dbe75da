package dev.pawl.engine.dialect;

/** What an error of the database means for a step; decided in one place, by SQLSTATE. */
public enum Verdict {
  /** Try again, with back-off and jitter. */
  RETRY,
  /** It may or may not have happened: observe. */
  AMBIGUOUS,
  /** The object is there, or not there, already: observe. */
  EXISTS,
  /** Repeating does not help until somebody changes data or statement. */
  PERMANENT,
  /** Only a person can help: rights, a paused job. */
  HUMAN
}
