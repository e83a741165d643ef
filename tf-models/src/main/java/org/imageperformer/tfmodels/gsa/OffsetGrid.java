package org.imageperformer.tfmodels.gsa;

/**
 * The offsets from a query to its keys: rows and columns from {@code -radius} to {@code radius},
 * row-major. As coordinates they are divided by the radius and acted on by a group element, {@code
 * (y, x) = A_v (a, b) / radius} (gsa.md section 2).
 *
 * @param radius largest distance in one direction, in pixels
 */
record OffsetGrid(int radius) {

  /**
   * The neighbourhood of local attention.
   *
   * @param patch its side in pixels
   * @throws IllegalArgumentException if the side is even or less than 3
   */
  static OffsetGrid local(int patch) {
    if (patch < 3 || patch % 2 == 0) {
      throw new IllegalArgumentException(
          "patch_size is " + patch + ", must be odd and at least 3: a pixel stands at its centre");
    }
    return new OffsetGrid(patch / 2);
  }

  /** All offsets between two pixels of a square image. */
  static OffsetGrid global(int side) {
    return new OffsetGrid(side - 1);
  }

  /** Offsets in one direction. */
  int side() {
    return 2 * radius + 1;
  }

  /** All offsets. */
  int size() {
    return side() * side();
  }

  /** Where the offset stands. */
  int index(int row, int column) {
    return (row + radius) * side() + column + radius;
  }

  /** y of each offset for each element, [G, size] row-major. */
  float[] rows(Group group) {
    return coordinates(group, 0);
  }

  /** x of each offset for each element, [G, size] row-major. */
  float[] columns(Group group) {
    return coordinates(group, 1);
  }

  private float[] coordinates(Group group, int axis) {
    float[] found = new float[group.order() * size()];
    int scale = Math.max(radius, 1); // one pixel has but one offset, 0
    for (int v = 0; v < group.order(); v++) {
      for (int row = -radius; row <= radius; row++) {
        for (int column = -radius; column <= radius; column++) {
          found[v * size() + index(row, column)] =
              (float) (group.act(v, row, column)[axis] / scale);
        }
      }
    }
    return found;
  }
}
