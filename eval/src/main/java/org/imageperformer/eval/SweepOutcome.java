package org.imageperformer.eval;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What became of runs that were evaluated on changed images.
 *
 * @param rows results, in the order of the runs, from the first change to the last
 * @param failed runs that could not be evaluated, and why
 */
public record SweepOutcome(List<SweepRow> rows, Map<Path, RuntimeException> failed) {}
