package org.imageperformer.tfmodels.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of a model in the order of their creation. Layers add theirs when they are
 * constructed; the values live elsewhere ({@link WeightSource}).
 */
public final class Weights {

  private final Map<String, Weight> byName = new LinkedHashMap<>();

  /** Adds a weight that the optimizer moves. */
  public Weight trained(String name, Initializer initializer, long... shape) {
    return add(new Weight(name, Weight.Role.TRAINED, initializer, shape));
  }

  /** Adds a random projection. */
  public Weight randomFeatures(String name, Initializer initializer, long... shape) {
    return add(new Weight(name, Weight.Role.RANDOM_FEATURES, initializer, shape));
  }

  /** Adds state: moved by the forward pass of training, never by the optimizer. */
  public Weight state(String name, Initializer initializer, long... shape) {
    return add(new Weight(name, Weight.Role.STATE, initializer, shape));
  }

  private Weight add(Weight weight) {
    if (byName.putIfAbsent(weight.name(), weight) != null) {
      throw new IllegalArgumentException("two weights are named '" + weight.name() + "'");
    }
    return weight;
  }

  /** All weights. */
  public List<Weight> all() {
    return List.copyOf(byName.values());
  }

  /** Those of one role. */
  public List<Weight> of(Weight.Role role) {
    return byName.values().stream().filter(weight -> weight.role() == role).toList();
  }

  /** Number of trained values. */
  public long parameters() {
    return of(Weight.Role.TRAINED).stream().mapToLong(Weight::size).sum();
  }

  /** Initial values of every weight by name, a pure function of the seed. */
  public Map<String, float[]> initialValues(long seed) {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (Weight weight : byName.values()) {
      values.put(weight.name(), draw(weight, seed, 0));
    }
    return values;
  }

  /**
   * New values of the random projections, a pure function of the seed and the number of the redraw.
   *
   * @param redraw 1 for the first redraw; 0 gives the initial values, negative numbers give
   *     features that no training draws
   */
  public Map<String, float[]> redrawnFeatures(long seed, long redraw) {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (Weight weight : of(Weight.Role.RANDOM_FEATURES)) {
      values.put(weight.name(), draw(weight, seed, redraw));
    }
    return values;
  }

  /**
   * Checks values that come from outside against these weights.
   *
   * @throws IllegalArgumentException listing every missing, unknown and misfitting name
   */
  public void requireMatch(Map<String, float[]> values) {
    List<String> problems = new ArrayList<>();
    for (Weight weight : byName.values()) {
      float[] found = values.get(weight.name());
      if (found == null) {
        problems.add("missing " + weight);
      } else if (found.length != weight.size()) {
        problems.add(weight + " has " + found.length + " values instead of " + weight.size());
      }
    }
    for (String name : values.keySet()) {
      if (!byName.containsKey(name)) {
        problems.add("unknown " + name);
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "weights do not fit the model: " + String.join("; ", problems));
    }
  }

  private static float[] draw(Weight weight, long seed, long index) {
    return weight
        .initializer()
        .values(weight.size(), RandomStreams.stream(seed, "weight " + weight.name(), index));
  }
}
