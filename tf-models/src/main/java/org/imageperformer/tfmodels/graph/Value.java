package org.imageperformer.tfmodels.graph;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/**
 * A tensor of a {@link Pass} that gradients flow back through. Made by the pass's methods; two
 * values are the same only if they are the same object.
 */
public final class Value {

  private final Operand<TFloat32> operand;
  private final boolean constant;

  Value(Operand<TFloat32> operand, boolean constant) {
    this.operand = operand;
    this.constant = constant;
  }

  /** Whether no gradient is wanted for it. */
  boolean constant() {
    return constant;
  }

  /** The tensor in the graph. */
  public Operand<TFloat32> operand() {
    return operand;
  }

  /** Its dimensions; -1 where only a run knows. */
  public Shape shape() {
    return operand.shape();
  }

  /** Its operation's name and its shape, for messages: {@code logits [-1, 10]}. */
  @Override
  public String toString() {
    return operand.op().name() + " " + shape();
  }
}
