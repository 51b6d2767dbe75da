package dev.pawl.engine.lint;

/** Rules of one kind. */
interface Theme {
  /**
   * Looks at a statement.
   *
   * @param history what the source has done before it
   */
  void check(Subject subject, History history);
}
