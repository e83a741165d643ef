package org.imageperformer.tfmodels.layers;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.op.Ops;

/**
 * The largest value of each channel in a {@link Window}, beyond the edges zero: with padding, for
 * maps that are nowhere negative, such as those behind a ReLU.
 *
 * @param window what moves over the image
 */
public record MaxPool(Window window) {
  /** Of each 2x2 pixels; an odd last row or column is dropped. */
  public static final MaxPool HALF = new MaxPool(new Window(2, 2, 0));

  /**
   * Adds the pooling to the graph.
   *
   * @param x [batch, rows, columns, channels]
   * @return [batch, {@linkplain Window#places places} of the rows, of the columns, channels]
   */
  public Value apply(Pass pass, Value x) {
    Ops tf = pass.tf();
    return pass.apply(
        x,
        maps ->
            tf.nn.maxPool(
                window.pad(tf, maps),
                tf.constant(new int[] {1, window.size(), window.size(), 1}),
                tf.constant(new int[] {1, window.stride(), window.stride(), 1}),
                "VALID"));
  }
}
