package org.imageperformer.tfmodels.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
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

  /** A function of three. */
  @FunctionalInterface
  public interface TernaryOperator<T> {

    T apply(T x, T y, T z);
  }

  /**
   * Which images of a batch a pass takes, where several passes take one batch in common.
   *
   * @param first number in the batch, scalar
   * @param count of this pass, scalar
   */
  public record Images(Operand<TInt32> first, Operand<TInt32> count) {}

  private record Step(Value output, Pullback pullback) {}

  private final Graph graph;
  private final Ops tf;
  private final WeightSource source;
  private final PassOptions options;
  private final Optional<Operand<TInt64>> noise;
  private final Optional<Images> images;
  private final Optional<CompiledFunctions> compiled;
  private final Optional<CompiledTwins> twins;
  private final List<Step> record = new ArrayList<>();
  private final Map<Weight, Operand<TFloat32>> updates = new LinkedHashMap<>();
  private final Origins origins = new Origins();

  /** Weights read by the function being applied, each as an operand of its own. */
  private Map<Weight, Operand<TFloat32>> reads;

  private Pass(
      Graph graph,
      Ops tf,
      WeightSource source,
      PassOptions options,
      Optional<Operand<TInt64>> noise,
      Optional<Images> images,
      Optional<CompiledFunctions> compiled,
      Optional<CompiledTwins> twins) {
    this.images = images;
    this.compiled = compiled;
    this.twins = twins;
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
    return training(graph, tf, source, options, noise, Optional.empty(), compiled);
  }

  /**
   * A pass with dropout and a backward pass.
   *
   * @param noise [2], the key of everything random in this pass, and of all passes that take a
   *     batch in common
   * @param images that this pass takes of the batch, if it does not take all of them
   */
  public static Pass training(
      Graph graph,
      Ops tf,
      WeightSource source,
      PassOptions options,
      Operand<TInt64> noise,
      Optional<Images> images,
      CompiledFunctions compiled) {
    return new Pass(
        graph,
        tf,
        source,
        options,
        Optional.of(noise),
        images,
        Optional.of(compiled),
        Optional.empty());
  }

  /** A pass without dropout and without a backward pass. */
  public static Pass inference(Graph graph, Ops tf, WeightSource source, PassOptions options) {
    return inference(graph, tf, source, options, Optional.empty());
  }

  /**
   * The same, for a graph that may be loaded where XLA is.
   *
   * @param twins takes the functions for that
   */
  public static Pass inference(
      Graph graph,
      Ops tf,
      WeightSource source,
      PassOptions options,
      Optional<CompiledTwins> twins) {
    return new Pass(
        graph, tf, source, options, Optional.empty(), Optional.empty(), Optional.empty(), twins);
  }

  /** Where to add operations. */
  public Ops tf() {
    return tf;
  }

  public PassOptions options() {
    return options;
  }

  /**
   * The implementation that this pass takes of the two of a block, or of a set of blocks.
   *
   * @param plain the formula, differentiated by {@link #apply}
   * @param fast of the same values and gradients up to rounding
   */
  public <K> K choose(K plain, K fast) {
    return switch (options.kernels()) {
      case PLAIN -> plain;
      case FAST -> fast;
    };
  }

  /**
   * Functions that XLA compiles: in training only, since a graph for serving must not need XLA; see
   * {@link #twins}.
   *
   * @throws IllegalStateException in a pass for inference
   */
  public CompiledFunctions compiled() {
    return compiled.orElseThrow(
        () -> new IllegalStateException("a pass for inference compiles nothing"));
  }

  /** Takes functions for XLA beside those of the graph; none in training. */
  public Optional<CompiledTwins> twins() {
    return twins;
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

  /** The images of this pass, if others take the rest of the batch under the same noise. */
  public Optional<Images> images() {
    return images;
  }

  /**
   * The value of a weight, in its shape. Inside of a function that {@link #apply} differentiates
   * its gradient is found; elsewhere a {@link Pullback} has to give it.
   */
  public Operand<TFloat32> read(Weight weight) {
    if (reads == null) {
      Operand<TFloat32> read = source.read(tf, weight);
      origins.addReadOutside(read, weight);
      return read;
    }
    return reads.computeIfAbsent(
        weight,
        w -> {
          // An operand of this function's own, so that its gradient counts this function alone.
          Operand<TFloat32> own = tf.identity(source.read(tf, w));
          origins.addRead(own, w);
          return own;
        });
  }

  /** A weight as an input for functions, in its shape. */
  public Value value(Weight weight) {
    return record(read(weight), (dOutput, gradients) -> gradients.add(weight, dOutput));
  }

  /** A tensor that no gradient is wanted for. */
  public Value constant(Operand<TFloat32> operand) {
    return new Value(training() ? tf.stopGradient(operand) : operand, true);
  }

  /** Applies a function of weights alone; see {@link #apply(Map, Function)}. */
  public Value apply(Supplier<Operand<TFloat32>> function) {
    return applyAll(List.of(), inputs -> function.get());
  }

  /** Applies a function; see {@link #apply(Map, Function)}. */
  public Value apply(Value x, UnaryOperator<Operand<TFloat32>> function) {
    return applyAll(List.of(x), inputs -> function.apply(inputs.get(0)));
  }

  /** Applies a function of two values; see {@link #apply(Map, Function)}. */
  public Value apply(Value x, Value y, BinaryOperator<Operand<TFloat32>> function) {
    return applyAll(List.of(x, y), inputs -> function.apply(inputs.get(0), inputs.get(1)));
  }

  /** Applies a function of three values; see {@link #apply(Map, Function)}. */
  public Value apply(Value x, Value y, Value z, TernaryOperator<Operand<TFloat32>> function) {
    return applyAll(
        List.of(x, y, z), inputs -> function.apply(inputs.get(0), inputs.get(1), inputs.get(2)));
  }

  /**
   * Applies a function made of ordinary operations. It is differentiated with respect to its inputs
   * and the weights that it {@linkplain #read reads}; whatever else it uses must be constant.
   *
   * @param inputs values by the names under which the function finds them
   * @throws IllegalStateException naming a value or weight that the function uses without being
   *     given it and whose gradient would be lost; or if called inside of another function
   */
  public Value apply(Map<String, Value> inputs, Function<Inputs, Operand<TFloat32>> function) {
    List<String> names = inputs.keySet().stream().sorted().toList();
    return applyAll(
        names.stream().map(inputs::get).toList(),
        operands -> {
          Map<String, Operand<?>> byName = new HashMap<>();
          for (int i = 0; i < names.size(); i++) {
            byName.put(names.get(i), operands.get(i));
          }
          return function.apply(new Inputs(byName));
        });
  }

  /** The sum of two values of one shape. */
  public Value add(Value x, Value y) {
    return record(
        sum(List.of(x.operand(), y.operand()), both -> tf.math.add(both.get(0), both.get(1))),
        (dOutput, gradients) -> {
          gradients.add(x, dOutput);
          gradients.add(y, dOutput);
        });
  }

  /** In one loop if some were {@linkplain Widened widened} for it, so that they are not. */
  private Operand<TFloat32> sum(
      List<Operand<TFloat32>> parts,
      Function<List<Operand<TFloat32>>, Operand<TFloat32>> ordinary) {
    if (compiled.isEmpty() || parts.stream().allMatch(part -> Widened.origin(part).isEmpty())) {
      return ordinary.apply(parts);
    }
    Map<String, Operand<?>> inputs = new HashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      inputs.put("part" + i, parts.get(i));
    }
    return compiled
        .get()
        .callOne(
            tf,
            "sum_of_" + parts.size(),
            inputs,
            (inner, in) ->
                IntStream.range(0, parts.size())
                    .mapToObj(i -> in.get("part" + i))
                    .reduce(inner.math::add)
                    .orElseThrow());
  }

  /**
   * Enters a function's output with its hand-written backward pass.
   *
   * @throws IllegalStateException if called inside of another function
   */
  public Value record(Operand<TFloat32> output, Pullback pullback) {
    Value value = new Value(output, false);
    if (training()) {
      requireOutside();
      record.add(new Step(value, pullback));
      origins.addValue(value);
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
    Gradients gradients = new Gradients(parts -> sum(parts, tf.math::addN));
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
    requireOutside();
    origins.begin();
    List<Operand<TFloat32>> xs = new ArrayList<>();
    for (Value input : inputs) {
      Operand<TFloat32> x = tf.identity(input.operand());
      xs.add(x);
      origins.addInput(x, input);
    }
    Map<Weight, Operand<TFloat32>> used = new LinkedHashMap<>();
    reads = used;
    Operand<TFloat32> y;
    try {
      y = function.apply(xs);
    } finally {
      reads = null;
    }
    boolean constant = used.isEmpty() && inputs.stream().allMatch(Value::constant);
    Value value = new Value(y, constant);
    origins.addResult(value);
    if (!constant) {
      record.add(
          new Step(
              value,
              (dOutput, gradients) -> differentiate(y, dOutput, inputs, xs, used, gradients)));
    }
    return value;
  }

  private void requireOutside() {
    if (reads != null) {
      throw new IllegalStateException("functions of a pass do not nest");
    }
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
