package org.imageperformer.training.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * What the images of one step have added up to.
 *
 * @param gradients of the summed loss, for each trained weight in its shape
 * @param totals [5]: summed loss, images classified rightly, images, processes that were asked to
 *     end, seconds of the run
 */
public record StepSums(List<Operand<TFloat32>> gradients, Operand<TFloat64> totals) {

  static final long TOTALS = 5;

  /** Takes a copy of the list. */
  public StepSums {
    gradients = List.copyOf(gradients);
  }

  /**
   * Takes all sums through one function.
   *
   * @param function from and to one flat vector, element by element a sum: all gradients, and the
   *     totals as two float32 numbers each, which together keep the digits of the totals
   */
  public StepSums through(Ops tf, UnaryOperator<Operand<TFloat32>> function) {
    Operand<TFloat32> high = tf.dtypes.cast(totals, TFloat32.class);
    Operand<TFloat64> rest = tf.math.sub(totals, tf.dtypes.cast(high, TFloat64.class));
    List<Operand<TFloat32>> parts = new ArrayList<>(gradients);
    parts.add(high);
    parts.add(tf.dtypes.cast(rest, TFloat32.class));
    List<Shape> shapes = new ArrayList<>();
    gradients.forEach(gradient -> shapes.add(gradient.shape()));
    shapes.add(Shape.of(TOTALS));
    shapes.add(Shape.of(TOTALS));

    Operand<TFloat32> flat =
        tf.concat(
            parts.stream().<Operand<TFloat32>>map(x -> tf.reshape(x, tf.array(-1))).toList(),
            tf.constant(0));
    List<Operand<TFloat32>> found = new ArrayList<>();
    long[] sizes = shapes.stream().mapToLong(Shape::size).toArray();
    tf.splitV(function.apply(flat), tf.constant(sizes), tf.constant(0), (long) sizes.length)
        .output()
        .forEach(part -> found.add(tf.reshape(part, tf.constant(shapes.get(found.size())))));
    int count = gradients.size();
    return new StepSums(
        found.subList(0, count),
        tf.math.add(
            tf.dtypes.cast(found.get(count), TFloat64.class),
            tf.dtypes.cast(found.get(count + 1), TFloat64.class)));
  }
}
