package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.RandomStreams;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * In training sets each value to zero with probability {@code rate} and divides the others by
 * {@code 1 - rate}; nothing in inference. The mask depends on nothing but the pass's noise key and
 * this place's name.
 */
public final class Dropout {

  private final double rate;
  private final long site;

  /**
   * @param name a name of its own for each place in the model
   * @param rate in [0, 1)
   */
  public Dropout(String name, double rate) {
    this.rate = rate;
    this.site = RandomStreams.key(0, "dropout " + name, 0);
  }

  /** Adds it to the graph; the result has the shape of {@code x}. */
  public Operand<TFloat32> apply(Pass pass, Operand<TFloat32> x) {
    if (!active(pass)) {
      return x;
    }
    return pass.tf().math.mul(x, mask(pass, x));
  }

  /** Whether it does anything in this pass. */
  public boolean active(Pass pass) {
    return pass.training() && rate > 0;
  }

  /**
   * 0 or 1 / (1 - rate) for each value.
   *
   * @param x [batch, tokens, features], features static
   */
  public Operand<TFloat32> mask(Pass pass, Operand<TFloat32> x) {
    Ops tf = pass.tf();
    Operand<TInt32> shape = tf.shape(x);
    Operand<TFloat32> uniform =
        tf.random.statelessRandomUniform(shape, pass.noise(site), TFloat32.class);
    Operand<TFloat32> kept =
        tf.dtypes.cast(tf.math.greaterEqual(uniform, tf.constant((float) rate)), TFloat32.class);
    return tf.math.mul(kept, tf.constant((float) (1 / (1 - rate))));
  }
}
