package org.imageperformer.tfmodels.gsa;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.kernels.Products;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** {@link Reach} of local attention: every query has a window of its own, [n, M D, c]. */
final class LocalReach implements Reach {

  private final Neighbours neighbours;
  private final int rows;
  private final int images;
  private final long elements; // M
  private final long features; // c
  private final long outputs; // V
  private final long position; // 2e

  LocalReach(
      Neighbours neighbours,
      int rows,
      int images,
      long elements,
      long features,
      long outputs,
      long position) {
    this.neighbours = neighbours;
    this.rows = rows;
    this.images = images;
    this.elements = elements;
    this.features = features;
    this.outputs = outputs;
    this.position = position;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int images() {
    return images;
  }

  @Override
  public Operand<TFloat32> prepare(Ops tf, Operand<TFloat32> maps) {
    int r = radius();
    return tf.pad(maps, tf.constant(new int[][] {{0, 0}, {r, r}, {r, r}, {0, 0}}), tf.constant(0f));
  }

  @Override
  public Operand<TFloat32> window(
      Ops tf, Operand<TFloat32> prepared, Operand<TInt32> image, Operand<TInt32> strip) {
    Operand<TFloat32> around =
        tf.reshape(
            around(tf, prepared, image, strip),
            Dims.of(tf, images, tall(), wide(), elements, features));
    List<Operand<TFloat32>> shifted = new ArrayList<>();
    for (int d = 0; d < neighbours.keys(); d++) {
      shifted.add(
          tf.slice(
              around,
              Dims.of(tf, 0, d / side(), d % side(), 0, 0),
              Dims.of(tf, images, rows, neighbours.width(), elements, features)));
    }
    return tf.reshape(
        tf.stack(shifted, Stack.axis(4L)),
        Dims.of(tf, queries(), elements * neighbours.keys(), features));
  }

  /** The keys or values that all queries of a strip see together, [images, tall, wide, M c]. */
  Operand<TFloat32> around(
      Ops tf, Operand<TFloat32> prepared, Operand<TInt32> image, Operand<TInt32> strip) {
    Operand<TInt32> zero = tf.constant(0);
    return tf.slice(
        prepared,
        tf.stack(List.of(image, tf.math.mul(strip, tf.constant(rows)), zero, zero)),
        Dims.of(tf, images, tall(), wide(), elements * features));
  }

  @Override
  public Operand<TFloat32> compare(Ops tf, Operand<TFloat32> a, Operand<TFloat32> window) {
    return Products.batched(tf, a, window, false, true);
  }

  @Override
  public Operand<TFloat32> combine(Ops tf, Operand<TFloat32> a, Operand<TFloat32> window) {
    return Products.batched(tf, a, window, false, false);
  }

  @Override
  public Operand<TFloat32> spread(Ops tf, Operand<TFloat32> a, Operand<TFloat32> b) {
    Operand<TFloat32> dWindow = // [images, rows, w, M, D, c]
        tf.reshape(
            Products.batched(tf, a, b, true, false),
            Dims.of(tf, images, rows, neighbours.width(), elements, neighbours.keys(), features));
    List<Output<TFloat32>> shifted =
        tf.unstack(dWindow, (long) neighbours.keys(), Unstack.axis(4L)).output();
    List<Operand<TFloat32>> bands = new ArrayList<>(); // of one row of offsets each
    for (int row = 0; row < side(); row++) {
      List<Operand<TFloat32>> terms = new ArrayList<>();
      for (int column = 0; column < side(); column++) {
        terms.add(pad(tf, shifted.get(row * side() + column), 2, column, side() - 1 - column));
      }
      bands.add(pad(tf, tf.math.addN(terms), 1, row, side() - 1 - row));
    }
    return tf.reshape(
        tf.math.addN(bands), Dims.of(tf, images, tall(), wide(), elements * features));
  }

  @Override
  public Shape part() {
    return Shape.of(images, tall(), wide(), elements * features);
  }

  /**
   * Strips overlap: in pieces of a strip's height, the j-th piece of one meets the next's (j-1)-th.
   */
  @Override
  public Operand<TFloat32> collect(Ops tf, Operand<TFloat32> parts) {
    int strips = neighbours.height() / rows;
    int pieces = (tall() + rows - 1) / rows;
    long row = wide() * elements * features;
    Operand<TFloat32> byStrip = // [i, strips, pieces, a piece]
        tf.reshape(
            pad(tf, tf.reshape(parts, Dims.of(tf, -1, tall(), row)), 1, 0, pieces * rows - tall()),
            Dims.of(tf, -1, strips, pieces, rows * row));
    List<Output<TFloat32>> byPiece = tf.unstack(byStrip, (long) pieces, Unstack.axis(2L)).output();
    List<Operand<TFloat32>> terms = new ArrayList<>();
    for (int piece = 0; piece < pieces; piece++) {
      terms.add(pad(tf, byPiece.get(piece), 1, piece, pieces - 1 - piece));
    }
    return tf.slice(
        tf.reshape(
            tf.math.addN(terms),
            Dims.of(tf, -1, (strips + pieces - 1L) * rows, wide(), elements * features)),
        Dims.of(tf, 0, radius(), radius(), 0),
        Dims.of(tf, -1, neighbours.height(), neighbours.width(), elements * features));
  }

  @Override
  public Operand<TFloat32> positions(
      Ops tf, Operand<TFloat32> q, Operand<TFloat32> codes, Operand<TInt32> strip) {
    long keys = neighbours.keys();
    Operand<TFloat32> ofImage =
        tf.constant(Shape.of(neighbours.pixels(), 1, 1, keys), DataBuffers.of(neighbours.mask()));
    Operand<TFloat32> mask =
        images == 1 ? ofImage : tf.concat(Collections.nCopies(images, ofImage), tf.constant(0));
    Operand<TInt32> zero = tf.constant(0);
    Operand<TFloat32> scores =
        tf.linalg.matMul(rows(tf, q), codeRows(tf, codes), MatMul.transposeB(true));
    return tf.math.add(
        tf.reshape(scores, Dims.of(tf, queries(), -1, outputs, keys)),
        tf.slice(
            mask,
            tf.stack(List.of(tf.math.mul(strip, tf.constant(queries())), zero, zero, zero)),
            Dims.of(tf, queries(), 1, 1, keys)));
  }

  @Override
  public PositionGradients positionsBack(
      Ops tf,
      Operand<TFloat32> dScores,
      Operand<TFloat32> q,
      Operand<TFloat32> codes,
      Operand<TInt32> strip) {
    Operand<TFloat32> flat = // [n G, V D]
        tf.reshape(dScores, Dims.of(tf, -1, outputs * neighbours.keys()));
    return new PositionGradients(
        tf.reshape(tf.linalg.matMul(flat, codeRows(tf, codes)), Dims.of(tf, q.shape().asArray())),
        tf.reshape(
            tf.linalg.matMul(flat, rows(tf, q), MatMul.transposeA(true)),
            Dims.of(tf, codesPart().asArray())));
  }

  @Override
  public Shape codesPart() {
    return Shape.of(outputs, neighbours.keys(), position);
  }

  @Override
  public Operand<TFloat32> collectCodes(Ops tf, Operand<TFloat32> parts) {
    return tf.sum(parts, tf.constant(0));
  }

  private Operand<TFloat32> rows(Ops tf, Operand<TFloat32> q) {
    return tf.reshape(q, Dims.of(tf, -1, position));
  }

  private Operand<TFloat32> codeRows(Ops tf, Operand<TFloat32> codes) {
    return tf.reshape(codes, Dims.of(tf, outputs * neighbours.keys(), position));
  }

  private static Operand<TFloat32> pad(
      Ops tf, Operand<TFloat32> x, int axis, int before, int after) {
    int[][] paddings = new int[x.shape().numDimensions()][2];
    paddings[axis] = new int[] {before, after};
    return tf.pad(x, tf.constant(paddings), tf.constant(0f));
  }

  private int radius() {
    return neighbours.offsets().radius();
  }

  private int side() {
    return neighbours.offsets().side();
  }

  /** Rows of a strip and around it. */
  private int tall() {
    return rows + 2 * radius();
  }

  /** Columns of an image and around it. */
  private int wide() {
    return neighbours.width() + 2 * radius();
  }

  private int queries() {
    return images * rows * neighbours.width();
  }
}
