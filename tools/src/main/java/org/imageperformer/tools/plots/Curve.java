package org.imageperformer.tools.plots;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * One line of a panel.
 *
 * @param name what it stands for, unique within the panel; the legend's text
 * @param look which of the {@link LineLook}s it has
 * @param secondary drawn thinner and dotted, as the companion of another line of the same look
 * @param points height by position, at least one; the line has a gap where it is not finite
 */
record Curve(String name, int look, boolean secondary, SortedMap<? extends Number, Double> points) {
  /** A curve of one value of each row. */
  static <N extends Number & Comparable<N>, R> Curve of(
      String name, int look, boolean secondary, Map<N, R> rows, ToDoubleFunction<R> value) {
    SortedMap<N, Double> points = new TreeMap<>();
    rows.forEach((position, row) -> points.put(position, value.applyAsDouble(row)));
    return new Curve(name, look, secondary, points);
  }

  /** Positions, ascending. */
  double[] x() {
    return points.keySet().stream().mapToDouble(Number::doubleValue).toArray();
  }

  /** Heights, by position. */
  double[] y() {
    return points.values().stream().mapToDouble(Double::doubleValue).toArray();
  }
}
