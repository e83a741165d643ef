package org.imageperformer.tfmodels.layers;

import java.util.List;

/**
 * A square that moves over an image's rows and columns.
 *
 * @param size its side
 * @param stride by how much it moves
 * @param padding by how much it may stand out beyond each edge
 */
public record Window(int size, int stride, int padding) {
  /** One that moves pixel by pixel and gives an image of the same size. */
  public static Window around(int size) {
    return new Window(size, 1, (size - 1) / 2);
  }

  /** Rows or columns of what it gives; below 1 if it does not fit. */
  public int places(int side) {
    return Math.floorDiv(side + 2 * padding - size, stride) + 1;
  }

  /** Of batch, rows, columns and channels, the number of each that lies before and behind. */
  List<Long> paddings() {
    long beyond = padding;
    return List.of(0L, 0L, beyond, beyond, beyond, beyond, 0L, 0L);
  }
}
