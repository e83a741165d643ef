package org.imageperformer.tools.bench;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * How fast this machine multiplies large matrices in this process: what the work of a model is
 * compared with. Owns native memory.
 */
public final class MatrixRate implements AutoCloseable {
  /** Measurements; the fastest counts. */
  private static final int REPETITIONS = 3;

  private final int size;
  private final int products;
  private final Graph graph = new Graph();
  private final Operand<?> float32;
  private final Operand<?> bfloat16;
  private final Session session;

  private MatrixRate(int size, int products, ConfigProto configuration) {
    this.size = size;
    this.products = products;
    Ops tf = Ops.create(graph);
    float32 = product(tf, TFloat32.class);
    bfloat16 = product(tf, TBfloat16.class);
    session = new Session(graph, configuration);
    session.initialize();
  }

  /**
   * The processor's.
   *
   * @param threads of the multiplication
   */
  public static MatrixRate cpu(int threads) {
    return new MatrixRate(
        2048,
        1,
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(threads)
            .setInterOpParallelismThreads(1)
            .putDeviceCount("GPU", 0)
            .setUsePerSessionThreads(true)
            .build());
  }

  /** The first GPU's: larger matrices, and several in a row, so that starting them costs little. */
  public static MatrixRate gpu() {
    return new MatrixRate(
        8192,
        4,
        ConfigProto.newBuilder()
            .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
            .build());
  }

  private <T extends TNumber> Operand<T> product(Ops tf, Class<T> type) {
    Shape shape = Shape.of(size, size);
    Variable<T> matrix = tf.variable(shape, type);
    Ops initial = tf.withInitScope();
    initial.assign(
        matrix,
        initial.dtypes.cast(
            initial.random.statelessRandomNormal(
                initial.constant(shape), initial.constant(new long[] {1, 2})),
            type));
    Operand<T> product = matrix;
    for (int i = 0; i < products; i++) {
      product = tf.linalg.matMul(matrix, product);
    }
    return product;
  }

  /** The rate in operations a second of products of float32 matrices. */
  double float32() {
    return rate(float32);
  }

  /** The rate in operations a second of products of bfloat16 matrices. */
  double bfloat16() {
    return rate(bfloat16);
  }

  private double rate(Operand<?> product) {
    double fastest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < REPETITIONS; i++) {
      long start = System.nanoTime();
      session.runner().addTarget(product).run().close();
      fastest = Math.min(fastest, (System.nanoTime() - start) / 1e9);
    }
    return 2.0 * size * size * size * products / fastest;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
