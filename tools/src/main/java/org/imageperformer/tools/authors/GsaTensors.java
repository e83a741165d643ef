package org.imageperformer.tools.authors;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The tensors of a file of GSA-Nets' program.
 *
 * @param byName the tensors
 */
record GsaTensors(Map<String, WeightTensor> byName) {

  boolean has(String name) {
    return byName.containsKey(name);
  }

  /**
   * A tensor.
   *
   * @throws IllegalArgumentException if it is missing
   */
  WeightTensor get(String name) {
    return Optional.ofNullable(byName.get(name))
        .orElseThrow(() -> new IllegalArgumentException("missing " + name));
  }

  /**
   * A size of a tensor.
   *
   * @throws IllegalArgumentException if the tensor is missing or has no such axis
   */
  int size(String name, int axis) {
    WeightTensor tensor = get(name);
    int[] shape = tensor.shape();
    if (axis >= shape.length || tensor.values().length == 0) {
      throw new IllegalArgumentException(
          said(name) + " must have values, and at least so many axes: " + (axis + 1));
    }
    return shape[axis];
  }

  /** Name and shape, for messages. */
  String said(String name) {
    return name + " " + Arrays.toString(get(name).shape());
  }
}
