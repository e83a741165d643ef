package org.imageperformer.tfmodels.attention;

import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.imageperformer.tfmodels.graph.ConstantWeights;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.RandomStreams;
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
        TFloat32 tensor = (TFloat32) fetched.get(0);
        float[] values = new float[Math.toIntExact(tensor.shape().size())];
        tensor.copyTo(DataBuffers.of(values));
        return values;
      }
    }
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
