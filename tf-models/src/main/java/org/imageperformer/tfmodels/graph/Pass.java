package org.imageperformer.tfmodels.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * One application of a model inside a graph under construction: what layers need to add their
 * operations, and the record of what they added, for the backward pass.
 *
 * <p>A function enters the record in one of two ways. {@link #apply} takes a function made of
 * ordinary operations and differentiates it with {@code addGradients}. {@link #record} takes an
 * output together with its hand-written {@link Pullback}. Both ways mix freely, since each function
 * only hands gradients to its own inputs and weights.
 */
public final class Pass {

  private record Step(Value output, Pullback pullback) {}

  private final Graph graph;
  private final Ops tf;
  private final WeightSource source;
  private final PassOptions options;
  private final Optional<Operand<TInt64>> noise;
  private final Optional<CompiledFunctions> compiled;
  private final List<Step> record = new ArrayList<>();
  private final Map<Weight, Operand<TFloat32>> updates = new LinkedHashMap<>();

  /** Weights read by the function being applied, each as an operand of its own. */
  private Map<Weight, Operand<TFloat32>> reads;

  private Pass(
      Graph graph,
      Ops tf,
      WeightSource source,
      PassOptions options,
      Optional<Operand<TInt64>> noise,
      Optional<CompiledFunctions> compiled) {
    this.compiled = compiled;
    this.graph = graph;
    this.tf = tf;
    this.source = source;
    this.options = options;
    this.noise = noise;
  }

  /**
   * A pass with dropout and a backward pass.
   *
   * @param tf where operations are added (its scope and device)
   * @param noise [2], the key of everything random in this pass: feed another one for every batch
   * @param compiled functions of the graph, for fast kernels
   */
  public static Pass training(
      Graph graph,
      Ops tf,
      WeightSource source,
      PassOptions options,
      Operand<TInt64> noise,
      CompiledFunctions compiled) {
    return new Pass(graph, tf, source, options, Optional.of(noise), Optional.of(compiled));
  }

  /** A pass without dropout and without a backward pass. */
  public static Pass inference(Graph graph, Ops tf, WeightSource source, PassOptions options) {
    return new Pass(graph, tf, source, options, Optional.empty(), Optional.empty());
  }

  /** Where to add operations. */
  public Ops tf() {
    return tf;
  }

  public PassOptions options() {
    return options;
  }

  /** Whether the hand-written blocks are to be used. */
  public boolean fast() {
    return options.kernels() == PassOptions.Kernels.FAST;
  }

  /**
   * Functions that XLA compiles: in training only, since a graph for serving must not need XLA.
   *
   * @throws IllegalStateException in a pass for inference
   */
  public CompiledFunctions compiled() {
    return compiled.orElseThrow(
        () -> new IllegalStateException("a pass for inference compiles nothing"));
  }

  /** Whether dropout applies and gradients are recorded. */
  public boolean training() {
    return noise.isPresent();
  }

  /**
   * The noise key of one place in the model, [2].
   *
   * @param site a number of its own for every place, so that no two draw the same noise
   * @throws IllegalStateException in a pass for inference
   */
  public Operand<TInt64> noise(long site) {
    Operand<TInt64> key =
        noise.orElseThrow(() -> new IllegalStateException("a pass for inference has no noise"));
    return tf.bitwise.bitwiseXor(key, tf.constant(new long[] {site, 0}));
  }

  /** The value of a weight, in its shape. */
  public Operand<TFloat32> read(Weight weight) {
    if (reads == null) {
      return source.read(tf, weight);
    }
    // An operand of this function's own, so that its gradient counts this function alone.
    return reads.computeIfAbsent(weight, w -> tf.identity(source.read(tf, w)));
  }

  /** A tensor that no gradient is wanted for. */
  public Value constant(Operand<TFloat32> operand) {
    return new Value(operand, true);
  }

  /** Applies a function of weights alone. */
  public Value apply(Supplier<Operand<TFloat32>> function) {
    return applyAll(List.of(), inputs -> function.get());
  }

  /** Applies a function made of ordinary operations. */
  public Value apply(Value x, UnaryOperator<Operand<TFloat32>> function) {
    return applyAll(List.of(x), inputs -> function.apply(inputs.get(0)));
  }

  /** Applies a function of several values made of ordinary operations. */
  public Value apply(
      List<Value> inputs, Function<List<Operand<TFloat32>>, Operand<TFloat32>> function) {
    return applyAll(inputs, function);
  }

  /** Applies a function of two values made of ordinary operations. */
  public Value apply(Value x, Value y, BinaryOperator<Operand<TFloat32>> function) {
    return applyAll(List.of(x, y), inputs -> function.apply(inputs.get(0), inputs.get(1)));
  }

  /** The sum of two values of one shape. */
  public Value add(Value x, Value y) {
    return record(
        tf.math.add(x.operand(), y.operand()),
        (dOutput, gradients) -> {
          gradients.add(x, dOutput);
          gradients.add(y, dOutput);
        });
  }

  /** Enters a function's output with its hand-written backward pass. */
  public Value record(Operand<TFloat32> output, Pullback pullback) {
    Value value = new Value(output, false);
    if (training()) {
      record.add(new Step(value, pullback));
    }
    return value;
  }

  /**
   * Sets what a weight that is not trained becomes with this step.
   *
   * @param value in the weight's shape; no gradient flows through it
   * @throws IllegalArgumentException if the weight is not {@linkplain Weight.Role#STATE state}
   * @throws IllegalStateException in a pass for inference, or if the weight has been updated
   */
  public void update(Weight state, Operand<TFloat32> value) {
    if (state.role() != Weight.Role.STATE) {
      throw new IllegalArgumentException(
          "the weight " + state + " is no state but " + state.role() + ": a pass cannot update it");
    }
    if (!training()) {
      throw new IllegalStateException("a pass for inference updates no state: " + state);
    }
    if (updates.putIfAbsent(state, value) != null) {
      throw new IllegalStateException("the state " + state + " is updated twice in one pass");
    }
  }

  /** What state becomes with this step. */
  public Map<Weight, Operand<TFloat32>> updates() {
    return Collections.unmodifiableMap(updates);
  }

  /**
   * Adds the operations that compute the gradients of a scalar by all given weights.
   *
   * @param loss a scalar value of this pass
   * @param weights those wanted
   * @return gradients in the weights' shapes
   * @throws IllegalStateException naming the weights that the loss does not depend on
   */
  public Map<Weight, Operand<TFloat32>> gradients(Value loss, List<Weight> weights) {
    Gradients gradients = new Gradients(tf);
    gradients.add(loss, tf.constant(1f));
    for (int i = record.size() - 1; i >= 0; i--) {
      Step step = record.get(i);
      Operand<TFloat32> dOutput = gradients.of(step.output());
      if (dOutput != null) {
        step.pullback().pull(dOutput, gradients);
      }
    }
    Map<Weight, Operand<TFloat32>> found = new LinkedHashMap<>();
    List<String> without = new ArrayList<>();
    for (Weight weight : weights) {
      Operand<TFloat32> gradient = gradients.of(weight);
      if (gradient == null) {
        without.add(weight.name());
      } else {
        found.put(weight, gradient);
      }
    }
    if (!without.isEmpty()) {
      throw new IllegalStateException(
          "no gradient reaches these weights: " + String.join(", ", without));
    }
    return found;
  }

  private Value applyAll(
      List<Value> inputs, Function<List<Operand<TFloat32>>, Operand<TFloat32>> function) {
    if (!training()) {
      return new Value(function.apply(inputs.stream().map(Value::operand).toList()), true);
    }
    if (reads != null) {
      throw new IllegalStateException("functions of a pass do not nest");
    }
    List<Operand<TFloat32>> xs = new ArrayList<>();
    inputs.forEach(input -> xs.add(tf.identity(input.operand())));
    Map<Weight, Operand<TFloat32>> used = new LinkedHashMap<>();
    reads = used;
    Operand<TFloat32> y;
    try {
      y = function.apply(xs);
    } finally {
      reads = null;
    }
    return record(
        y, (dOutput, gradients) -> differentiate(y, dOutput, inputs, xs, used, gradients));
  }

  private void differentiate(
      Operand<TFloat32> y,
      Operand<TFloat32> dOutput,
      List<Value> inputs,
      List<Operand<TFloat32>> xs,
      Map<Weight, Operand<TFloat32>> used,
      Gradients gradients) {
    List<Output<?>> wanted = new ArrayList<>();
    for (int i = 0; i < xs.size(); i++) {
      if (!inputs.get(i).constant()) {
        wanted.add(xs.get(i).asOutput());
      }
    }
    used.values().forEach(read -> wanted.add(read.asOutput()));
    Output<?>[] found =
        graph.addGradients(
            tf.scope().makeOpName("gradients"),
            new Output<?>[] {y.asOutput()},
            wanted.toArray(Output<?>[]::new),
            new Output<?>[] {dOutput.asOutput()});
    int next = 0;
    for (Value input : inputs) {
      if (!input.constant()) {
        gradients.add(input, float32(found[next++]));
      }
    }
    for (Weight weight : used.keySet()) {
      gradients.add(weight, float32(found[next++]));
    }
  }

  @SuppressWarnings("unchecked") // The gradient of a float32 operand is float32.
  private static Operand<TFloat32> float32(Output<?> gradient) {
    return (Operand<TFloat32>) gradient;
  }
}
