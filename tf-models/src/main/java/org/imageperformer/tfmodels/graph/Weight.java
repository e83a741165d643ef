package org.imageperformer.tfmodels.graph;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A named tensor of a model. The name, such as {@code blocks/0/attention/query/kernel}, is its key
 * in checkpoints and for importers. Two weights are the same only if they are the same object.
 */
public final class Weight {

  /** What becomes of a weight in training. */
  public enum Role {
    /** Moved by the optimizer. */
    TRAINED,
    /** A random projection: saved with the model, redrawn at intervals, never trained. */
    RANDOM_FEATURES,
    /** Kept with the model and moved by the forward pass of training, never by the optimizer. */
    STATE
  }

  private final String name;
  private final Role role;
  private final Initializer initializer;
  private final long[] shape;

  Weight(String name, Role role, Initializer initializer, long... shape) {
    this.name = name;
    this.role = role;
    this.initializer = initializer;
    this.shape = shape.clone();
  }

  public String name() {
    return name;
  }

  /** The name of its operation in a graph, where slashes would open scopes. */
  String operationName() {
    return name.replace('/', '.');
  }

  public Role role() {
    return role;
  }

  public Initializer initializer() {
    return initializer;
  }

  /** Its dimensions. */
  public long[] shape() {
    return shape.clone();
  }

  /** Number of elements. */
  public int size() {
    return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
  }

  /** Name and shape, for messages: {@code output/bias [10]}. */
  @Override
  public String toString() {
    return name
        + Arrays.stream(shape)
            .mapToObj(Long::toString)
            .collect(Collectors.joining(", ", " [", "]"));
  }
}
