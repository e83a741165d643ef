package org.imageperformer.datasets;

/**
 * A turn of images about their centre, after a mirror if there is one (data.md, "Turned images").
 *
 * @param degrees counterclockwise, as {@code numpy.rot90} turns; any finite number
 * @param mirrored whether the columns are reversed first
 */
public record Turn(double degrees, boolean mirrored) {
  private static final int QUARTER = 90;

  /**
   * Checks the angle.
   *
   * @throws IllegalArgumentException if it is not finite
   */
  public Turn {
    if (!Double.isFinite(degrees)) {
      throw new IllegalArgumentException("An angle of " + degrees + ": must be a finite number.");
    }
  }

  /**
   * A turn without a mirror.
   *
   * @param degrees counterclockwise
   */
  public static Turn by(double degrees) {
    return new Turn(degrees, false);
  }

  /** Whether pixels of a square image come to lie on pixels: at multiples of 90 degrees. */
  public boolean exact() {
    return degrees % QUARTER == 0;
  }

  /** Whether pixels of an image of that size come to lie on its pixels. */
  public boolean exact(int height, int width) {
    return exact() && (height == width || degrees % (2 * QUARTER) == 0);
  }

  /** Cosine of the angle, without rounding at multiples of 90 degrees. */
  double cosine() {
    return exact() ? new int[] {1, 0, -1, 0}[quarters()] : Math.cos(Math.toRadians(degrees));
  }

  /** Sine of the angle, without rounding at multiples of 90 degrees. */
  double sine() {
    return exact() ? new int[] {0, 1, 0, -1}[quarters()] : Math.sin(Math.toRadians(degrees));
  }

  private int quarters() {
    return (int) Math.floorMod(Math.round(degrees / QUARTER), 4L);
  }
}
