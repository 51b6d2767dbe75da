package dev.pawl.operator.status;

import dev.pawl.engine.execute.StepState;
import java.time.Instant;
import java.util.Optional;

/**
 * A step as last heard of.
 *
 * @param verifyingAt when its verification was first heard of, in this run
 */
public record SeenStep(StepState state, Optional<Instant> verifyingAt) {}
