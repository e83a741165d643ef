package org.imageperformer.tfmodels.attention;

import java.util.random.RandomGenerator;
import org.imageperformer.tfmodels.graph.Initializer;

/**
 * A random projection with orthogonal rows (models.md section 3): blocks of {@code width}
 * orthonormal rows, the last block cut, every row scaled by the norm of a standard normal vector of
 * its own.
 */
final class OrthogonalFeatures implements Initializer {

  private final int width;

  /**
   * @param width features of a row
   */
  OrthogonalFeatures(int width) {
    this.width = width;
  }

  @Override
  public float[] values(int size, RandomGenerator random) {
    int rows = size / width;
    float[] values = new float[size];
    double[][] block = {};
    for (int row = 0; row < rows; row++) {
      if (row % width == 0) {
        block = orthonormalRows(random);
      }
      double scale = norm(gaussians(random));
      for (int i = 0; i < width; i++) {
        values[row * width + i] = (float) (block[row % width][i] * scale);
      }
    }
    return values;
  }

  /**
   * The Gram-Schmidt rows of a square normal matrix, which are the transposed Q of the QR
   * decomposition of its transpose. Each row is projected twice: once loses orthogonality when two
   * rows are nearly parallel.
   */
  private double[][] orthonormalRows(RandomGenerator random) {
    double[][] rows = new double[width][];
    for (int r = 0; r < width; r++) {
      double[] row = gaussians(random);
      for (int pass = 0; pass < 2; pass++) {
        for (int earlier = 0; earlier < r; earlier++) {
          double along = 0;
          for (int i = 0; i < width; i++) {
            along += rows[earlier][i] * row[i];
          }
          for (int i = 0; i < width; i++) {
            row[i] -= along * rows[earlier][i];
          }
        }
      }
      double norm = norm(row);
      for (int i = 0; i < width; i++) {
        row[i] /= norm;
      }
      rows[r] = row;
    }
    return rows;
  }

  private double[] gaussians(RandomGenerator random) {
    double[] values = new double[width];
    for (int i = 0; i < width; i++) {
      values[i] = random.nextGaussian();
    }
    return values;
  }

  private static double norm(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }
}
