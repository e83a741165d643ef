package org.imageperformer.tfmodels.gsa;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.imageperformer.tfmodels.graph.CompiledFunctions;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Inputs;
import org.imageperformer.tfmodels.kernels.DropoutMask;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * {@link Mixture} in training, as functions that XLA compiles: mask, products and sum are one loop,
 * and nothing of the size V G M D is ever in memory. The mask's rows are the probabilities of one
 * (query, v, g).
 */
final class CompiledMixture implements Mixture {

  private enum Axis {
    V,
    G,
    M
  }

  /**
   * The mask in this pass.
   *
   * @param key its random words
   * @param first number of the chunk's first query among those of all images and heads, a scalar
   */
  record Mask(DropoutMask mask, Operand<TInt32> key, Operand<TInt32> first) {}

  private final Ops tf;
  private final CompiledFunctions compiled;
  private final Optional<Mask> mask;
  private final long outputs; // V
  private final long queries; // G = M

  CompiledMixture(
      Ops tf, CompiledFunctions compiled, Optional<Mask> mask, long outputs, long queries) {
    this.tf = tf;
    this.compiled = compiled;
    this.mask = mask;
    this.outputs = outputs;
    this.queries = queries;
  }

  @Override
  public Operand<TFloat32> overQueries(Operand<TFloat32> y, Operand<TFloat32> x) {
    return sum(Axis.G, y, 1, x, 1, Axis.V, Axis.M);
  }

  @Override
  public Operand<TFloat32> overKeys(Operand<TFloat32> x, Operand<TFloat32> a) {
    return sum(Axis.M, x, 2, a, 2, Axis.G, Axis.V);
  }

  @Override
  public Operand<TFloat32> overOutputs(Operand<TFloat32> y, Operand<TFloat32> a) {
    return sum(Axis.V, y, 2, a, 1, Axis.G, Axis.M);
  }

  /** Probabilities [n, V, G, M D] after dropout. */
  Operand<TFloat32> apply(Operand<TFloat32> probabilities) {
    if (mask.isEmpty()) {
      return probabilities;
    }
    long[] sizes = probabilities.shape().asArray();
    return call(
        "gsa_mask",
        Map.of("p", probabilities),
        (inner, in) ->
            inner.math.mul(
                in.get("p"),
                factors(
                    inner,
                    in,
                    inner.reshape(
                        range(inner, sizes[0] * sizes[1] * sizes[2]),
                        Dims.of(inner, sizes[0], sizes[1], sizes[2], 1)),
                    range(inner, sizes[3]))));
  }

  /**
   * The sum over one of V, G and M of the products of what remains of left and right.
   *
   * @param leftAxis where the left operand has it
   * @param rightAxis where the right one has it
   * @param second the left operand's own axis, which comes second in the result
   * @param third the right operand's own axis
   */
  private Operand<TFloat32> sum(
      Axis over,
      Operand<TFloat32> left,
      int leftAxis,
      Operand<TFloat32> right,
      int rightAxis,
      Axis second,
      Axis third) {
    long count = left.shape().get(0);
    long keys = left.shape().get(3);
    long terms = size(over);
    return call(
        "gsa_sum_over_" + over + "_" + outputs + "_" + queries,
        Map.of("left", left, "right", right),
        (inner, in) -> {
          Operand<TInt32> rows = // of the first term
              inner.math.add(
                  along(inner, 0, count, outputs * queries),
                  along(inner, 1, size(second), rowStride(second)));
          Operand<TInt32> columns = along(inner, 3, keys, 1);
          if (third == Axis.M) {
            columns = inner.math.add(columns, along(inner, 2, queries, keys));
          } else {
            rows = inner.math.add(rows, along(inner, 2, size(third), rowStride(third)));
          }
          List<Operand<TFloat32>> found = new ArrayList<>();
          for (int i = 0; i < terms; i++) {
            Operand<TFloat32> product =
                inner.math.mul(
                    inner.expandDims(part(inner, in.get("left"), leftAxis, i), inner.constant(2)),
                    inner.expandDims(
                        part(inner, in.get("right"), rightAxis, i), inner.constant(1)));
            found.add(
                mask.isEmpty()
                    ? product
                    : inner.math.mul(
                        product,
                        factors(
                            inner,
                            in,
                            plus(inner, rows, i * rowStride(over)),
                            plus(inner, columns, over == Axis.M ? i * keys : 0))));
          }
          return found.size() == 1 ? found.get(0) : inner.math.addN(found);
        });
  }

  private Operand<TFloat32> call(
      String name,
      Map<String, Operand<TFloat32>> inputs,
      BiFunction<Ops, Inputs, Operand<TFloat32>> body) {
    Map<String, Operand<?>> all = new HashMap<>(inputs);
    mask.ifPresent(
        given -> {
          all.put("key", given.key());
          all.put("first", given.first());
        });
    String rate = mask.map(given -> "_" + given.mask().rate()).orElse("");
    return compiled.callOne(tf, name + rate, all, body);
  }

  private Operand<TFloat32> factors(
      Ops inner, Inputs in, Operand<TInt32> rows, Operand<TInt32> columns) {
    Operand<TInt32> before =
        inner.math.mul(in.int32("first"), inner.constant(Math.toIntExact(outputs * queries)));
    return mask.get().mask().factors(inner, inner.math.add(rows, before), columns, in.int32("key"));
  }

  private long size(Axis axis) {
    return axis == Axis.V ? outputs : queries;
  }

  /** By how much the mask's row grows along an axis. */
  private long rowStride(Axis axis) {
    return switch (axis) {
      case V -> queries;
      case G -> 1;
      case M -> 0;
    };
  }

  private static Operand<TInt32> plus(Ops inner, Operand<TInt32> x, long number) {
    return inner.math.add(x, inner.constant(Math.toIntExact(number)));
  }

  /** Multiples of the stride along one of four axes. */
  private static Operand<TInt32> along(Ops inner, int axis, long size, long stride) {
    long[] shape = {1, 1, 1, 1};
    shape[axis] = size;
    return inner.reshape(
        inner.math.mul(range(inner, size), inner.constant(Math.toIntExact(stride))),
        Dims.of(inner, shape));
  }

  private static Operand<TInt32> range(Ops inner, long size) {
    return inner.range(inner.constant(0), inner.constant(Math.toIntExact(size)), inner.constant(1));
  }

  /** One entry along an axis of [n, A, B, D]: [n, the other, D]. */
  private static Operand<TFloat32> part(Ops inner, Operand<TFloat32> x, int axis, int index) {
    long[] begin = {0, 0, 0, 0};
    long[] size = x.shape().asArray();
    begin[axis] = index;
    size[axis] = 1;
    long[] left = {size[0], size[3 - axis], size[3]};
    return inner.reshape(
        inner.slice(x, Dims.of(inner, begin), Dims.of(inner, size)), Dims.of(inner, left));
  }
}
