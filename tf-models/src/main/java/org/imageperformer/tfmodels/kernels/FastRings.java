package org.imageperformer.tfmodels.kernels;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Inputs;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TFloat32;

/**
 * Weighted sums over the rings of {@link Rings}, {@code sum_r w_r(i) S_r(i)}, at a cost that grows
 * with the number of rings and not with its square. With {@code H_k} the pixels k columns away on
 * both sides, {@code H_0 = v},
 *
 * <pre>
 * S_r(z) = S_(r-1)(z - 1) + S_(r-1)(z + 1) - S_(r-2)(z) + H_r(z) - H_(r-2)(z)
 * </pre>
 *
 * for rows z, the ones beyond the image included, of which S_r needs R - 1 - r on either side. The
 * backward pass goes through the same recurrence from the last ring to the first.
 *
 * <p>Inside, an image is [b, g, rows, width * h]: a step of a row is a step in memory.
 */
final class FastRings {

  private final Pass pass;
  private final Ops tf;
  private final int height;
  private final int width;
  private final int rings;
  private final Value v;
  private final long heads;
  private final long features;

  /**
   * Of the rings in an image.
   *
   * @param v values of the pixels, [b, g, p, h]
   */
  FastRings(Pass pass, Rings rings, Value v) {
    this.pass = pass;
    this.tf = pass.tf();
    this.height = rings.height();
    this.width = rings.width();
    this.rings = rings.count();
    this.v = v;
    this.heads = v.shape().get(1);
    this.features = v.shape().get(3);
  }

  /**
   * Adds the sums.
   *
   * @param weights [b, g, p, R]
   * @return [b, g, p, h]
   */
  Value weightedSum(Value weights) {
    List<Operand<TFloat32>> sums = sums(v.operand());
    Map<String, Operand<?>> inputs = new HashMap<>(Map.of("weights", weights.operand()));
    for (int r = 0; r < rings; r++) {
      inputs.put(name(r), sums.get(r));
    }
    Operand<TFloat32> output =
        pass.training()
            ? pass.compiled()
                .callOne(
                    tf,
                    "rings_forward",
                    inputs,
                    (inner, in) -> weighted(inner, in.get("weights"), sums(in)))
            : weighted(tf, weights.operand(), sums);
    return pass.record(
        output,
        (dOutput, gradients) -> {
          inputs.put("dOutput", dOutput);
          List<Operand<TFloat32>> found = // dw, then each dS_r
              pass.compiled().call(tf, "rings_back", inputs, this::weightedBack);
          gradients.add(weights, found.get(0));
          gradients.add(v, adjoint(found.subList(1, found.size())));
        });
  }

  private static String name(int r) {
    return "sum" + r;
  }

  /** S_0 to S_(R-1) as a compiled function was given them. */
  private List<Operand<TFloat32>> sums(Inputs in) {
    return IntStream.range(0, rings).mapToObj(r -> in.get(name(r))).toList();
  }

  private Operand<TFloat32> weighted(
      Ops tf, Operand<TFloat32> weights, List<Operand<TFloat32>> sums) {
    List<Operand<TFloat32>> terms = new ArrayList<>();
    for (int r = 0; r < rings; r++) {
      terms.add(tf.math.mul(sums.get(r), weight(tf, weights, r)));
    }
    return sum(tf, terms);
  }

  private List<Operand<TFloat32>> weightedBack(Ops tf, Inputs in) {
    Operand<TFloat32> dOutput = in.get("dOutput");
    List<Operand<TFloat32>> dWeights = new ArrayList<>(); // each [b, g, p, 1]
    List<Operand<TFloat32>> found = new ArrayList<>();
    for (int r = 0; r < rings; r++) {
      dWeights.add(
          tf.sum(tf.math.mul(dOutput, in.get(name(r))), tf.constant(3), Sum.keepDims(true)));
      found.add(tf.math.mul(dOutput, weight(tf, in.get("weights"), r)));
    }
    found.add(0, rings == 1 ? dWeights.get(0) : tf.concat(dWeights, tf.constant(3)));
    return found;
  }

  /** w_r, [b, g, p, 1]. */
  private Operand<TFloat32> weight(Ops tf, Operand<TFloat32> weights, int r) {
    return tf.slice(
        weights, Dims.of(tf, 0, 0, 0, r), Dims.of(tf, -1, heads, (long) height * width, 1));
  }

