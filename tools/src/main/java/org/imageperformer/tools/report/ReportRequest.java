package org.imageperformer.tools.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.imageperformer.eval.EvalOptions;

/**
 * What a report is asked for.
 *
 * @param runs run directories, one or more
 * @param options how they are evaluated
 * @param labels the classes whose images are moved sideways
 * @param minShift how far, in columns, 0 or more
 * @param rotation how images are turned; empty for no such experiment
 * @param limitTest only so many of the first test images count; empty for all
 * @param product name and version of the program, for the last line of the report
 */
public record ReportRequest(
    List<Path> runs,
    EvalOptions options,
    Set<Integer> labels,
    int minShift,
    Optional<Rotation> rotation,
    Optional<Integer> limitTest,
    String product) {

  /**
   * Copies the collections.
   *
   * @throws IllegalArgumentException when there are no runs, or the limit is not 1 or more
   */
  public ReportRequest {
    runs = List.copyOf(runs);
    labels = Set.copyOf(labels);
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("expected one or more run directories, found none");
    }
    if (limitTest.isPresent() && limitTest.get() < 1) {
      throw new IllegalArgumentException(
          "limit_test is " + limitTest.get() + ", must be at least 1");
    }
  }

  /**
   * An experiment with turned images.
   *
   * @param angles degrees counterclockwise, one or more
   * @param images only so many of the first test images are turned: each angle costs that many
   *     predictions of each run
   * @param disc whether all but the largest circle within the frame is blackened
   */
  public record Rotation(List<Double> angles, int images, boolean disc) {

    /**
     * Copies the angles.
     *
     * @throws IllegalArgumentException when there are no angles or no images
     */
    public Rotation {
      angles = List.copyOf(angles);
      if (angles.isEmpty()) {
        throw new IllegalArgumentException("expected one or more angles, found none");
      }
      if (images < 1) {
        throw new IllegalArgumentException("limit_rotated is " + images + ", must be at least 1");
      }
    }
  }
}
