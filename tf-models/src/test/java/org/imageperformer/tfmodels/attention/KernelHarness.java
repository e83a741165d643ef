package org.imageperformer.tfmodels.attention;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.imageperformer.tfmodels.graph.CompiledFunctions;
import org.imageperformer.tfmodels.graph.ConstantWeights;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.RandomStreams;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Runs a few operations in a graph of their own. */
final class KernelHarness {

  private KernelHarness() {}

  /** The flat values of what a function adds to an inference pass. */
  static float[] run(Weights weights, long seed, Function<Pass, Operand<TFloat32>> function) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Pass pass =
          Pass.inference(
              graph,
              tf,
              new ConstantWeights(weights, weights.initialValues(seed)),
              PassOptions.PLAIN);
      Operand<TFloat32> result = function.apply(pass);
      try (Session session = new Session(graph);
          Result fetched = session.runner().fetch(result).run()) {
        return flat((TFloat32) fetched.get(0));
      }
    }
  }

  /**
   * The flat values of what a function adds to a training pass, and the gradients of {@code sum of
   * dOutput * output} with respect to its inputs.
   */
  static List<float[]> differentiate(
      PassOptions.Kernels kernels,
      List<float[]> inputs,
      List<long[]> shapes,
      float[] dOutput,
      BiFunction<Pass, List<Value>, Value> function) {
    Weights weights = new Weights();
    Map<String, float[]> values = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      weights.trained("input" + i, Initializer.constant(0), shapes.get(i));
      values.put("input" + i, inputs.get(i));
    }
    List<Weight> all = weights.all();
    PassOptions options = new PassOptions(kernels, PassOptions.Precision.FP32);
    try (Graph graph = new Graph();
        CompiledFunctions compiled = new CompiledFunctions()) {
      Ops tf = Ops.create(graph);
      Pass pass =
          Pass.training(
              graph,
              tf,
              new ConstantWeights(weights, values),
              options,
              tf.constant(new long[] {1, 2}),
              compiled);
      Value output = function.apply(pass, all.stream().map(pass::value).toList());
      Value loss =
          pass.apply(
              output,
              out ->
                  tf.reduceSum(
                      tf.math.mul(
                          tf.reshape(out, tf.constant(new int[] {-1})), tf.constant(dOutput)),
                      tf.constant(0)));
      Map<Weight, Operand<TFloat32>> gradients = pass.gradients(loss, all);
      try (Session session = new Session(graph)) {
        Session.Runner runner = session.runner().fetch(output.operand());
        all.forEach(weight -> runner.fetch(gradients.get(weight)));
        List<float[]> found = new ArrayList<>();
        try (Result result = runner.run()) {
          result.forEach(entry -> found.add(flat((TFloat32) entry.getValue())));
        }
        return found;
      }
    }
  }

  private static float[] flat(TFloat32 tensor) {
    float[] values = new float[Math.toIntExact(tensor.shape().size())];
    tensor.copyTo(DataBuffers.of(values));
    return values;
  }

  static Operand<TFloat32> constant(Pass pass, float[] values, long... shape) {
    return pass.tf().constant(Shape.of(shape), DataBuffers.of(values));
  }

  /** Normal values times a factor. */
  static float[] normal(int size, double factor, long seed) {
    RandomGenerator random = RandomStreams.stream(seed, "test values", 0);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (factor * random.nextGaussian());
    }
    return values;
  }

  /** Root of the mean squared difference. */
  static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (double) (a[i] - b[i]);
    }
    return Math.sqrt(sum / a.length);
  }
}