  /** S_0 to S_(R-1), each [b, g, p, h]. */
  private List<Operand<TFloat32>> sums(Operand<TFloat32> v) {
    Operand<TFloat32> image = image(v);
    List<Operand<TFloat32>> sides = new ArrayList<>(List.of(image)); // H_k
    List<Operand<TFloat32>> wide = // S_r with R - 1 - r more rows on either side
        new ArrayList<>(List.of(padRows(image, rings - 1, rings - 1)));
    List<Operand<TFloat32>> sums = new ArrayList<>(List.of(v));
    for (int r = 1; r < rings; r++) {
      int beyond = rings - 1 - r;
      int count = height + 2 * beyond;
      sides.add(sides(image, r));
      Operand<TFloat32> before = wide.get(r - 1);
      Operand<TFloat32> next = tf.math.add(rows(before, 0, count), rows(before, 2, count));
      Operand<TFloat32> side = sides.get(r);
      if (r >= 2) {
        next = tf.math.sub(next, rows(wide.get(r - 2), 2, count));
        side = tf.math.sub(side, sides.get(r - 2));
      }
      wide.add(tf.math.add(next, padRows(side, beyond, beyond)));
      sums.add(pixels(rows(wide.get(r), beyond, height)));
    }
    return sums;
  }

  /** The gradient with respect to v, [b, g, p, h], from those with respect to the S_r. */
  private Operand<TFloat32> adjoint(List<Operand<TFloat32>> dSums) {
    List<Operand<TFloat32>> found = new ArrayList<>();
    Operand<TFloat32> after = null; // of S_(r+1), with R - 2 - r more rows on either side
    Operand<TFloat32> afterThat = null; // of S_(r+2), with R - 3 - r more rows
    for (int r = rings - 1; r >= 0; r--) {
      int beyond = rings - 1 - r;
      Operand<TFloat32> wide = padRows(image(dSums.get(r)), beyond, beyond);
      if (after != null) {
        wide = sum(tf, List.of(wide, padRows(after, 0, 2), padRows(after, 2, 0)));
      }
      if (afterThat != null) {
        wide = tf.math.sub(wide, padRows(afterThat, 2, 2));
      }
      Operand<TFloat32> side = rows(wide, beyond, height); // of H_r
      if (afterThat != null) {
        side = tf.math.sub(side, rows(afterThat, beyond - 2, height));
      }
      found.add(r == 0 ? side : sides(side, r));
      afterThat = after;
      after = wide;
    }
    return pixels(sum(tf, found));
  }

  /** The sum of the pixels k columns to the left and to the right, zero beyond the image. */
  private Operand<TFloat32> sides(Operand<TFloat32> image, int k) {
    if (k >= width) {
      return tf.zerosLike(image);
    }
    long shift = k * features;
    Operand<TFloat32> padded = pad(image, 3, shift, shift);
    return tf.math.add(columns(padded, 0), columns(padded, 2 * shift));
  }

  private Operand<TFloat32> columns(Operand<TFloat32> x, long first) {
    return tf.slice(
        x, Dims.of(tf, 0, 0, 0, first), Dims.of(tf, -1, heads, height, width * features));
  }

  private Operand<TFloat32> rows(Operand<TFloat32> x, int first, int count) {
    return tf.slice(
        x, Dims.of(tf, 0, 0, first, 0), Dims.of(tf, -1, heads, count, width * features));
  }

  private Operand<TFloat32> padRows(Operand<TFloat32> x, int above, int below) {
    return pad(x, 2, above, below);
  }

  private Operand<TFloat32> pad(Operand<TFloat32> x, int axis, long before, long after) {
    if (before == 0 && after == 0) {
      return x;
    }
    int[][] paddings = new int[4][2];
    paddings[axis] = new int[] {Math.toIntExact(before), Math.toIntExact(after)};
    return tf.pad(x, tf.constant(paddings), tf.constant(0f));
  }

  private static Operand<TFloat32> sum(Ops tf, List<Operand<TFloat32>> terms) {
    return terms.size() == 1 ? terms.get(0) : tf.math.addN(terms);
  }

  /** [b, g, p, h] to [b, g, height, width * h]. */
  private Operand<TFloat32> image(Operand<TFloat32> pixels) {
    return tf.reshape(pixels, Dims.of(tf, -1, heads, height, width * features));
  }

  /** And back. */
  private Operand<TFloat32> pixels(Operand<TFloat32> image) {
    return tf.reshape(image, Dims.of(tf, -1, heads, (long) height * width, features));
  }
}
