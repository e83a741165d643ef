package org.imageperformer.tools.bench;

import java.util.ArrayList;
import java.util.List;
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
  private final int chains;
  private final int products;
  private final Graph graph = new Graph();
  private final List<Operand<?>> float32;
  private final List<Operand<?>> bfloat16;
  private final Session session;

  /**
   * @param size of the square matrices
   * @param chains of products, all at the same time
   * @param products of a chain, one after the other
   */
  private MatrixRate(int size, int chains, int products, ConfigProto configuration) {
    this.size = size;
    this.chains = chains;
    this.products = products;
    Ops tf = Ops.create(graph);
    float32 = products(tf, TFloat32.class);
    bfloat16 = products(tf, TBfloat16.class);
    session = new Session(graph, configuration);
    session.initialize();
  }

  /**
   * The processor's: a product for each thread, as the threads within an operation are those of the
   * process's first session, which may be a single one.
   *
   * @param threads that multiply
   */
  public static MatrixRate cpu(int threads) {
    return new MatrixRate(
        2048,
        threads,
        1,
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(1)
            .setInterOpParallelismThreads(threads)
            .putDeviceCount("GPU", 0)
            .setUsePerSessionThreads(true)
            .build());
  }

  /** The first GPU's: larger matrices, and several in a row, so that starting them costs little. */
  public static MatrixRate gpu() {
    return new MatrixRate(
        8192,
        1,
        4,
        ConfigProto.newBuilder()
            .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
            .build());
  }

  private <T extends TNumber> List<Operand<?>> products(Ops tf, Class<T> type) {
    Shape shape = Shape.of(size, size);
    List<Operand<?>> ends = new ArrayList<>();
    for (int chain = 0; chain < chains; chain++) {
      // Of its own: equal products would be computed once.
      Variable<T> matrix = tf.variable(shape, type);
      Ops initial = tf.withInitScope();
      initial.assign(
          matrix,
          initial.dtypes.cast(
              initial.random.statelessRandomNormal(
                  initial.constant(shape), initial.constant(new long[] {1, 2 + chain})),
              type));
      Operand<T> product = matrix;
      for (int i = 0; i < products; i++) {
        product = tf.linalg.matMul(matrix, product);
      }
      ends.add(product);
    }
    return ends;
  }

  /** The rate in operations a second of products of float32 matrices. */
  double float32() {
    return rate(float32);
  }

  /** The rate in operations a second of products of bfloat16 matrices. */
  double bfloat16() {
    return rate(bfloat16);
  }

  private double rate(List<Operand<?>> ends) {
    double fastest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < REPETITIONS; i++) {
      long start = System.nanoTime();
      Session.Runner runner = session.runner();
      ends.forEach(runner::addTarget);
      runner.run().close();
      fastest = Math.min(fastest, (System.nanoTime() - start) / 1e9);
    }
    return 2.0 * size * size * size * products * chains / fastest;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
