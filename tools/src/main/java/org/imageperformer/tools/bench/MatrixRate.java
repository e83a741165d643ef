package org.imageperformer.tools.bench;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * How fast this machine multiplies large matrices in this process: what the work of a model is
 * compared with. Owns native memory.
 */
final class MatrixRate implements AutoCloseable {
  private static final int SIZE = 2048;

  /** Multiplications of one measurement; the fastest counts. */
  private static final int REPETITIONS = 3;

  private static final double OPERATIONS = 2.0 * SIZE * SIZE * SIZE;

  private final Graph graph = new Graph();
  private final Operand<?> float32;
  private final Operand<?> bfloat16;
  private final Session session;

  /**
   * @param threads of the multiplication
   */
  MatrixRate(int threads) {
    Ops tf = Ops.create(graph);
    float32 = product(tf, TFloat32.class);
    bfloat16 = product(tf, TBfloat16.class);
    session =
        new Session(
            graph,
            ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(threads)
                .setInterOpParallelismThreads(1)
                .putDeviceCount("GPU", 0)
                .setUsePerSessionThreads(true)
                .build());
    session.initialize();
  }

  private static <T extends TNumber> Operand<T> product(Ops tf, Class<T> type) {
    Shape shape = Shape.of(SIZE, SIZE);
    Variable<T> matrix = tf.variable(shape, type);
    Ops initial = tf.withInitScope();
    initial.assign(
        matrix,
        initial.dtypes.cast(
            initial.random.statelessRandomNormal(
                initial.constant(shape), initial.constant(new long[] {1, 2})),
            type));
    return tf.linalg.matMul(matrix, matrix);
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
    return OPERATIONS / fastest;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
