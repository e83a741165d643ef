package org.imageperformer.tfmodels.encoding;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Plane waves that close on an image: at row r and column c pair p has the angle
 *
 * <pre>t_p = 2 pi (down_p r / height + across_p c / width)</pre>
 *
 * Since the numbers of waves are whole, the difference of two pixels' angles depends, up to full
 * turns, on the difference of their positions modulo height and width alone (docs/equivariant.md).
 *
 * @param height of the image in pixels
 * @param width of the image in pixels
 * @param pairs the waves of each pair of features
 */
public record Waves(int height, int width, List<Wave> pairs) {

  /**
   * Whole waves along the sides of an image.
   *
   * @param down from the first row to the last and around to the first
   * @param across from the first column to the last and around to the first
   */
  public record Wave(int down, int across) {}

  /** Keeps a copy of the pairs. */
  public Waves {
    pairs = List.copyOf(pairs);
  }

  /**
   * Half of the pairs (rounded down) with waves down the image and the others with waves across;
   * their numbers rise from 1 to {@code maxWave} in equal ratios, rounded.
   *
   * @param pairs P, pairs of features
   * @param maxWave the most waves on a side; 0 for a quarter of the shorter side, at least 1
   */
  public static Waves of(int height, int width, int pairs, int maxWave) {
    int most = maxWave > 0 ? maxWave : Math.max(1, Math.min(height, width) / 4);
    int down = pairs / 2;
    List<Wave> all = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      all.add(
          i < down
              ? new Wave(waves(most, i, down), 0)
              : new Wave(0, waves(most, i - down, pairs - down)));
    }
    return new Waves(height, width, all);
  }

  private static int waves(int most, int i, int count) {
    return (int) Math.floor(Math.pow(most, i / (double) Math.max(1, count - 1)) + 0.5);
  }

  /**
   * The angles of each pixel, in row-major order. Whole turns are left out in integers, so that
   * pixels at equal phases get equal numbers.
   */
  public List<double[]> angles() {
    return IntStream.range(0, height * width).mapToObj(this::angles).toList();
  }

  private double[] angles(int pixel) {
    return pairs.stream()
        .mapToDouble(
            wave ->
                2
                    * Math.PI
                    * (turn(wave.down(), pixel / width, height)
                        + turn(wave.across(), pixel % width, width)))
        .toArray();
  }

  /** The fraction of a turn. */
  private static double turn(int waves, int position, int size) {
    return Math.floorMod((long) waves * position, size) / (double) size;
  }
}
