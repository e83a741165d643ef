package org.imageperformer.tools.plots;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import org.knowm.xchart.XYChart;

/** Two panels side by side, equally large, with one legend at the right. */
final class Picture {
  private static final int PANEL_WIDTH = 480;
  private static final int MIN_HEIGHT = 360;
  private static final int LEGEND_LINE_HEIGHT = 26;

  /** Wide enough for any legend: no plot shrinks to nothing while it is measured. */
  private static final int MEASURING_WIDTH = 10_000;

  private final XYChart left;
  private final XYChart right;

  /**
   * @param left the first panel
   * @param right the second panel, with curves of the same names
   */
  Picture(Panel left, Panel right) {
    int height = Math.max(MIN_HEIGHT, LEGEND_LINE_HEIGHT * (right.curves().size() + 3));
    this.left = left.chart(PANEL_WIDTH, height, false);
    double plot = plotWidth(left, this.left);
    double besidesPlot =
        MEASURING_WIDTH - plotWidth(right, right.chart(MEASURING_WIDTH, height, true));
    this.right = right.chart((int) Math.round(plot + besidesPlot), height, true);
  }

  /** Pixels. */
  int width() {
    return left.getWidth() + right.getWidth();
  }

  /** Pixels. */
  int height() {
    return left.getHeight();
  }

  void paint(Graphics2D graphics) {
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width(), height());
    left.paint(graphics, left.getWidth(), left.getHeight());
    graphics.translate(left.getWidth(), 0);
    right.paint(graphics, right.getWidth(), right.getHeight());
    graphics.translate(-left.getWidth(), 0);
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
