package org.imageperformer.tfmodels.gsa;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.imageperformer.tfmodels.graph.CompiledFunctions;
import org.imageperformer.tfmodels.graph.CompiledLoop;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Inputs;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Local attention of one strip without dropout, as a function that XLA compiles. In the {@linkplain
 * StripLayout layout} with positions as last axis every sum over features, elements or offsets is
 * written out, and what remains are loops over positions of whole vectors.
 *
 * <p>With exponentials of what remains of the scores without their largest,
 *
 * <pre>
 * x_(g, m, d) = exp(content - max_m content),  y_(g, v, d) = exp(position + max_m content - top),
 * softmax_(m, d)(content + position) = x y / sum_d y sum_m x,
 * </pre>
 *
 * the factors of {@link FactorisedProbabilities}, normalised together.
 *
 * <p>Axes: P positions, V output elements, G query elements, M key elements, D offsets, c features
 * of a head, 2e of them for positions.
 */
final class CompiledStrip {

  private final CompiledFunctions compiled;
  private final StripLayout layout;
  private final int outputs; // V
  private final int elements; // G = M
  private final int features; // c
  private final int position; // 2e

  /** The function for strips of one attention. */
  CompiledStrip(
      CompiledFunctions compiled,
      StripLayout layout,
      long outputs,
      long elements,
      long features,
      long position) {
    this.compiled = compiled;
    this.layout = layout;
    this.outputs = Math.toIntExact(outputs);
    this.elements = Math.toIntExact(elements);
    this.features = Math.toIntExact(features);
    this.position = Math.toIntExact(position);
  }

  /**
   * Adds the attention.
   *
   * @param in {@code q} [n, G c], {@code k} and {@code v} [tall, wide, M c], {@code codes} [V, D,
   *     2e], {@code strip} the strip's number, a scalar; {@code group} [n, G M] unless lifting
   * @return [n, V c]
   */
  Operand<TFloat32> attend(Ops tf, Map<String, Operand<?>> in) {
    // The shapes of the inputs, which tell functions apart, say nothing of the image's height.
    return compiled.callOne(
        tf,
        "gsa_attention_" + layout.height(),
        in,
        (inner, given) -> new Definition(inner, given).output());
  }

  /** The function while it is defined. */
  private final class Definition {

    private final Ops tf;
    private final Inputs in;

    Definition(Ops tf, Inputs in) {
      this.tf = tf;
      this.in = in;
    }

    Operand<TFloat32> output() {
      Operand<TFloat32> q = split(layout.byPosition(tf, in.get("q")), elements);
      Operand<TFloat32> content = content(q);
      Operand<TFloat32> x =
          over(
              Map.of("content", content),
              Shape.of(elements, elements, layout.positions()),
              (t, offset, given) -> {
                Operand<TFloat32> one = CompiledLoop.part(t, given.get("content"), offset);
                return t.math.exp(t.math.sub(one, t.expandDims(largest(t, one), t.constant(1))));
              });
      Operand<TFloat32> y = y(scores(q, content), x);
      Operand<TFloat32> summed =
          over(
              Map.of("x", x, "y", y),
              Shape.of(outputs, elements, layout.positions()),
              (t, offset, given) ->
                  t.math.addN(
                      products(
                          t,
                          unstack(t, CompiledLoop.part(t, given.get("y"), offset), 1),
                          unstack(t, CompiledLoop.part(t, given.get("x"), offset), 0))));
      return layout.byQuery(tf, merge(values(summed)));
    }

    /** Products of queries and keys, and the group's part of the scores, [D, G, M, P]. */
    private Operand<TFloat32> content(Operand<TFloat32> q) {
      Map<String, Operand<?>> inputs = new HashMap<>();
      inputs.put("q", q);
      inputs.put("k", split(layout.byPlace(tf, in.get("k")), elements));
      if (in.has("group")) {
        inputs.put("group", split(layout.byPosition(tf, in.get("group")), elements));
      }
      return over(
          inputs,
          Shape.of(elements, elements, layout.positions()),
          (t, offset, given) -> {
            List<Operand<TFloat32>> terms =
                products(
                    t,
                    unstack(t, given.get("q"), 1),
                    unstack(t, keys(t, given.get("k"), layout.place(t, offset), 0), 1));
            if (given.has("group")) {
              terms.add(given.get("group"));
            }
            return t.math.addN(terms);
          });
    }

