package org.imageperformer.datasets.rotate;

/**
 * Turns gray images about their centre by an angle that follows from an image's number alone
 * (gsa.md, section 6), the same to the last bit on every JVM.
 */
final class Rotation {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private Rotation() {}

  /**
   * The angle of an image.
   *
   * @param k its number in the source, from 0
   * @return uniform in [0, 2 pi), radians
   */
  static double angle(int k) {
    long z = (k + 1) * GAMMA;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z = z ^ (z >>> 31);
    return 2 * Math.PI * (z >>> 11) / 0x1p53;
  }

  /**
   * Turns an image; what enters from outside is 0.
   *
   * @param image {@code [side, side]}
   * @param angle radians
   * @return {@code [side, side]}, interpolated bilinearly, halves rounded up
   */
  static byte[] apply(byte[] image, int side, double angle) {
    double cos = StrictMath.cos(angle); // Math's may differ between processors
    double sin = StrictMath.sin(angle);
    double centre = (side - 1) / 2.0;
    byte[] turned = new byte[image.length];
    for (int i = 0; i < side; i++) {
      for (int j = 0; j < side; j++) {
        double y = i - centre;
        double x = j - centre;
        double row = centre + y * cos - x * sin;
        double column = centre + y * sin + x * cos;
        turned[i * side + j] = (byte) Math.floor(bilinear(image, side, row, column) + 0.5);
      }
    }
    return turned;
  }

  private static double bilinear(byte[] image, int side, double row, double column) {
    int top = (int) Math.floor(row);
    int left = (int) Math.floor(column);
    double down = row - top;
    double right = column - left;
    return (1 - down) * (1 - right) * pixel(image, side, top, left)
        + (1 - down) * right * pixel(image, side, top, left + 1)
        + down * (1 - right) * pixel(image, side, top + 1, left)
        + down * right * pixel(image, side, top + 1, left + 1);
  }

  private static int pixel(byte[] image, int side, int row, int column) {
    boolean inside = row >= 0 && row < side && column >= 0 && column < side;
    return inside ? image[row * side + column] & 0xff : 0;
  }
}
