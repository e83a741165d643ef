package org.imageperformer.tools.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.imageperformer.eval.SweepAxis;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * One of the two coordinate systems of a picture.
 *
 * @param xTitle what the horizontal axis shows, with its unit
 * @param xStep the labels below the horizontal axis stand at multiples of it, or of twice that,
 *     where the curves span two of them or more; 1 for round numbers
 * @param yTitle what the vertical axis shows
 * @param scale of the vertical axis
 * @param curves at least one
 */
record Panel(String xTitle, int xStep, String yTitle, Scale scale, List<Curve> curves) {
  /** Kinds of vertical axes. */
  enum Scale {
    /** From 0 to 1, whatever the values. */
    FRACTION,
    /** From 0 up; by powers of ten when the values span two decades or more. */
    LOSS
  }

  /** Pixels of a panel alone. */
  private static final int WIDTH = 480;

  private static final int HEIGHT = 340;

  /** Lines of more points than this do not get a marker at each of them. */
  private static final int MAX_MARKERS = 25;

  private static final int MARKERS_OF_CROWDED = 8;
  private static final String LINE_ONLY = "\0line";
  private static final String ANCHORS = "\0anchors";

  /** Values that span more than this need a logarithmic axis. */
  private static final double LINEAR_SPAN = 100;

  /** Pixels between the labels below the axis: enough for four digits. */
  private static final int X_TICK_SPACING = 44;

  /** Pixels of a panel alone that are beside its plot, more or less. */
  private static final int BESIDE_PLOT = 110;

  /** A label's smallest part of a unit is one by this. */
  private static final double ROUNDING = 1000;

  private static final Color GRID = new Color(0xE6E6E6);
  private static final Color FRAME = new Color(0x666666);

  /** A panel with round numbers at its horizontal axis. */
  Panel(String xTitle, String yTitle, Scale scale, List<Curve> curves) {
    this(xTitle, 1, yTitle, scale, curves);
  }

  /**
   * Builds the chart. Its horizontal axis counts in units of {@link #xUnit}.
   *
   * @param width of the whole panel, in pixels
   * @param height of the whole panel, in pixels
   * @param legend whether the legend stands at the right of it
   */
  XYChart chart(int width, int height, boolean legend) {
    XYChart chart =
        new XYChartBuilder()
            .width(width)
            .height(height)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    style(chart.getStyler(), legend);
    label(chart);
    scale(chart.getStyler());
    anchor(chart);
    for (Curve curve : curves) {
      add(chart, curve);
    }
    return chart;
  }

  private static void style(XYStyler styler, boolean legend) {
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    styler.setLocale(Locale.ROOT);
    styler.setAntiAlias(true);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setPlotBorderColor(FRAME);
    styler.setPlotMargin(0);
    styler.setChartTitleVisible(false);
    styler.setChartPadding(10);
    styler.setLegendVisible(legend);
    styler.setLegendPosition(LegendPosition.OutsideE);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setLegendFont(font);
    styler.setLegendSeriesLineLength(44);
    styler.setMarkerSize(7);
    styler.setAxisTitleFont(font.deriveFont(14f));
    styler.setAxisTickLabelsFont(font);
    styler.setAxisTickMarksColor(FRAME);
    styler.setAxisTicksLineVisible(false);
    styler.setPlotGridLinesColor(GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(0.6f));
    styler.setXAxisDecimalPattern("0");
    styler.setXAxisTickMarkSpacingHint(X_TICK_SPACING);
  }

  /**
   * XChart puts labels at 1, 2 or 5 times a power of ten: other steps are had by counting in them
   * and asking for as much space as one has.
   */
  private void label(XYChart chart) {
    int unit = xUnit();
    if (unit > 1) {
      chart.setCustomXAxisTickLabelsFormatter(
          x -> SweepAxis.text(Math.rint(x * unit * ROUNDING) / ROUNDING));
      int space = (int) ((WIDTH - BESIDE_PLOT) / (xMax() - xMin()));
      chart.getStyler().setXAxisTickMarkSpacingHint(Math.max(X_TICK_SPACING, space));
    }
  }

  private void scale(XYStyler styler) {
    styler.setXAxisMin(xMin());
    styler.setXAxisMax(xMax());
    if (scale == Scale.FRACTION) {
      styler.setYAxisMin(0.0);
      styler.setYAxisMax(1.0);
      return;
    }
    double max = values().max().orElse(1);
    double min = values().filter(value -> value > 0).min().orElse(max);
    if (min > 0 && max / min > LINEAR_SPAN) {
      styler.setYAxisLogarithmic(true);
      styler.setYAxisMin(min);
      styler.setYAxisMax(max);
      styler.setYAxisDecimalPattern(min < 1e-4 ? "0E0" : "0.####");
    } else {
      styler.setYAxisMin(Math.min(0, values().min().orElse(0)));
      styler.setYAxisMax(max > 0 ? max : 1);
      // Left alone, XChart writes .08 for 0.08.
      styler.setYAxisDecimalPattern(max > 0 && max < 1e-2 ? "0.##E0" : "0.####");
    }
  }

