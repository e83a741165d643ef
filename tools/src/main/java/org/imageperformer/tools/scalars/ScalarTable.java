package org.imageperformer.tools.scalars;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Tables of runs' numbers, the header first. */
public final class ScalarTable {

  private ScalarTable() {}

  /** A row for each run, with each tag's last value, best value, and the step of that. */
  public static List<List<?>> ofRuns(List<RunScalars> runs, List<String> tags) {
    List<List<?>> rows = new ArrayList<>();
    List<String> header = new ArrayList<>(List.of("run"));
    tags.forEach(
        tag -> Stream.of("last", "best", "best_step").forEach(c -> header.add(tag + " " + c)));
    rows.add(header);
    for (RunScalars run : runs) {
      List<Object> row = new ArrayList<>(List.of(run.name()));
      for (String tag : tags) {
        List<Point> points = run.byTag().getOrDefault(tag, List.of());
        Optional<Point> best = best(tag, points);
        row.add(points.isEmpty() ? null : points.get(points.size() - 1).value());
        row.add(best.map(Point::value).orElse(null));
        row.add(best.map(Point::step).orElse(null));
      }
      rows.add(row);
    }
    return rows;
  }

  /** A row for each value. */
  public static List<List<?>> ofValues(List<RunScalars> runs, List<String> tags) {
    List<List<?>> rows = new ArrayList<>();
    rows.add(List.of("run", "tag", "step", "wall_time", "value"));
    for (RunScalars run : runs) {
      for (String tag : tags) {
        for (Point point : run.byTag().getOrDefault(tag, List.of())) {
          rows.add(
              List.of(
                  run.name(),
                  tag,
                  point.step(),
                  BigDecimal.valueOf(point.wallTime()).toPlainString(),
                  point.value()));
        }
      }
    }
    return rows;
  }

  /** The lowest of a loss or an error, the highest of all else; the first of several. */
  static Optional<Point> best(String tag, List<Point> points) {
    String name = tag.toLowerCase(Locale.ROOT);
    boolean lowest = name.contains("loss") || name.contains("err");
    Comparator<Point> byValue = Comparator.comparingDouble(Point::value);
    return points.stream()
        .filter(point -> !Double.isNaN(point.value()))
        .min(lowest ? byValue : byValue.reversed());
  }
}
