package org.imageperformer.tools.scalars;

/**
 * A value of a tag.
 *
 * @param step that it belongs to
 * @param wallTime seconds since 1970 when it was written
 */
public record Point(long step, double wallTime, double value) {}
