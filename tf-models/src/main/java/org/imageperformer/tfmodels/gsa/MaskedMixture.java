package org.imageperformer.tfmodels.gsa;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.imageperformer.tfmodels.graph.CompiledFunctions;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Inputs;
import org.imageperformer.tfmodels.kernels.DropoutMask;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * {@link Mixture} with dropout, as functions that XLA compiles: mask, products and sum are one
 * loop, and nothing of the size V G M D is ever in memory.
 */
final class MaskedMixture implements Mixture {

  private static final int V = 0;
  private static final int G = 1;
  private static final int M = 2;

  private final Ops tf;
  private final CompiledFunctions compiled;
  private final DropoutMask mask;
  private final Operand<TInt32> key;
  private final Operand<TInt32> first;
  private final long[] sizes; // of V, G, M
  private final long keys; // D

  /**
   * @param key of the mask in this pass
   * @param first number of the chunk's first query among those of all images and heads, a scalar
   * @param outputs V
   * @param queries G = M
   * @param keys D
   */
  MaskedMixture(
      Ops tf,
      CompiledFunctions compiled,
      DropoutMask mask,
      Operand<TInt32> key,
      Operand<TInt32> first,
      long outputs,
      long queries,
      long keys) {
    this.tf = tf;
    this.compiled = compiled;
    this.mask = mask;
    this.key = key;
    this.first = first;
    this.sizes = new long[] {outputs, queries, queries};
    this.keys = keys;
  }

  @Override
  public Operand<TFloat32> overQueries(Operand<TFloat32> y, Operand<TFloat32> x) {
    return sum("gsa_over_queries", G, y, 1, x, 1, V, M);
  }

  @Override
  public Operand<TFloat32> overKeys(Operand<TFloat32> x, Operand<TFloat32> a) {
    return sum("gsa_over_keys", M, x, 2, a, 2, G, V);
  }

  @Override
  public Operand<TFloat32> overOutputs(Operand<TFloat32> y, Operand<TFloat32> a) {
    return sum("gsa_over_outputs", V, y, 2, a, 1, G, M);
  }

  /** Probabilities [n, V, G, M D] after dropout. */
  Operand<TFloat32> apply(Operand<TFloat32> probabilities) {
    return compiled.callOne(
        tf,
        "gsa_mask_" + mask.rate(),
        Map.of("p", probabilities, "key", key, "first", first),
        (inner, in) -> {
          Operand<TFloat32> p = in.get("p");
          Operand<TInt32> positions =
              inner.math.add(
                  rows(inner, in, p.shape().get(0)),
                  inner.reshape(
                      range(inner, p.shape().size() / p.shape().get(0)),
                      Dims.of(inner, 1, p.shape().get(1), p.shape().get(2), p.shape().get(3))));
          return inner.math.mul(p, mask.factors(inner, positions, in.int32("key")));
        });
  }

  /**
   * The sum over one of V, G and M of the products of what remains of left and right.
   *
   * @param leftAxis where the left operand has it
   * @param rightAxis where the right one has it
   * @param row the axis that comes second in the result, the left operand's own
   * @param column the axis that comes third, the right operand's own
   */
  private Operand<TFloat32> sum(
      String name,
      int over,
      Operand<TFloat32> left,
      int leftAxis,
      Operand<TFloat32> right,
      int rightAxis,
      int row,
      int column) {
    return compiled.callOne(
        tf,
        name + "_" + mask.rate(),
        Map.of("left", left, "right", right, "key", key, "first", first),
        (inner, in) -> {
          long[] strides = {sizes[G] * sizes[M] * keys, sizes[M] * keys, keys};
          Operand<TInt32> positions = // of the first term, [n, row, column, D]
              inner.math.add(
                  rows(inner, in, left.shape().get(0)),
                  inner.math.add(
                      inner.math.add(
                          along(inner, sizes[row], strides[row], 1),
                          along(inner, sizes[column], strides[column], 2)),
                      along(inner, keys, 1, 3)));
          List<Operand<TFloat32>> terms = new ArrayList<>();
          for (int i = 0; i < sizes[over]; i++) {
            Operand<TInt32> at =
                inner.math.add(positions, inner.constant(Math.toIntExact(i * strides[over])));
            terms.add(
                inner.math.mul(
                    inner.math.mul(
                        inner.expandDims(
                            part(inner, in.get("left"), leftAxis, i), inner.constant(2)),
                        inner.expandDims(
                            part(inner, in.get("right"), rightAxis, i), inner.constant(1))),
                    mask.factors(inner, at, in.int32("key"))));
          }
          return terms.size() == 1 ? terms.get(0) : inner.math.addN(terms);
        });
  }

  /** Where the probabilities of each query begin, [n, 1, 1, 1]. */
  private Operand<TInt32> rows(Ops inner, Inputs in, long count) {
    Operand<TInt32> numbers = inner.math.add(range(inner, count), in.int32("first"));
    return inner.reshape(
        inner.math.mul(
            numbers, inner.constant(Math.toIntExact(sizes[V] * sizes[G] * sizes[M] * keys))),
        Dims.of(inner, count, 1, 1, 1));
  }

  /** Multiples of the stride along one of four axes. */
  private static Operand<TInt32> along(Ops inner, long size, long stride, int axis) {
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
