package dev.pawl.engine.plan;

import java.util.ArrayList;
import java.util.Collection;

/**
 * What is wrong with a source, as far as anybody would read it: a file of a megabyte may hold a
 * hundred thousand problems, and an operator has little memory.
 */
final class Problems extends ArrayList<Problem> {
  private static final long serialVersionUID = 1L;
  private static final int MOST = 1000;

  /** Whether more would not be kept. */
  boolean enough() {
    return size() >= MOST;
  }

  @Override
  public boolean add(Problem problem) {
    return !enough() && super.add(problem);
  }

  @Override
  public boolean addAll(Collection<? extends Problem> more) {
    return super.addAll(more.stream().limit(Math.max(0, MOST - size())).toList());
  }
}
