package org.imageperformer.tfmodels.gsa;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.tfmodels.graph.Dims;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * {@link Reach} of global attention in an image of N x N: the queries of a row share one window,
 * all pixels, [M D, c]. From row y the keys' rows are at N offsets of 2N - 1, the same for the
 * whole row of queries, so that its scores are computed for these and all 2N - 1 columns, and each
 * query takes its own N columns.
 */
final class GlobalReach implements Reach {

  private final int side; // N
  private final long elements; // M
  private final long features; // c
  private final long outputs; // V
  private final long position; // 2e

  GlobalReach(int side, long elements, long features, long outputs, long position) {
    this.side = side;
    this.elements = elements;
    this.features = features;
    this.outputs = outputs;
    this.position = position;
  }

  @Override
  public int rows() {
    return 1;
  }

  @Override
  public int images() {
    return 1;
  }

  @Override
  public Operand<TFloat32> prepare(Ops tf, Operand<TFloat32> maps) {
    Operand<TFloat32> pixels =
        tf.reshape(maps, Dims.of(tf, -1, (long) side * side, elements, features));
    return tf.reshape( // [i, M D, c]
        tf.linalg.transpose(pixels, tf.constant(new int[] {0, 2, 1, 3})),
        Dims.of(tf, -1, elements * side * side, features));
  }

  @Override
  public Operand<TFloat32> window(
      Ops tf, Operand<TFloat32> prepared, Operand<TInt32> image, Operand<TInt32> strip) {
    return tf.gather(prepared, image, tf.constant(0));
  }

  @Override
  public Operand<TFloat32> compare(Ops tf, Operand<TFloat32> a, Operand<TFloat32> window) {
    return perQuery(
        tf, tf.linalg.matMul(rows(tf, a), window, MatMul.transposeB(true)), elements * side * side);
  }

  @Override
  public Operand<TFloat32> combine(Ops tf, Operand<TFloat32> a, Operand<TFloat32> window) {
    return perQuery(tf, tf.linalg.matMul(rows(tf, a), window), features);
  }

  @Override
  public Operand<TFloat32> spread(Ops tf, Operand<TFloat32> a, Operand<TFloat32> b) {
    return tf.linalg.matMul(rows(tf, a), rows(tf, b), MatMul.transposeA(true));
  }

  @Override
  public Shape part() {
    return Shape.of(elements * side * side, features);
  }

  @Override
  public Operand<TFloat32> collect(Ops tf, Operand<TFloat32> parts) {
    Operand<TFloat32> summed =
        tf.sum(
            tf.reshape(parts, Dims.of(tf, -1, side, elements, (long) side * side, features)),
            tf.constant(1));
    return tf.reshape(
        tf.linalg.transpose(summed, tf.constant(new int[] {0, 2, 1, 3})),
        Dims.of(tf, -1, side, side, elements * features));
  }

  @Override
  public Operand<TFloat32> positions(
      Ops tf, Operand<TFloat32> q, Operand<TFloat32> codes, Operand<TInt32> strip) {
    Operand<TFloat32> scores = // [N, G, V, N, 2N - 1]
        tf.reshape(
            tf.linalg.matMul(rows(tf, q), seen(tf, codes, strip), MatMul.transposeB(true)),
            Dims.of(tf, side, q.shape().get(1), outputs, side, columns()));
    List<Operand<TFloat32>> own = new ArrayList<>();
    for (int x = 0; x < side; x++) {
      own.add(
          tf.slice(
              scores, Dims.of(tf, x, 0, 0, 0, side - 1 - x), Dims.of(tf, 1, -1, -1, -1, side)));
    }
    return tf.reshape(
        tf.concat(own, tf.constant(0)),
        Dims.of(tf, side, q.shape().get(1), outputs, (long) side * side));
  }

  @Override
  public PositionGradients positionsBack(
      Ops tf,
      Operand<TFloat32> dScores,
      Operand<TFloat32> q,
      Operand<TFloat32> codes,
      Operand<TInt32> strip) {
    List<Output<TFloat32>> own =
        tf.unstack(
                tf.reshape(dScores, Dims.of(tf, side, q.shape().get(1), outputs, side, side)),
                (long) side,
                Unstack.axis(0L))
            .output();
    List<Operand<TFloat32>> wide = new ArrayList<>();
    for (int x = 0; x < side; x++) {
      wide.add(
          tf.pad(
              own.get(x),
              tf.constant(new int[][] {{0, 0}, {0, 0}, {0, 0}, {side - 1 - x, x}}),
              tf.constant(0f)));
    }
    Operand<TFloat32> flat = // [N G, V N (2N - 1)]
        tf.reshape(tf.stack(wide), Dims.of(tf, -1, outputs * side * columns()));
    return new PositionGradients(
        tf.reshape(
            tf.linalg.matMul(flat, seen(tf, codes, strip)), Dims.of(tf, q.shape().asArray())),
        tf.reshape(
            tf.linalg.matMul(flat, rows(tf, q), MatMul.transposeA(true)),
            Dims.of(tf, codesPart().asArray())));
  }

  @Override
  public Shape codesPart() {
    return Shape.of(outputs, side, columns() * position);
  }

  @Override
  public Operand<TFloat32> collectCodes(Ops tf, Operand<TFloat32> parts) {
    Operand<TFloat32> byRow = // [N, V, N, (2N - 1) 2e]
        tf.sum(
            tf.reshape(parts, Dims.of(tf, -1, side, outputs, side, columns() * position)),
            tf.constant(0));
    List<Output<TFloat32>> rows = tf.unstack(byRow, (long) side).output();
    List<Operand<TFloat32>> terms = new ArrayList<>();
    for (int y = 0; y < side; y++) {
      terms.add(
          tf.pad(
              rows.get(y),
              tf.constant(new int[][] {{0, 0}, {side - 1 - y, y}, {0, 0}}),
              tf.constant(0f)));
    }
    return tf.reshape(
        side == 1 ? terms.get(0) : tf.math.addN(terms),
        Dims.of(tf, outputs, columns() * columns(), position));
  }

  /** The codes of the offsets that a row of queries sees, [V N (2N - 1), 2e]. */
  private Operand<TFloat32> seen(Ops tf, Operand<TFloat32> codes, Operand<TInt32> strip) {
    Operand<TInt32> zero = tf.constant(0);
    Operand<TInt32> first = tf.math.sub(tf.constant(side - 1), strip);
    return tf.reshape(
        tf.slice(
            tf.reshape(codes, Dims.of(tf, outputs, columns(), columns(), position)),
            tf.stack(List.of(zero, first, zero, zero)),
            Dims.of(tf, outputs, side, columns(), position)),
        Dims.of(tf, outputs * side * columns(), position));
  }

  /** [N, R, k] to [N R, k]. */
  private static Operand<TFloat32> rows(Ops tf, Operand<TFloat32> x) {
    return tf.reshape(x, Dims.of(tf, -1, x.shape().get(2)));
  }

  /** And back. */
  private Operand<TFloat32> perQuery(Ops tf, Operand<TFloat32> x, long last) {
    return tf.reshape(x, Dims.of(tf, side, -1, last));
  }

  private long columns() {
    return 2L * side - 1;
  }
}
