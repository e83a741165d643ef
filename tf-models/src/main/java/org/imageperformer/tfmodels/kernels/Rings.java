package org.imageperformer.tfmodels.kernels;

/**
 * The rings of radius 0 to {@code count - 1} around the pixels of an image, in Manhattan distances.
 *
 * @param height of the image, in pixels
 * @param width of the image, in pixels
 * @param count R
 */
public record Rings(int height, int width, int count) {

  int pixels() {
    return height * width;
  }
}
