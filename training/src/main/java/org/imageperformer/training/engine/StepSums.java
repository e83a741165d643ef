package org.imageperformer.training.engine;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;

/**
 * What the images of one step have added up to.
 *
 * @param gradients of the summed loss, for each trained weight in its shape
 * @param totals [5]: summed loss, images classified rightly, images, processes that were asked to
 *     end, seconds of the run
 * @param single whether each gradient comes from one run and so is a float32 number still, which
 *     travels as such in half of the bytes; sums of many runs keep float64, lest their rounding
 *     depend on who added them up
 */
public record StepSums(
    List<Operand<TFloat64>> gradients, Operand<TFloat64> totals, boolean single) {

  static final long TOTALS = 5;

  /** A sum over processes, in the graph. */
  public interface Sum {
    /**
     * Adds it.
     *
     * @param own a flat vector, of one size in all processes
     * @return the sums, element by element
     */
    <T extends TNumber> Operand<T> of(Operand<T> own);
  }

  /** Takes a copy of the list. */
  public StepSums {
    gradients = List.copyOf(gradients);
  }

  /**
   * Takes everything through as few sums as can be: one large exchange is faster than many small
   * ones.
   *
   * @param tf where operations are added
   * @param sum over all processes; called once, or twice if {@link #single}
   */
  public StepSums through(Ops tf, Sum sum) {
    if (single) {
      // Cast apart: pieces stay in the processor's caches.
      List<Operand<TFloat32>> own =
          gradients.stream()
              .<Operand<TFloat32>>map(x -> tf.dtypes.cast(x, TFloat32.class))
              .toList();
      List<Operand<TFloat64>> all =
          apart(tf, sum.of(flat(tf, own)), own).stream()
              .<Operand<TFloat64>>map(x -> tf.dtypes.cast(x, TFloat64.class))
              .toList();
      return new StepSums(all, sum.of(totals), true);
    }
    List<Operand<TFloat64>> parts = new ArrayList<>(gradients);
    parts.add(totals);
    List<Operand<TFloat64>> all = apart(tf, sum.of(flat(tf, parts)), parts);
    int count = gradients.size();
    return new StepSums(all.subList(0, count), all.get(count), false);
  }

  private static <T extends TNumber> Operand<T> flat(Ops tf, List<Operand<T>> parts) {
    return tf.concat(
        parts.stream().<Operand<T>>map(x -> tf.reshape(x, tf.array(-1))).toList(), tf.constant(0));
  }

  /** The opposite of {@link #flat}; the parts say in which shapes. */
  private static <T extends TNumber> List<Operand<T>> apart(
      Ops tf, Operand<T> flat, List<Operand<T>> parts) {
    List<Shape> shapes = parts.stream().map(Operand::shape).toList();
    long[] sizes = shapes.stream().mapToLong(Shape::size).toArray();
    List<Operand<T>> found = new ArrayList<>();
    tf.splitV(flat, tf.constant(sizes), tf.constant(0), (long) sizes.length)
        .output()
        .forEach(part -> found.add(tf.reshape(part, tf.constant(shapes.get(found.size())))));
    return found;
  }
}
