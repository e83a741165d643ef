package org.imageperformer.tools.plots;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.imageperformer.eval.SweepAxis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.knowm.xchart.XYChart;

class PanelTest {
  private static final int WIDTH = 431;
  private static final int HEIGHT = 307;

  @Test
  void pointsLieWhereTheirValuesAre() {
    Panel panel =
        new Panel(
            "shift",
            "accuracy",
            Panel.Scale.FRACTION,
            List.of(curve("a", 0, 5, x -> x / 5.0), curve("b", 1, 5, x -> 0.9 - x / 7.0)));
    XYChart chart = panel.chart(WIDTH, HEIGHT, false);
    BufferedImage image = paint(chart);

    for (Curve curve : panel.curves()) {
      curve
          .points()
          .forEach(
              (x, y) ->
                  assertThat(pixel(image, chart, x.doubleValue(), y))
                      .as("%s at %s", curve.name(), x)
                      .isEqualTo(LineLook.of(curve.look()).color()));
    }
  }

  @Test
  void accuracyAlwaysRunsFromZeroToOne() {
    XYChart chart = chart(Panel.Scale.FRACTION, x -> 0.97 + x / 1000.0);

    assertThat(chart.getStyler().getYAxisMin()).isEqualTo(0);
    assertThat(chart.getStyler().getYAxisMax()).isEqualTo(1);
  }

  @Test
  void aLossOverDecadesIsLogarithmic() {
    assertThat(chart(Panel.Scale.LOSS, x -> Math.pow(10, -x)).getStyler().isYAxisLogarithmic())
        .isTrue();
  }

  @Test
  void aLossOfOneMagnitudeIsLinearFromZero() {
    XYChart chart = chart(Panel.Scale.LOSS, x -> 0.5 + x / 3.0);

    assertThat(chart.getStyler().isYAxisLogarithmic()).isFalse();
    assertThat(chart.getStyler().getYAxisMin()).isEqualTo(0);
  }

  @Test
  void smallLossesAreWrittenWithTheirZero() {
    assertThat(chart(Panel.Scale.LOSS, x -> 0.1 + x / 100.0).getStyler().getYAxisDecimalPattern())
        .isEqualTo("0.####");
    assertThat(chart(Panel.Scale.LOSS, x -> 1e-5 * (1 + x)).getStyler().getYAxisDecimalPattern())
        .isEqualTo("0.##E0");
  }

  @Test
  void zeroIsAGapOnALogarithmicAxis() {
    XYChart chart = chart(Panel.Scale.LOSS, x -> x == 2 ? 0 : Math.pow(10, -x));

    assertThat(chart.getSeriesMap().get("a").getYData())
        .containsExactly(1, 0.1, Double.NaN, 0.001, 0.0001);
  }

  @Test
  void valuesThatAreNoNumbersLeaveAnEmptyPanel() {
    XYChart chart = chart(Panel.Scale.LOSS, x -> Double.NaN);

    BufferedImage image = paint(chart);

    assertThat(IntStream.range(0, WIDTH * HEIGHT).map(i -> image.getRGB(i % WIDTH, i / WIDTH)))
        .doesNotContain(LineLook.of(0).color().getRGB());
  }

  @Test
  void manyPointsAreALineWithFewMarkers() {
    Panel panel =
        new Panel("epoch", "loss", Panel.Scale.LOSS, List.of(curve("a", 0, 200, x -> 1 + x % 2)));

    XYChart chart = panel.chart(WIDTH, HEIGHT, true);

    assertThat(chart.getSeriesMap().values())
        .filteredOn(series -> series.isShowInLegend())
        .singleElement()
        .satisfies(
            series -> {
              assertThat(series.getName()).isEqualTo("a");
              assertThat(IntStream.range(0, 200).filter(i -> !Double.isNaN(series.getYData()[i])))
                  .hasSize(8);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "0, 345, 15, 45",
    "0, 360, 15, 45",
    "0, 330, 30, 45",
    "0, 270, 90, 45",
    "-180, 180, 10, 45",
    "-360, 360, 15, 90",
    "0, 90, 15, 45",
    "-30, 30, 5, 5"
  })
  void anglesAreLabelledAtPartsOfATurn(int from, int to, int step, int expected) {
    TreeMap<Double, Double> points = new TreeMap<>();
    for (double angle = from; angle <= to; angle += step) {
      points.put(angle, 0.1);
    }
    Panel panel =
        new Panel(
            "angle",
            SweepAxis.ANGLE.step(),
            "accuracy",
            Panel.Scale.FRACTION,
            List.of(new Curve("a", 0, false, points)));
    XYChart chart = panel.chart(480, 340, false);
    BufferedImage image = paint(chart, 480, 340);

    int unit = to - from < 2 * SweepAxis.ANGLE.step() ? 1 : SweepAxis.ANGLE.step();
    int height = (int) chart.getScreenYFromChart(0.5) + 3; // between two horizontal lines
    List<Double> lines = new ArrayList<>();
    double candidates = unit > 1 ? 7.5 : 2.5; // more than three pixels
    for (double angle = from + candidates; angle < to; angle += candidates) {
      int x = (int) Math.round(chart.getScreenXFromChart(angle / unit));
      if (IntStream.rangeClosed(x - 1, x + 1).anyMatch(at -> isGrid(image.getRGB(at, height)))) {
        lines.add(angle);
      }
    }
    assertThat(lines)
        .containsExactlyElementsOf(
            IntStream.range(from + 1, to)
                .filter(angle -> angle % expected == 0)
                .asDoubleStream()
                .boxed()
                .toList());
  }

  private static boolean isGrid(int rgb) {
    int gray = rgb & 0xff;
    return gray < 0xff && gray >= 0xe0;
  }

  private static XYChart chart(Panel.Scale scale, IntToDoubleFunction value) {
    return new Panel("x", "y", scale, List.of(curve("a", 0, 5, value))).chart(WIDTH, HEIGHT, false);
  }

  private static Curve curve(String name, int look, int points, IntToDoubleFunction value) {
    TreeMap<Integer, Double> heights = new TreeMap<>();
    for (int x = 0; x < points; x++) {
      heights.put(x, value.applyAsDouble(x));
    }
    return new Curve(name, look, false, heights);
  }

  private static BufferedImage paint(XYChart chart) {
    return paint(chart, WIDTH, HEIGHT);
  }

  private static BufferedImage paint(XYChart chart, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    chart.paint(graphics, width, height);
    graphics.dispose();
    return image;
  }

  private static Color pixel(BufferedImage image, XYChart chart, double x, double y) {
    return new Color(
        image.getRGB(
            (int) Math.round(chart.getScreenXFromChart(x)),
            (int) Math.round(chart.getScreenYFromChart(y))));
  }
}