    /** Of the positions, with the largest content, [D, V, G, P]. */
    private Operand<TFloat32> scores(Operand<TFloat32> q, Operand<TFloat32> content) {
      Operand<TFloat32> codes =
          tf.linalg.transpose(in.get("codes"), tf.constant(new int[] {1, 0, 2}));
      return over(
          Map.of(
              "codes",
              codes,
              "columns",
              columnsInImage(),
              "content",
              content,
              "q",
              tf.slice(
                  q, Dims.of(tf, 0, 0, 0), Dims.of(tf, elements, position, layout.positions())),
              "rows",
              rowsInImage()),
          Shape.of(outputs, elements, layout.positions()),
          (t, offset, given) -> {
            Operand<TFloat32> ofOffset = // [V, 2e, 1]
                t.expandDims(CompiledLoop.part(t, given.get("codes"), offset), t.constant(2));
            List<Operand<TFloat32>> terms =
                products(t, unstack(t, ofOffset, 1), unstack(t, given.get("q"), 1));
            terms.add(largest(t, CompiledLoop.part(t, given.get("content"), offset)));
            terms.add(CompiledLoop.part(t, given.get("rows"), layout.row(t, offset)));
            terms.add(CompiledLoop.part(t, given.get("columns"), layout.column(t, offset)));
            return fold(terms, t.math::add);
          });
    }

    /** Exponentials of the scores, so that those times x have the sum 1, [D, V, G, P]. */
    private Operand<TFloat32> y(Operand<TFloat32> scores, Operand<TFloat32> x) {
      Shape shape = Shape.of(outputs, elements, layout.positions());
      Operand<TFloat32> powers =
          over(
              Map.of("scores", scores, "top", fold(unstack(tf, scores, 0), tf.math::maximum)),
              shape,
              (t, offset, given) ->
                  t.math.exp(
                      t.math.sub(
                          CompiledLoop.part(t, given.get("scores"), offset), given.get("top"))));
      List<Operand<TFloat32>> ofOffset = unstack(tf, powers, 0);
      List<Operand<TFloat32>> totals = // of x, D of [G, P]
          unstack(tf, fold(unstack(tf, x, 2), tf.math::add), 0);
      List<Operand<TFloat32>> terms = new ArrayList<>();
      for (int i = 0; i < ofOffset.size(); i++) {
        terms.add(tf.math.mul(ofOffset.get(i), tf.expandDims(totals.get(i), tf.constant(0))));
      }
      return over(
          Map.of("powers", powers, "share", tf.math.reciprocal(tf.math.addN(terms))),
          shape,
          (t, offset, given) ->
              t.math.mul(CompiledLoop.part(t, given.get("powers"), offset), given.get("share")));
    }

    /**
     * The sum of the values, first of each row of offsets: [V, c, P].
     *
     * @param summed probabilities, [D, V, M, P]
     */
    private Operand<TFloat32> values(Operand<TFloat32> summed) {
      Operand<TFloat32> byRow =
          CompiledLoop.collect(
              tf,
              layout.side(),
              Map.of("summed", summed, "v", split(layout.byPlace(tf, in.get("v")), elements)),
              Shape.of(outputs, features, layout.positions()),
              (t, row, given) -> {
                Operand<TInt32> first = t.math.mul(row, t.constant(layout.side()));
                Operand<TFloat32> values =
                    keys(t, given.get("v"), layout.place(t, first), layout.side() - 1);
                List<Operand<TFloat32>> terms = new ArrayList<>();
                for (int column = 0; column < layout.side(); column++) {
                  Operand<TInt32> offset = t.math.add(first, t.constant(column));
                  terms.addAll(
                      products(
                          t,
                          unstack(t, CompiledLoop.part(t, given.get("summed"), offset), 1),
                          unstack(t, from(t, values, column), 0)));
                }
                return t.math.addN(terms);
              });
      return fold(unstack(tf, byRow, 0), tf.math::add);
    }

