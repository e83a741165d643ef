package org.imageperformer.tfmodels.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.StatelessWhile;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A loop within a function that {@linkplain CompiledFunctions XLA compiles}, which is compiled as a
 * loop: its body once. What XLA would compute again for each of its uses, because it seems cheap,
 * is computed once if it is the result of a loop. Every step writes its own part of the result and
 * reads only inputs: a step that changed what it reads would not be vectorised.
 */
public final class CompiledLoop {

  /** A step. */
  @FunctionalInterface
  public interface Body {

    /**
     * Adds the operations of one step.
     *
     * @param tf of the step
     * @param step its number, a scalar
     * @param inputs of the loop, by name
     * @return the step's part of the result
     */
    Operand<TFloat32> apply(Ops tf, Operand<TInt32> step, Inputs inputs);
  }

  private CompiledLoop() {}

  /**
   * Adds the loop.
   *
   * @param steps how many there are
   * @param inputs by the names under which the body finds them
   * @param shape of the result of one step
   * @return the results of all steps, with the step as first axis
   */
  public static Operand<TFloat32> collect(
      Ops tf, int steps, Map<String, ? extends Operand<?>> inputs, Shape shape, Body body) {
    SortedMap<String, Operand<?>> sorted = new TreeMap<>(inputs);
    List<Operand<?>> state = new ArrayList<>();
    state.add(tf.constant(0));
    state.add(tf.fill(Dims.of(tf, Shape.of(steps).append(shape).asArray()), tf.constant(0f)));
    state.addAll(sorted.values());
    try (ConcreteFunction condition =
            ConcreteFunction.create(
                inner -> {
                  List<Placeholder<?>> given = placeholders(inner, state);
                  return signature(
                      "condition",
                      given,
                      List.of(inner.math.less(step(given), inner.constant(steps))));
                });
        ConcreteFunction next =
            ConcreteFunction.create(
                inner -> {
                  List<Placeholder<?>> given = placeholders(inner, state);
                  return signature("step", given, next(inner, given, sorted, body));
                })) {
      return float32(
          StatelessWhile.create(tf.scope(), List.<Operand<?>>copyOf(state), condition, next)
              .output()
              .get(1));
    }
  }

  private static List<Operand<?>> next(
      Ops tf, List<Placeholder<?>> given, SortedMap<String, Operand<?>> inputs, Body body) {
    Map<String, Operand<?>> inside = new TreeMap<>();
    int place = 2;
    for (String name : inputs.keySet()) {
      inside.put(name, given.get(place++));
    }
    Operand<TInt32> step = step(given);
    List<Operand<?>> state = new ArrayList<>(given);
    state.set(0, tf.math.add(step, tf.constant(1)));
    state.set(1, updated(tf, given.get(1), step, body.apply(tf, step, new Inputs(inside))));
    return state;
  }

  /** All parts with one of them replaced. */
  private static Operand<?> updated(
      Ops tf, Operand<?> all, Operand<TInt32> step, Operand<TFloat32> part) {
    return tf.scope()
        .opBuilder("XlaDynamicUpdateSlice", "XlaDynamicUpdateSlice")
        .addInput(all.asOutput())
        .addInput(tf.expandDims(part, tf.constant(0)).asOutput())
        .addInput(begin(tf, step, all.shape().numDimensions()).asOutput())
        .build()
        .output(0);
  }

  /**
   * A part of what a loop has collected, without the first axis.
   *
   * @param all parts along the first axis
   */
  public static Operand<TFloat32> part(Ops tf, Operand<TFloat32> all, Operand<TInt32> step) {
    long[] one = all.shape().asArray();
    one[0] = 1;
    return tf.reshape(
        tf.slice(all, begin(tf, step, one.length), Dims.of(tf, one)),
        Dims.of(tf, all.shape().tail().asArray()));
  }

  private static Operand<TInt32> begin(Ops tf, Operand<TInt32> step, int axes) {
    List<Operand<TInt32>> begin = new ArrayList<>();
    begin.add(step);
    for (int i = 1; i < axes; i++) {
      begin.add(tf.constant(0));
    }
    return tf.stack(begin);
  }

  private static List<Placeholder<?>> placeholders(Ops tf, List<Operand<?>> state) {
    List<Placeholder<?>> placeholders = new ArrayList<>();
    state.forEach(
        operand ->
            placeholders.add(tf.placeholder(operand.type(), Placeholder.shape(operand.shape()))));
    return placeholders;
  }

  /**
   * With the shapes in the name: what TensorFlow adds to it to tell functions apart does not depend
   * on their inputs' shapes, and of two functions of one name a graph keeps the first.
   */
  private static Signature signature(
      String name, List<Placeholder<?>> inputs, List<Operand<?>> outputs) {
    StringBuilder key = new StringBuilder(name);
    inputs.forEach(
        input -> {
          key.append('_');
          Arrays.stream(input.shape().asArray()).forEach(size -> key.append(size).append('x'));
        });
    Signature.Builder signature = Signature.builder().key(key.toString());
    for (int i = 0; i < inputs.size(); i++) {
      signature.input("in" + i, inputs.get(i));
    }
    for (int i = 0; i < outputs.size(); i++) {
      signature.output("out" + i, outputs.get(i));
    }
    return signature.build();
  }

  @SuppressWarnings("unchecked") // The first of the state is the step's number.
  private static Operand<TInt32> step(List<Placeholder<?>> state) {
    return (Operand<TInt32>) state.get(0);
  }

  @SuppressWarnings("unchecked") // What is collected is float32.
  private static Operand<TFloat32> float32(Output<?> result) {
    return (Operand<TFloat32>) result;
  }
}
