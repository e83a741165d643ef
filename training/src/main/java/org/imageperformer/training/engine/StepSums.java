package org.imageperformer.training.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/**
 * What the images of one step have added up to.
 *
 * @param gradients of the summed loss, for each trained weight in its shape
 * @param totals [5]: summed loss, images classified rightly, images, processes that were asked to
 *     end, seconds of the run
 */
public record StepSums(List<Operand<TFloat64>> gradients, Operand<TFloat64> totals) {

  static final long TOTALS = 5;

  /** Takes a copy of the list. */
  public StepSums {
    gradients = List.copyOf(gradients);
  }

  /**
   * Takes all sums through one function.
   *
   * @param function from and to one flat vector, element by element a sum
   */
  public StepSums through(Ops tf, UnaryOperator<Operand<TFloat64>> function) {
    List<Operand<TFloat64>> parts = new ArrayList<>(gradients);
    parts.add(totals);
    List<Shape> shapes = new ArrayList<>();
    gradients.forEach(gradient -> shapes.add(gradient.shape()));
    shapes.add(Shape.of(TOTALS));

    Operand<TFloat64> flat =
        tf.concat(
            parts.stream().<Operand<TFloat64>>map(x -> tf.reshape(x, tf.array(-1))).toList(),
            tf.constant(0));
    List<Operand<TFloat64>> found = new ArrayList<>();
    long[] sizes = shapes.stream().mapToLong(Shape::size).toArray();
    tf.splitV(function.apply(flat), tf.constant(sizes), tf.constant(0), (long) sizes.length)
        .output()
        .forEach(part -> found.add(tf.reshape(part, tf.constant(shapes.get(found.size())))));
    int count = gradients.size();
    return new StepSums(found.subList(0, count), found.get(count));
  }
}
