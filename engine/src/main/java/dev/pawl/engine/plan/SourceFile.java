package dev.pawl.engine.plan;

/**
 * One file as its author wrote it.
 *
 * @param path relative to the source's root, with forward slashes; for a ConfigMap its key
 * @param text the whole content, decoded as UTF-8
 */
public record SourceFile(String path, String text) {}
