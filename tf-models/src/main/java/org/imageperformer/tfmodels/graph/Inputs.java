package org.imageperformer.tfmodels.graph;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** What a function was given, by name. */
public final class Inputs {

  private final SortedMap<String, Operand<?>> byName;

  Inputs(Map<String, ? extends Operand<?>> byName) {
    this.byName = new TreeMap<>(byName);
  }

  /**
   * An input that was passed as float32.
   *
   * @throws IllegalArgumentException if there is none of that name; the message lists those given
   */
  @SuppressWarnings("unchecked") // As was asked just before.
  public Operand<TFloat32> get(String name) {
    return (Operand<TFloat32>) find(name, TFloat32.class);
  }

  /**
   * An input that was passed as int32.
   *
   * @throws IllegalArgumentException if there is none of that name; the message lists those given
   */
  @SuppressWarnings("unchecked") // As was asked just before.
  public Operand<TInt32> int32(String name) {
    return (Operand<TInt32>) find(name, TInt32.class);
  }

  /** Whether there is an input of that name. */
  public boolean has(String name) {
    return byName.containsKey(name);
  }

  private Operand<?> find(String name, Class<?> type) {
    Operand<?> found = byName.get(name);
    if (found == null || found.type() != type) {
      throw new IllegalArgumentException(
          "the function has no input '%s' of type %s; it was given %s"
              .formatted(name, type.getSimpleName(), byName.keySet()));
    }
    return found;
  }
}