  private DoubleStream values() {
    return curves.stream()
        .flatMapToDouble(curve -> Arrays.stream(curve.y()))
        .filter(Double::isFinite);
  }

  /**
   * Adds invisible points. XChart puts the ticks of evenly spaced data at the data; these are not
   * evenly spaced, so that it chooses round numbers.
   */
  private void anchor(XYChart chart) {
    double bottom = chart.getStyler().getYAxisMin();
    double height = chart.getStyler().getYAxisMax() - bottom;
    double width = xMax() - xMin();
    XYSeries anchors =
        chart.addSeries(
            ANCHORS,
            new double[] {xMin(), xMin() + width, xMin() + width / 3},
            new double[] {bottom, bottom + height, bottom + height / 3});
    anchors.setShowInLegend(false);
    style(anchors, GRID, SeriesLines.NONE, SeriesMarkers.NONE);
  }

  private void add(XYChart chart, Curve curve) {
    LineLook look = LineLook.of(curve.look());
    BasicStroke stroke = curve.secondary() ? LineLook.secondaryStroke() : look.stroke();
    int unit = xUnit();
    double[] x = Arrays.stream(curve.x()).map(value -> value / unit).toArray();
    double[] y = drawable(curve.y(), chart.getStyler().isYAxisLogarithmic());
    boolean crowded = y.length > MAX_MARKERS;
    XYSeries line = chart.addSeries(crowded ? curve.name() + LINE_ONLY : curve.name(), x, y);
    style(
        line,
        look.color(),
        stroke,
        crowded || curve.secondary() ? SeriesMarkers.NONE : look.marker());
    if (crowded) {
      line.setShowInLegend(false);
      // Gaps between all points: nothing but the markers shows, and the whole look in the legend.
      XYSeries markers = chart.addSeries(curve.name(), x, everyNth(y, curve.look()));
      style(markers, look.color(), stroke, curve.secondary() ? SeriesMarkers.NONE : look.marker());
    }
  }

  private static void style(XYSeries series, Color color, BasicStroke stroke, Marker marker) {
    series.setLineColor(color);
    series.setMarkerColor(color);
    series.setLineStyle(stroke);
    series.setMarker(marker);
  }

  /** What an axis cannot show becomes a gap. */
  private static double[] drawable(double[] values, boolean logarithmic) {
    return Arrays.stream(values)
        .map(value -> Double.isFinite(value) && (value > 0 || !logarithmic) ? value : Double.NaN)
        .toArray();
  }

  /** Keeps a few values, each between gaps, at other places for each look. */
  private static double[] everyNth(double[] values, int look) {
    int step = Math.max(2, values.length / MARKERS_OF_CROWDED);
    double[] kept = new double[values.length];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = (i + look * step / 4) % step == 0 ? values[i] : Double.NaN;
    }
    return kept;
  }

  /** Draws the panel alone, without a legend. */
  Svg svg(String id) {
    XYChart chart = chart(WIDTH, HEIGHT, false);
    return Svg.paint(id, WIDTH, HEIGHT, graphics -> chart.paint(graphics, WIDTH, HEIGHT));
  }

  /** The number of pixels between the left and the right end of the data; after painting. */
  double dataWidth(XYChart painted) {
    return painted.getScreenXFromChart(xMax()) - painted.getScreenXFromChart(xMin());
  }

  private double xMin() {
    return (leftEnd() < rightEnd() ? leftEnd() : leftEnd() - 1) / xUnit();
  }

  private double xMax() {
    return (leftEnd() < rightEnd() ? rightEnd() : rightEnd() + 1) / xUnit();
  }

  /** What is 1 at the chart's horizontal axis. */
  private int xUnit() {
    return rightEnd() - leftEnd() < 2.0 * xStep ? 1 : xStep;
  }

  private double leftEnd() {
    return curves.stream()
        .mapToDouble(curve -> curve.points().firstKey().doubleValue())
        .min()
        .orElseThrow();
  }

  private double rightEnd() {
    return curves.stream()
        .mapToDouble(curve -> curve.points().lastKey().doubleValue())
        .max()
        .orElseThrow();
  }
}
