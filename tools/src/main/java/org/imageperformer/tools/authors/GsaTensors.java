package org.imageperformer.tools.authors;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tensors of a file of GSA-Nets' program, without what wrappers of the network put before all
 * names.
 *
 * @param prefix that was taken away, mostly empty
 * @param byName the tensors
 */
record GsaTensors(String prefix, Map<String, WeightTensor> byName) {

  private static final List<String> WRAPPERS = List.of("module.", "_orig_mod.");

  static GsaTensors of(Map<String, WeightTensor> stored) {
    Map<String, WeightTensor> tensors = stored;
    String taken = "";
    Optional<String> next = wrapper(tensors);
    while (next.isPresent()) {
      String prefix = next.get();
      Map<String, WeightTensor> bare = new LinkedHashMap<>();
      tensors.forEach((name, tensor) -> bare.put(name.substring(prefix.length()), tensor));
      tensors = bare;
      taken += prefix;
      next = wrapper(tensors);
    }
    return new GsaTensors(taken, tensors);
  }

  private static Optional<String> wrapper(Map<String, WeightTensor> tensors) {
    return WRAPPERS.stream()
        .filter(prefix -> tensors.keySet().stream().allMatch(name -> name.startsWith(prefix)))
        .findFirst();
  }

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
