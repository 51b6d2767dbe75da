package dev.pawl.e2e.chaos;

import java.util.List;
import java.util.Random;

/** Chance from a seed: the same seed gives the same choices in the same order. */
final class Dice {
  private final Random random;

  /**
   * @param purpose keeps apart what is drawn for different purposes, so that one more draw for one
   *     does not change the others
   */
  Dice(long seed, String purpose) {
    random = new Random(seed * 31 + purpose.hashCode());
  }

  /** One of 0 … bound - 1. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** From low to high, both included. */
  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  /** True in so many of 100. */
  boolean percent(int share) {
    return random.nextInt(100) < share;
  }

  <T> T of(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
