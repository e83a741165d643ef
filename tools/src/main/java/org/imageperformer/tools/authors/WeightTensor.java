package org.imageperformer.tools.authors;

import java.util.Arrays;

/**
 * A named tensor of a checkpoint. A linear weight has the shape {@code [out, in]}, as PyTorch
 * stores it.
 *
 * @param name its key in the checkpoint's {@code state_dict}
 * @param shape its sizes; empty for a scalar
 * @param values its elements in row-major order as float32, not copied: do not change them
 */
@SuppressWarnings("ArrayRecordComponent") // bulk data; equality is by content, below
public record WeightTensor(String name, int[] shape, float[] values) {
  /**
   * Checks that the shape fits the values.
   *
   * @throws IllegalArgumentException if it does not
   */
  public WeightTensor {
    shape = shape.clone();
    long count = 1;
    for (int size : shape) {
      count = Math.multiplyExact(count, size);
    }
    if (count != values.length) {
      throw new IllegalArgumentException(
          "tensor %s of shape %s needs %s values, found %s"
              .formatted(name, Arrays.toString(shape), count, values.length));
    }
  }

  /** The sizes, a copy; empty for a scalar. */
  @Override
  public int[] shape() {
    return shape.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WeightTensor that
        && name.equals(that.name)
        && Arrays.equals(shape, that.shape)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + Arrays.hashCode(shape)) + Arrays.hashCode(values);
  }

  /** Name and shape: {@code class_query [128]}. */
  @Override
  public String toString() {
    return name + " " + Arrays.toString(shape);
  }
}
