package org.imageperformer.tools.plots;

import static org.assertj.core.api.Assertions.assertThat;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.intermediate.commands.Command;
import de.erichseifert.vectorgraphics2d.intermediate.commands.DrawShapeCommand;
import de.erichseifert.vectorgraphics2d.intermediate.commands.FillShapeCommand;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LegendTest {
  private static final int WIDTH = 960;

  /** Wider than this is text, not a marker. */
  private static final double WIDEST_MARKER = 10;

  @ParameterizedTest
  @CsvSource({
    "1, run, 1",
    "11, version_, 6",
    "25, version_, 5",
    "60, version_, 6",
    "130, v, 8",
    "25, RelativePerformer_FashionMNIST_linear_scales16/version_, 2",
    "60, 'a name that is broken since it is longer than half of the picture is wide, ', 2",
    "26, no_place_to_break_it_________________________________________________________________, 2"
  })
  void everyNameStandsBesideItsLine(int runs, String name, int columns) {
    List<Curve> curves =
        IntStream.range(0, runs).mapToObj(run -> curve(name + run, run, run % 2 == 1)).toList();
    Legend legend = new Legend(curves, WIDTH);

    VectorGraphics2D graphics = new VectorGraphics2D();
    legend.paint(graphics);

    List<Rectangle2D> samples = new ArrayList<>();
    List<Rectangle2D> texts = new ArrayList<>();
    for (Command<?> command : graphics.getCommands()) {
      if (command instanceof DrawShapeCommand drawn) {
        Rectangle2D box = drawn.getValue().getBounds2D();
        if (box.getWidth() == LineLook.SAMPLE_WIDTH) {
          samples.add(box);
        }
      } else if (command instanceof FillShapeCommand filled) {
        Rectangle2D box = filled.getValue().getBounds2D();
        if (box.getWidth() > WIDEST_MARKER) {
          texts.add(box);
        }
      }
    }
    assertThat(samples).hasSize(runs);
    assertThat(samples.stream().map(Rectangle2D::getX).distinct()).hasSize(columns);
    assertThat(texts).hasSizeGreaterThanOrEqualTo(runs);
    Rectangle2D frame = new Rectangle2D.Double(0, 0, WIDTH, legend.height());
    for (Rectangle2D text : texts) {
      assertThat(frame.contains(text)).as("%s within %s", text, frame).isTrue();
      assertThat(texts.stream().filter(text::intersects)).as("at %s", text).hasSize(1);
      assertThat(samples.stream().filter(line -> line.intersects(text))).isEmpty();
    }
    // A name begins at the height of its line, at the right of it.
    for (Rectangle2D line : samples) {
      assertThat(texts)
          .anySatisfy(
              text -> {
                assertThat(text.getX() - line.getMaxX()).isBetween(0.0, 20.0);
                assertThat(Math.abs(text.getCenterY() - line.getY())).isLessThan(9);
              });
    }
  }

  private static Curve curve(String name, int look, boolean secondary) {
    TreeMap<Integer, Double> points = new TreeMap<>();
    points.put(0, 0.5);
    return new Curve(name, look, secondary, points);
  }
}
