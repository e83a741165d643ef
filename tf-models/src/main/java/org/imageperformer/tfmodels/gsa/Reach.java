package org.imageperformer.tfmodels.gsa;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * How the queries of a strip of rows reach their keys: what differs between local and global
 * attention. A strip has n queries: of one image and head, or all those of several.
 *
 * <p>Axes: i images and heads, M key elements, D keys of a query, c features of a head, V output
 * elements, G query elements, R any rows.
 */
sealed interface Reach permits LocalReach, GlobalReach {

  /** Rows of an image in a strip; divides the rows of the image. */
  int rows();

  /** Images and heads of a strip; 1 if it does not have all their rows. */
  int images();

  /**
   * Keys or values in the form that {@link #window} takes.
   *
   * @param maps [i, h, w, M c]
   */
  Operand<TFloat32> prepare(Ops tf, Operand<TFloat32> maps);

  /**
   * What the queries of a strip see.
   *
   * @param prepared keys or values
   * @param image the strip's first image and head, a scalar
   * @param strip which strip, a scalar
   */
  Operand<TFloat32> window(
      Ops tf, Operand<TFloat32> prepared, Operand<TInt32> image, Operand<TInt32> strip);

  /**
   * Products with the keys or values.
   *
   * @param a [n, R, c]
   * @return [n, R, M D]
   */
  Operand<TFloat32> compare(Ops tf, Operand<TFloat32> a, Operand<TFloat32> window);

  /**
   * Sums over the keys or values.
   *
   * @param a [n, R, M D]
   * @return [n, R, c]
   */
  Operand<TFloat32> combine(Ops tf, Operand<TFloat32> a, Operand<TFloat32> window);

  /**
   * The gradient by the prepared keys or values, as far as it comes from one strip.
   *
   * @param a [n, R, M D]
   * @param b [n, R, c]
   * @return of the shape {@link #part}
   */
  Operand<TFloat32> spread(Ops tf, Operand<TFloat32> a, Operand<TFloat32> b);

  /** The shape of what {@link #spread} gives. */
  Shape part();

  /**
   * The gradient by the keys or values from those of all strips.
   *
   * @param parts of each strip, and {@link #part}
   * @return [i, h, w, M c]
   */
  Operand<TFloat32> collect(Ops tf, Operand<TFloat32> parts);

  /**
   * Scores of the positions, minus infinity for keys outside of the image.
   *
   * @param q [n, G, 2e]
   * @param codes [V, offsets, 2e]
   * @return [n, G, V, D]
   */
  Operand<TFloat32> positions(
      Ops tf, Operand<TFloat32> q, Operand<TFloat32> codes, Operand<TInt32> strip);

  /** The gradients of the position scores. */
  record PositionGradients(Operand<TFloat32> q, Operand<TFloat32> codes) {}

  /**
   * The gradients by queries, [n, G, 2e], and by the codes that the strip looks at, of the shape
   * {@link #codesPart}.
   *
   * @param dScores [n, G, V, D]
   */
  PositionGradients positionsBack(
      Ops tf,
      Operand<TFloat32> dScores,
      Operand<TFloat32> q,
      Operand<TFloat32> codes,
      Operand<TInt32> strip);

  /** The shape of a strip's gradient by the codes. */
  Shape codesPart();

  /**
   * The gradient by all codes, [V, offsets, 2e].
   *
   * @param parts of each strip, and {@link #codesPart}
   */
  Operand<TFloat32> collectCodes(Ops tf, Operand<TFloat32> parts);
}
