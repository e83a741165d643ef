package org.imageperformer.tfmodels.layers;

import java.util.List;
import org.imageperformer.tfmodels.graph.Dims;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Random bits behind a dropout mask: 16 of them for each value, so that a 32-bit word serves two.
 * The rate is thereby rounded to a multiple of 1/65536.
 */
final class DropoutBits {

  private static final int VALUES_PER_WORD = 2;
  private static final int STEPS = 1 << 16;

  private DropoutBits() {}

  /**
   * Adds the drawing of random words.
   *
   * @param x the values to be masked, with a static even number of features
   * @param seed [2]
   * @return [batch, tokens, features / 2]
   */
  static Operand<TInt32> words(Ops tf, Operand<TFloat32> x, Operand<TInt64> seed) {
    long tokens = x.shape().get(1);
    long features = x.shape().get(2);
    Operand<TInt32> batch = tf.slice(tf.shape(x), Dims.of(tf, 0), Dims.of(tf, 1));
    Operand<TInt32> shape =
        tf.concat(List.of(batch, Dims.of(tf, tokens, features / VALUES_PER_WORD)), tf.constant(0));
    return tf.reshape(
        tf.random.statelessRandomUniformFullInt(shape, seed, TInt32.class),
        Dims.of(tf, -1, tokens, features / VALUES_PER_WORD));
  }

  /**
   * Adds the mask: 0 or 1 / (1 - rate) for each value.
   *
   * @param words [batch, tokens, features / 2]
   * @return [batch, tokens, features]
   */
  static Operand<TFloat32> mask(Ops tf, Operand<TInt32> words, double rate) {
    long tokens = words.shape().get(1);
    long features = VALUES_PER_WORD * words.shape().get(2);
    // The lower half of a word is shifted up, so that both halves compare as signed numbers.
    Operand<TInt32> lower = tf.bitwise.leftShift(words, tf.constant(16));
    Operand<TInt32> threshold = tf.constant((int) ((Math.round(rate * STEPS) - STEPS / 2) << 16));
    Operand<TBool> kept =
        tf.concat(
            List.of(tf.math.greaterEqual(lower, threshold), tf.math.greaterEqual(words, threshold)),
            tf.constant(2));
    return tf.math.mul(
        tf.dtypes.cast(tf.reshape(kept, Dims.of(tf, -1, tokens, features)), TFloat32.class),
        tf.constant((float) (1 / (1 - rate))));
  }
}
