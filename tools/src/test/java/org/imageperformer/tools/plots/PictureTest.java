package org.imageperformer.tools.plots;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureTest {
  private static final int WHITE = 0xffffff;
  private static final int FRAME = 0x666666;
  private static final String LONG =
      "experiments-of-the-last-winter/RelativePerformer_FashionMNIST_linear_scales16/version_";

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 10, 11, 25, 26, 60, 300})
  void panelsKeepTheirShapeHoweverManyRuns(int runs) {
    List<Integer> alone = frames(paint(picture(1, i -> "run"))).get(0);

    BufferedImage image = paint(picture(runs, i -> "version_" + i));

    assertThat(frames(image)).hasSize(2).allSatisfy(f -> assertThat(f).isEqualTo(alone));
    assertThat(image.getWidth()).isBetween(940, 1200);
    // In columns, a run takes a few pixels of height.
    assertThat(image.getHeight()).isBetween(360, 360 + 60 + runs * 4 + 18 * 3);
    assertNothingIsCut(image);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 25, 300})
  void longNamesMakeNoWidePicture(int runs) {
    BufferedImage image = paint(picture(runs, i -> LONG.repeat(3) + i));

    assertThat(image.getWidth()).isBetween(940, 1000);
    assertThat(frames(image)).hasSize(2);
    assertThat(image.getHeight()).isLessThan(360 + 60 + runs * 30 + 60);
    assertNothingIsCut(image);
  }

  @Test
  void namesBeyondAllMeasureAreShortened() {
    BufferedImage image = paint(picture(2, i -> "x".repeat(60_000) + i));

    assertThat(image.getWidth()).isBetween(940, 1000);
    assertThat(image.getHeight()).isLessThan(560);
    assertNothingIsCut(image);
  }

  private static Picture picture(int runs, IntFunction<String> name) {
    List<Curve> curves = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      TreeMap<Integer, Double> points = new TreeMap<>();
      for (int x = -8; x <= 8; x++) {
        points.put(x, 0.5 + 0.4 * Math.sin(x * 0.3 + run));
      }
      curves.add(new Curve(name.apply(run), run, false, points));
    }
    String title = "shift in pixels (right is positive)";
    return new Picture(
        new Panel(title, "accuracy", Panel.Scale.FRACTION, curves),
        new Panel(title, "loss", Panel.Scale.LOSS, curves));
  }

  private static BufferedImage paint(Picture picture) {
    BufferedImage image =
        new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    picture.paint(graphics);
    graphics.dispose();
    return image;
  }

  /** Whatever is cut by an edge touches it. */
  private static void assertNothingIsCut(BufferedImage image) {
    int right = image.getWidth() - 1;
    int bottom = image.getHeight() - 1;
    for (int x = 0; x <= right; x++) {
      assertThat(image.getRGB(x, 0) & WHITE).as("top").isEqualTo(WHITE);
      assertThat(image.getRGB(x, bottom) & WHITE).as("bottom").isEqualTo(WHITE);
    }
    for (int y = 0; y <= bottom; y++) {
      assertThat(image.getRGB(0, y) & WHITE).as("left").isEqualTo(WHITE);
      assertThat(image.getRGB(right, y) & WHITE).as("right").isEqualTo(WHITE);
    }
  }

  /**
   * Heights of the left edges of the plots' frames, from top and bottom: where they begin and end.
   */
  private static List<List<Integer>> frames(BufferedImage image) {
    List<List<Integer>> frames = new ArrayList<>();
    int last = -10;
    for (int x = 0; x < image.getWidth(); x++) {
      int column = x;
      int[] framed =
          IntStream.range(0, 360).filter(y -> (image.getRGB(column, y) & WHITE) == FRAME).toArray();
      if (framed.length > 200 && x > last + 200) {
        frames.add(List.of(framed[0], framed[framed.length - 1]));
        last = x;
      }
    }
    return frames;
  }
}
