package org.imageperformer.tfmodels.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Gradients of the loss while they are collected on the backward pass. */
public final class Gradients {

  private final Function<List<Operand<TFloat32>>, Operand<TFloat32>> sum;
  private final Map<Object, List<Operand<TFloat32>>> parts = new HashMap<>();

  /**
   * @param sum of several parts
   */
  Gradients(Function<List<Operand<TFloat32>>, Operand<TFloat32>> sum) {
    this.sum = sum;
  }

  /** Whether a value is not constant: else its gradient need not be computed. */
  public boolean wants(Value value) {
    return !value.constant();
  }

  /** Adds a part of the gradient with respect to a value, in the value's shape. */
  public void add(Value value, Operand<TFloat32> gradient) {
    parts.computeIfAbsent(value, key -> new ArrayList<>()).add(gradient);
  }

  /** Adds a part of the gradient with respect to a weight, in the weight's shape. */
  public void add(Weight weight, Operand<TFloat32> gradient) {
    parts.computeIfAbsent(weight, key -> new ArrayList<>()).add(gradient);
  }

  /** The sum of the parts, or null if there are none: the loss does not depend on it. */
  Operand<TFloat32> of(Object valueOrWeight) {
    List<Operand<TFloat32>> found = parts.get(valueOrWeight);
    if (found == null) {
      return null;
    }
    return found.size() == 1 ? found.get(0) : sum.apply(found);
  }
}
