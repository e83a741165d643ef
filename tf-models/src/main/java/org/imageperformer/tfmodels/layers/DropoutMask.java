package org.imageperformer.tfmodels.layers;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A dropout mask as a pure function of a key and of each value's position, so that the backward
 * pass can compute it again instead of keeping it, and a compiler can make it part of another loop.
 * Each position is mixed with two random words of the pass's counter-based generator.
 */
final class DropoutMask {

  private DropoutMask() {}

  /**
   * Adds the mask: 0 with probability rate, else 1 / (1 - rate), for each value.
   *
   * @param like the values to be masked
   * @param key two random words, [2]
   * @return the shape of {@code like}
   */
  static Operand<TFloat32> of(Ops tf, Operand<TFloat32> like, Operand<TInt32> key, double rate) {
    Operand<TInt32> shape = tf.shape(like);
    Operand<TInt32> positions =
        tf.range(tf.constant(0), tf.reduceProd(shape, tf.constant(0)), tf.constant(1));
    Operand<TInt32> first = tf.gather(key, tf.constant(0), tf.constant(0));
    Operand<TInt32> second = tf.gather(key, tf.constant(1), tf.constant(0));
    Operand<TInt32> mixed =
        mix(
            tf,
            tf.bitwise.bitwiseXor(
                mix(tf, tf.math.add(tf.math.mul(positions, tf.constant(0x9E3779B9)), first)),
                second));
    long threshold = Integer.MIN_VALUE + Math.round(rate * 0x1p32);
    Operand<TFloat32> kept =
        tf.dtypes.cast(
            tf.math.greaterEqual(mixed, tf.constant(Math.toIntExact(threshold))), TFloat32.class);
    return tf.reshape(tf.math.mul(kept, tf.constant((float) (1 / (1 - rate)))), shape);
  }

  /**
   * A bijection of 32-bit words in which every bit of the input flips each output bit half of the
   * time.
   */
  private static Operand<TInt32> mix(Ops tf, Operand<TInt32> x) {
    Operand<TInt32> a = tf.math.mul(xorShift(tf, x, 16), tf.constant(0x7FEB352D));
    Operand<TInt32> b = tf.math.mul(xorShift(tf, a, 15), tf.constant(0x846CA68B));
    return xorShift(tf, b, 16);
  }

  /** x xor (x shifted right by so many bits, zeros entering). */
  private static Operand<TInt32> xorShift(Ops tf, Operand<TInt32> x, int bits) {
    Operand<TInt32> shifted =
        tf.bitwise.bitwiseAnd(
            tf.bitwise.rightShift(x, tf.constant(bits)), tf.constant(-1 >>> bits));
    return tf.bitwise.bitwiseXor(x, shifted);
  }
}
