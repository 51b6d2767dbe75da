package dev.pawl.engine.plan;

import java.util.List;
import java.util.stream.Collectors;

/** A source that cannot become a plan, with everything found wrong with it. */
public final class InvalidSourceException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient List<Problem> problems;

  public InvalidSourceException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** At least one problem, in the order of the files. */
  public List<Problem> problems() {
    return problems;
  }
}
