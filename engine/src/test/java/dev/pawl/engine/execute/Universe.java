package dev.pawl.engine.execute;

import java.util.List;
import java.util.Optional;

/**
 * A database with one step to be done in it, as the {@link Explorer} needs it: every answer is a
 * function of a world that never changes itself. Clients that are no Pawl are part of the world.
 *
 * @param <W> a world; equal worlds have the same future
 */
interface Universe<W> {
  /** The worlds that may come next by themselves: a job that goes on, fails or is paused, … */
  record Turn<W>(String name, W world) {}

  /** Where it begins. */
  W begin();

  /** What may happen in a world without any Pawl. */
  List<Turn<W>> turns(W world);

  /** A Pawl sends the statement, or repairs. */
  W send(W world, int pawl, Course.Mend mend);

  /** What a Pawl is told of what it sent; empty while that runs. */
  Optional<Course.Event> answer(W world, int pawl);

  /** A Pawl has its answer, or will never have it: its connection is gone. */
  W forget(W world, int pawl);

  /** What a Pawl sees: {@link Course.Event.Observed}, or an error. */
  Course.Event observe(W world, int pawl);

  /** Whether nobody works on what the statement would wait for. */
  boolean free(W world, int pawl);

  /** What the predicate tells a Pawl: {@link Course.Event.Answer}, or an error. */
  Course.Event confirm(W world, int pawl);

  /** What is left of a failed build is taken away. */
  W removeLeftover(W world, int pawl);

  /** The truth: the step is done, wholly and for good. */
  boolean finished(W world);
}
