package org.imageperformer.tools.plots;

import java.awt.geom.Line2D;
import org.knowm.xchart.style.markers.Marker;

/**
 * How a run is told apart from others, in every picture that shows it.
 *
 * @param label its short name
 * @param number from 0; decides on colour, dashes and marker
 */
public record RunLook(String label, int number) {
  private static final int WIDTH = 44;
  private static final int HEIGHT = 16;
  private static final int MARKER_SIZE = 8;

  /**
   * Draws a piece of the run's line, for a legend.
   *
   * @param id begins the names of its parts, no other drawing's on the same page
   * @return the drawing
   */
  public Svg sample(String id) {
    LineLook look = LineLook.of(number);
    return Svg.paint(
        id,
        WIDTH,
        HEIGHT,
        graphics -> {
          graphics.setColor(look.color());
          graphics.setStroke(look.stroke());
          graphics.draw(new Line2D.Double(0, HEIGHT / 2.0, WIDTH, HEIGHT / 2.0));
          Marker marker = look.marker();
          marker.paint(graphics, WIDTH / 2.0, HEIGHT / 2.0, MARKER_SIZE);
        });
  }
}
