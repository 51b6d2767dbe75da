package dev.pawl.engine.cockroach.world;

/** Whose statement it is, and at which node it arrived. */
public record Caller(int node, String user) {}
