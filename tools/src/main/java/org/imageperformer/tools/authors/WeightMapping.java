package org.imageperformer.tools.authors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;

/**
 * From the tensors of a checkpoint to the values of our weights; nothing may be missing or left.
 */
final class WeightMapping {

  private WeightMapping() {}

  /**
   * Values of our weights from the tensors of a checkpoint.
   *
   * @param tensors of the checkpoint, by their names
   * @return row-major values by our names
   * @throws IllegalArgumentException listing every tensor that is missing, left over or of the
   *     wrong shape
   */
  static Map<String, float[]> map(
      AuthorsNames names, Weights weights, Map<String, WeightTensor> tensors) {
    List<String> problems = new ArrayList<>();
    Set<String> used = new LinkedHashSet<>();
    Map<String, float[]> values = new LinkedHashMap<>();
    for (Weight weight : weights.all()) {
      AuthorsNames.Stored stored = names.stored(weight);
      String name =
          stored.names().stream()
              .filter(tensors::containsKey)
              .findFirst()
              .orElse(stored.names().get(0));
      String shape = Arrays.toString(stored.shapes().get(0));
      WeightTensor tensor = tensors.get(name);
      used.add(name);
      if (tensor == null) {
        problems.add("missing " + name + " " + shape);
      } else if (stored.shapes().stream().noneMatch(may -> Arrays.equals(tensor.shape(), may))) {
        problems.add(
            "%s has shape %s instead of %s"
                .formatted(name, Arrays.toString(tensor.shape()), shape));
      } else {
        values.put(weight.name(), stored.ours().apply(tensor.values()));
      }
    }
    for (String name : tensors.keySet()) {
      if (!used.contains(name) && !names.ignores(name)) {
        problems.add("left over " + name + " " + Arrays.toString(tensors.get(name).shape()));
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return values;
  }
}
