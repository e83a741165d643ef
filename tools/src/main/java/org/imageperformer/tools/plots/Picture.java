package org.imageperformer.tools.plots;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Optional;
import org.knowm.xchart.XYChart;

/**
 * Two panels side by side, equally large, with one legend: at the right where it fits beside them,
 * else in columns below, so that the panels keep their shape however many curves there are.
 */
final class Picture {
  private static final int PANEL_WIDTH = 480;
  private static final int PANEL_HEIGHT = 360;
  private static final int LEGEND_LINE_HEIGHT = 26;

  /** Lines of a legend at the right that its frame takes. */
  private static final int LEGEND_FRAME_LINES = 3;

  /** Pixels of the longest name in a legend at the right. */
  private static final int WIDEST_NAME = 400;

  /** Wide enough for any such legend: no plot shrinks to nothing while it is measured. */
  private static final int MEASURING_WIDTH = 10_000;

  private final XYChart left;
  private final XYChart right;
  private final Optional<Legend> below;

  /**
   * @param left the first panel
   * @param right the second panel, with curves of the same names
   */
  Picture(Panel left, Panel right) {
    boolean beside = fitsBeside(right);
    this.left = left.chart(PANEL_WIDTH, PANEL_HEIGHT, false);
    double plot = plotWidth(left, this.left);
    double besidesPlot =
        MEASURING_WIDTH - plotWidth(right, right.chart(MEASURING_WIDTH, PANEL_HEIGHT, beside));
    this.right = right.chart((int) Math.round(plot + besidesPlot), PANEL_HEIGHT, beside);
    this.below = beside ? Optional.empty() : Optional.of(new Legend(right.curves(), width()));
  }

  private static boolean fitsBeside(Panel panel) {
    int height = LEGEND_LINE_HEIGHT * (panel.curves().size() + LEGEND_FRAME_LINES);
    return height <= PANEL_HEIGHT && Legend.widest(panel.curves()) <= WIDEST_NAME;
  }

  /** Pixels. */
  int width() {
    return left.getWidth() + right.getWidth();
  }

  /** Pixels. */
  int height() {
    return left.getHeight() + below.map(Legend::height).orElse(0);
  }

  void paint(Graphics2D graphics) {
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width(), height());
    left.paint(graphics, left.getWidth(), left.getHeight());
    graphics.translate(left.getWidth(), 0);
    right.paint(graphics, right.getWidth(), right.getHeight());
    graphics.translate(-left.getWidth(), left.getHeight());
    below.ifPresent(legend -> legend.paint(graphics));
    graphics.translate(0, -left.getHeight());
  }

  /** XChart knows its layout only after painting. */
  private static double plotWidth(Panel panel, XYChart chart) {
    Graphics2D scratch = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    try {
      chart.paint(scratch, chart.getWidth(), chart.getHeight());
    } finally {
      scratch.dispose();
    }
    return panel.dataWidth(chart) / chart.getStyler().getPlotContentSize();
  }
}
