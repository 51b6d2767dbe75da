package dev.pawl.operator.status;

import java.util.OptionalLong;

/** The leader's term, which stands in every status it writes. */
public interface Term {
  /** The term, while this process leads. */
  OptionalLong current();

  /** The API server refused a write because a leader of a later term has written: end at once. */
  void overtaken(String what);
}