    /** 0, or minus infinity where a row of offsets leads out of the image, [side, P]. */
    private Operand<TFloat32> rowsInImage() {
      int[] rows = new int[layout.side() * layout.positions()];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = layout.row(i % layout.positions()) + i / layout.positions() - layout.radius();
      }
      Operand<TInt32> inImage =
          tf.math.add(
              tf.reshape(tf.constant(rows), Dims.of(tf, layout.side(), layout.positions())),
              tf.math.mul(in.int32("strip"), tf.constant(layout.rows())));
      return tf.select(
          tf.math.logicalAnd(
              tf.math.greaterEqual(inImage, tf.constant(0)),
              tf.math.less(inImage, tf.constant(layout.height()))),
          tf.constant(0f),
          tf.constant(Float.NEGATIVE_INFINITY));
    }

    /** 0, or minus infinity where a column of offsets leads out of the image, [side, P]. */
    private Operand<TFloat32> columnsInImage() {
      float[] found = new float[layout.side() * layout.positions()];
      for (int i = 0; i < found.length; i++) {
        int query = layout.column(i % layout.positions());
        int key = query + i / layout.positions() - layout.radius();
        boolean outside = key < 0 || key >= layout.width();
        // A position of no query, which is left out later, would have no key at all.
        found[i] = query < layout.width() && outside ? Float.NEGATIVE_INFINITY : 0;
      }
      return tf.constant(Shape.of(layout.side(), layout.positions()), DataBuffers.of(found));
    }

    /** A loop over the offsets. */
    private Operand<TFloat32> over(
        Map<String, ? extends Operand<?>> inputs, Shape shape, CompiledLoop.Body body) {
      return CompiledLoop.collect(tf, layout.side() * layout.side(), inputs, shape, body);
    }

    /** [k, P] to [first, k / first, P]. */
    private Operand<TFloat32> split(Operand<TFloat32> x, long first) {
      long[] shape = x.shape().asArray();
      return tf.reshape(x, Dims.of(tf, first, shape[0] / first, shape[1]));
    }

    /** [a, b, P] to [a b, P]. */
    private Operand<TFloat32> merge(Operand<TFloat32> x) {
      long[] shape = x.shape().asArray();
      return tf.reshape(x, Dims.of(tf, shape[0] * shape[1], shape[2]));
    }
  }

  /** The keys or values from a place on, [M, c, P + more]. */
  private Operand<TFloat32> keys(Ops tf, Operand<TFloat32> all, Operand<TInt32> place, int more) {
    return tf.slice(
        all,
        tf.stack(List.of(tf.constant(0), tf.constant(0), place)),
        Dims.of(tf, elements, features, (long) layout.positions() + more));
  }

  /** As many places as there are positions, from one on. */
  private Operand<TFloat32> from(Ops tf, Operand<TFloat32> keys, int first) {
    return tf.slice(
        keys, Dims.of(tf, 0, 0, first), Dims.of(tf, elements, features, layout.positions()));
  }

  /** The largest over m of [G, M, P]. */
  private static Operand<TFloat32> largest(Ops tf, Operand<TFloat32> content) {
    return fold(unstack(tf, content, 1), tf.math::maximum);
  }

  /** The products of each [A, P], or [A, 1], with each [B, P]: [A, B, P]. */
  private static List<Operand<TFloat32>> products(
      Ops tf, List<Operand<TFloat32>> left, List<Operand<TFloat32>> right) {
    List<Operand<TFloat32>> products = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      products.add(
          tf.math.mul(
              tf.expandDims(left.get(i), tf.constant(1)),
              tf.expandDims(right.get(i), tf.constant(0))));
    }
    return products;
  }

  private static List<Operand<TFloat32>> unstack(Ops tf, Operand<TFloat32> x, int axis) {
    return List.copyOf(tf.unstack(x, x.shape().get(axis), Unstack.axis((long) axis)).output());
  }

  private static Operand<TFloat32> fold(
      List<Operand<TFloat32>> terms, BinaryOperator<Operand<TFloat32>> step) {
    return terms.stream().reduce(step).orElseThrow();
  }
}
