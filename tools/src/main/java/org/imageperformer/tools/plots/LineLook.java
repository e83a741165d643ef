package org.imageperformer.tools.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.util.List;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How a line looks: told apart by colour, marker and dashes, each of which is enough alone, so that
 * pictures survive colour blindness and grey print. The colours are those of Okabe and Ito without
 * yellow, ordered so that neighbours differ in brightness.
 *
 * @param color of line and markers
 * @param marker at the points
 * @param stroke width and dashes
 */
record LineLook(Color color, Marker marker, BasicStroke stroke) {
  private static final List<Color> COLORS =
      List.of(
          new Color(0x0072B2),
          new Color(0xE69F00),
          new Color(0x000000),
          new Color(0x56B4E9),
          new Color(0xD55E00),
          new Color(0xCC79A7),
          new Color(0x009E73));

  private static final List<Marker> MARKERS =
      List.of(
          SeriesMarkers.CIRCLE,
          SeriesMarkers.SQUARE,
          SeriesMarkers.TRIANGLE_UP,
          SeriesMarkers.DIAMOND,
          SeriesMarkers.TRIANGLE_DOWN);

  private static final List<BasicStroke> STROKES =
      List.of(
          stroke(1.8f),
          stroke(1.8f, 8, 4),
          stroke(1.8f, 8, 3, 2, 3),
          stroke(1.8f, 4, 3),
          stroke(1.8f, 12, 3, 2, 3, 2, 3));

  /** Pixels of a sample. */
  static final int SAMPLE_WIDTH = 44;

  private static final int MARKER_SIZE = 8;

  /** So many lines differ without their colours; more are hard to tell apart with them. */
  static final int DISTINCT = 25;

  /** So many lines differ in anything. */
  static final int DIFFERENT = 175;

  /** The look of the n-th line; without its colour it is unique among {@link #DISTINCT}. */
  static LineLook of(int n) {
    return new LineLook(
        COLORS.get(n % COLORS.size()),
        MARKERS.get(n % MARKERS.size()),
        STROKES.get((n / MARKERS.size() + n) % STROKES.size()));
  }

  /**
   * Draws a piece of the line, for a legend.
   *
   * @param secondary whether of its companion
   * @param left where it begins
   * @param middle its height
   */
  void paintSample(Graphics2D graphics, boolean secondary, double left, double middle) {
    graphics.setColor(color);
    graphics.setStroke(secondary ? secondaryStroke() : stroke);
    graphics.draw(new Line2D.Double(left, middle, left + SAMPLE_WIDTH, middle));
    if (!secondary) {
      marker.paint(graphics, left + SAMPLE_WIDTH / 2.0, middle, MARKER_SIZE);
    }
  }

  /** The stroke of a companion line. */
  static BasicStroke secondaryStroke() {
    return stroke(1f, 1.5f, 2.5f);
  }

  private static BasicStroke stroke(float width, float... dashes) {
    return new BasicStroke(
        width,
        BasicStroke.CAP_BUTT,
        BasicStroke.JOIN_ROUND,
        1f,
        dashes.length == 0 ? null : dashes,
        0f);
  }
}
