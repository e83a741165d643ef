package org.imageperformer.tfmodels.kernels;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.RandomStreams;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The dropout mask of one place in a model: 0 with probability rate, else 1 / (1 - rate), for each
 * value. It is a pure function of the pass's noise key, of the place and of the value's position,
 * so that the backward pass can compute it again instead of keeping it, and a compiler can make it
 * part of another loop. Each position is mixed with two random words of the pass's counter-based
 * generator.
 */
public final class DropoutMask {

  /** Between the words of positions, before they are mixed. */
  private static final int STRIDE = 0x9E3779B9;

  private final double rate;
  private final long site;

  /**
   * The mask of one place.
   *
   * @param name a name of its own for each place in the model
   * @param rate in [0, 1)
   * @throws IllegalArgumentException for another rate
   */
  public DropoutMask(String name, double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException(
          "the dropout rate of " + name + " must be in [0, 1), not " + rate);
    }
    this.rate = rate;
    this.site = RandomStreams.key(0, "dropout " + name, 0);
  }

  /** The probability of a zero. */
  public double rate() {
    return rate;
  }

  /** Whether there are zeros in this pass. */
  public boolean active(Pass pass) {
    return pass.training() && rate > 0;
  }

  /**
   * Adds the two random words behind the mask in this pass. Where passes take a batch in common,
   * those of an image's positions are the same in whichever pass it is.
   *
   * @param positions of all images of the pass, image by image: values for {@link #apply}, rows for
   *     {@link #factors}; scalar
   * @return [2]
   */
  public Operand<TInt32> key(Pass pass, Operand<TInt32> positions) {
    Ops tf = pass.tf();
    Operand<TInt32> words =
        tf.random.statelessRandomUniformFullInt(
            tf.constant(new int[] {2}), pass.noise(site), TInt32.class);
    return pass.images()
        .<Operand<TInt32>>map(
            images -> {
              Operand<TInt32> before =
                  tf.math.mul(images.first(), tf.math.div(positions, images.count()));
              return tf.math.add(words, tf.math.mul(before, tf.constant(new int[] {STRIDE, 0})));
            })
        .orElse(words);
  }

  /**
   * Adds the product of values and their mask.
   *
   * @param x with an axis at least
   * @param key of the pass
   * @return the shape of {@code x}
   */
  public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Operand<TInt32> key) {
    Operand<TInt32> shape = tf.shape(x);
    int last = x.shape().numDimensions() - 1;
    Operand<TInt32> width = tf.gather(shape, tf.constant(last), tf.constant(0));
    Operand<TInt32> rows = tf.math.div(tf.reduceProd(shape, tf.constant(0)), width);
    // A row's part and a column's part apart: all positions would be a constant of x's size.
    Operand<TInt32> strided = // [rows, width]
        tf.math.add(
            tf.math.mul(
                tf.expandDims(range(tf, rows), tf.constant(1)),
                tf.math.mul(width, tf.constant(STRIDE))),
            tf.math.mul(range(tf, width), tf.constant(STRIDE)));
    return tf.math.mul(x, tf.reshape(factors(tf, mixed(tf, strided, key)), shape));
  }

  private static Operand<TInt32> range(Ops tf, Operand<TInt32> count) {
    return tf.range(tf.constant(0), count, tf.constant(1));
  }

  /**
   * Adds the factors of a matrix' values. A row is mixed with the random words once, so that a
   * column costs half of what a position costs.
   *
   * @param rows numbers of rows
   * @param columns numbers of columns, of a shape that is broadcast against that of the rows
   * @param key of the pass
   * @return the shape of both together
   */
  public Operand<TFloat32> factors(
      Ops tf, Operand<TInt32> rows, Operand<TInt32> columns, Operand<TInt32> key) {
    return factors(
        tf,
        mix(
            tf,
            tf.bitwise.bitwiseXor(
                mixed(tf, tf.math.mul(rows, tf.constant(STRIDE)), key),
                tf.math.mul(columns, tf.constant(STRIDE)))));
  }

  /** Random words that positions give, each times {@link #STRIDE}. */
  private static Operand<TInt32> mixed(Ops tf, Operand<TInt32> strided, Operand<TInt32> key) {
    Operand<TInt32> first = tf.gather(key, tf.constant(0), tf.constant(0));
    Operand<TInt32> second = tf.gather(key, tf.constant(1), tf.constant(0));
    return mix(tf, tf.bitwise.bitwiseXor(mix(tf, tf.math.add(strided, first)), second));
  }

  private Operand<TFloat32> factors(Ops tf, Operand<TInt32> words) {
    long threshold = Integer.MIN_VALUE + Math.round(rate * 0x1p32);
    Operand<TFloat32> kept =
        tf.dtypes.cast(
            tf.math.greaterEqual(words, tf.constant(Math.toIntExact(threshold))), TFloat32.class);
    return tf.math.mul(kept, tf.constant((float) (1 / (1 - rate))));
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
