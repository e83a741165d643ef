package org.imageperformer.tfmodels.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * A function applied to one chunk of the work after the other, so that what it computes in between
 * stays in the caches and memory does not grow with the work. Chunks run on as many threads as the
 * session has. Nothing is differentiated: the backward pass is another such function.
 */
public final class Chunks {

  /** What is done for one chunk. */
  @FunctionalInterface
  public interface Body {

    /**
     * Adds the operations of one chunk.
     *
     * @param tf of the function
     * @param chunk its number, a scalar
     * @param shared what all chunks have in common, by name
     * @return the chunk's results
     */
    List<Operand<TFloat32>> apply(Ops tf, Operand<TInt32> chunk, Inputs shared);
  }

  private Chunks() {}

  /**
   * Adds the loop.
   *
   * @param count of chunks, a scalar
   * @param shared by the names under which the body finds them
   * @param shapes of the results of one chunk
   * @return the results of all chunks, with the chunk as first axis
   */
  public static List<Operand<TFloat32>> map(
      Ops tf,
      Operand<TInt32> count,
      Map<String, ? extends Operand<?>> shared,
      List<Shape> shapes,
      Body body) {
    SortedMap<String, Operand<?>> sorted = new TreeMap<>(shared);
    List<Class<TFloat32>> types = shapes.stream().map(shape -> TFloat32.class).toList();
    try (ConcreteFunction function =
        ConcreteFunction.create(inner -> define(inner, sorted, body))) {
      List<Operand<TFloat32>> found = new ArrayList<>();
      tf.mapDefun(
              List.of(tf.range(tf.constant(0), count, tf.constant(1))),
              List.copyOf(sorted.values()),
              List.copyOf(types),
              shapes,
              function)
          .forEach(result -> found.add(float32(result)));
      return found;
    }
  }

  private static Signature define(Ops tf, SortedMap<String, Operand<?>> shared, Body body) {
    Signature.Builder signature = Signature.builder();
    Placeholder<TInt32> chunk = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    signature.input("chunk", chunk);
    Map<String, Operand<?>> inside = new TreeMap<>();
    shared.forEach(
        (name, operand) -> {
          Placeholder<?> placeholder = placeholder(tf, operand);
          signature.input(name, placeholder);
          inside.put(name, placeholder);
        });
    List<Operand<TFloat32>> results = body.apply(tf, chunk, new Inputs(inside));
    for (int i = 0; i < results.size(); i++) {
      signature.output("out" + i, results.get(i));
    }
    return signature.build();
  }

  private static <T extends TType> Placeholder<T> placeholder(Ops tf, Operand<T> like) {
    return tf.placeholder(like.type(), Placeholder.shape(like.shape()));
  }

  @SuppressWarnings("unchecked") // As it was asked for.
  private static Operand<TFloat32> float32(Operand<?> result) {
    return (Operand<TFloat32>) result;
  }
}
