package org.imageperformer.tools.plots;

import java.util.Optional;

/**
 * How a run is told apart from others, in every picture that shows it.
 *
 * @param label its short name
 * @param number from 0; decides on colour, dashes and marker
 */
public record RunLook(String label, int number) {
  private static final int HEIGHT = 16;

  /**
   * Draws a piece of the run's line, for a legend.
   *
   * @param id begins the names of its parts, no other drawing's on the same page
   * @return the drawing
   */
  public Svg sample(String id) {
    return Svg.paint(
        id,
        LineLook.SAMPLE_WIDTH,
        HEIGHT,
        graphics -> LineLook.of(number).paintSample(graphics, false, 0, HEIGHT / 2.0));
  }

  /**
   * Says that a picture has more lines than can be told apart.
   *
   * @param runs how many are drawn
   * @return one sentence; empty when they can
   */
  public static Optional<String> crowdNote(int runs) {
    if (runs <= LineLook.DISTINCT) {
      return Optional.empty();
    }
    return Optional.of(
        runs > LineLook.DIFFERENT
            ? "%s runs: lines look alike again after every %s. Draw fewer at a time."
                .formatted(runs, LineLook.DIFFERENT)
            : "%s runs: more than %s lines are hard to tell apart. Draw fewer at a time."
                .formatted(runs, LineLook.DISTINCT));
  }
}
