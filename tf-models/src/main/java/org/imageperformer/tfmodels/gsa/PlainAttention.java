package org.imageperformer.tfmodels.gsa;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Inputs;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The attention as its formula states it, with every score in memory: the definition (gsa.md
 * section 3).
 *
 * <p>Axes: b batch, H heads, P pixels, V output elements, G query elements, M key elements, D keys
 * of a query, c features of a head.
 */
final class PlainAttention {

  private final Pass pass;
  private final Ops tf;
  private final AttentionSpec spec;
  private final Neighbours neighbours;
  private final long queries; // G = M
  private final long outputs; // V
  private final long position; // features for rows and columns

  private PlainAttention(Pass pass, AttentionSpec spec, AttentionSpec.Tensors tensors) {
    this.pass = pass;
    this.tf = pass.tf();
    this.spec = spec;
    this.neighbours = spec.neighbours();
    this.queries = tensors.q().shape().get(3);
    this.outputs = spec.group().order();
    this.position = tensors.codes().shape().get(2);
  }

  static Value attend(Pass pass, AttentionSpec spec, AttentionSpec.Tensors tensors) {
    return new PlainAttention(pass, spec, tensors).attend(tensors);
  }

  private Value attend(AttentionSpec.Tensors tensors) {
    Map<String, Value> inputs =
        new TreeMap<>(Map.of("q", tensors.q(), "k", tensors.k(), "codes", tensors.codes()));
    tensors.table().ifPresent(table -> inputs.put("table", table));
    Value probabilities = pass.apply(inputs, this::probabilities); // [b H P, V, G, M D]
    return pass.apply(masked(probabilities), tensors.v(), this::weightedValues);
  }

  /** Dropout; the mask's rows are the probabilities of one (query, v, g). */
  private Value masked(Value probabilities) {
    if (!spec.dropout().active(pass)) {
      return probabilities;
    }
    Operand<TInt32> rows =
        tf.math.div(
            tf.size(probabilities.operand()),
            tf.constant(Math.toIntExact(queries * neighbours.keys())));
    Operand<TInt32> key = spec.dropout().key(pass, rows);
    return pass.apply(
        probabilities,
        values -> {
          Operand<TFloat32> flat = // [b H P V G, M D]
              tf.reshape(values, Dims.of(tf, -1, queries * neighbours.keys()));
          Operand<TInt32> shape = tf.shape(flat);
          return tf.math.mul(
              values,
              tf.reshape(
                  spec.dropout()
                      .factors(
                          tf,
                          tf.expandDims(range(size(shape, 0)), tf.constant(1)),
                          range(size(shape, 1)),
                          key),
                  tf.shape(values)));
        });
  }

  private Operand<TInt32> size(Operand<TInt32> shape, int axis) {
    return tf.gather(shape, tf.constant(axis), tf.constant(0));
  }

  private Operand<TInt32> range(Operand<TInt32> size) {
    return tf.range(tf.constant(0), size, tf.constant(1));
  }

  private Operand<TFloat32> probabilities(Inputs in) {
    Operand<TFloat32> q = // [b, H, P, G, c]
        tf.math.mul(byHead(in.get("q")), tf.constant(spec.scale()));
    Operand<TFloat32> content = product(q, keys(in.get("k"))); // [b, H, P, G, M D]
    Operand<TFloat32> score =
        tf.math.add(
            tf.reshape(content, Dims.of(tf, -1, 1, queries, queries, neighbours.keys())),
            tf.reshape(
                positionScore(q, in.get("codes")),
                Dims.of(tf, -1, outputs, queries, 1, neighbours.keys())));
    if (in.has("table")) {
      score = tf.math.add(score, tf.expandDims(groupScore(q, in.get("table")), tf.constant(4)));
    }
    return tf.nn.softmax(
        tf.reshape(score, Dims.of(tf, -1, outputs, queries, queries * neighbours.keys())));
  }

  /** {@code q_row . MLP_row(y_(v, d)) + q_col . MLP_col(x_(v, d))}, [b, H, P, V, G, D]. */
  private Operand<TFloat32> positionScore(Operand<TFloat32> q, Operand<TFloat32> codes) {
    long keys = neighbours.keys();
    Operand<TFloat32> ofKeys = // [V, P, D, 2e]
        tf.gather(codes, tf.constant(neighbours.keyOffsets()), tf.constant(1));
    Operand<TFloat32> byPixel = // [P, V D, 2e]
        tf.reshape(
            tf.linalg.transpose(ofKeys, tf.constant(new int[] {1, 0, 2, 3})),
            Dims.of(tf, neighbours.pixels(), outputs * keys, position));
    Operand<TFloat32> score = // [b, H, P, G, V, D]
        tf.reshape(
            product(features(q, 0, position), byPixel),
            Dims.of(tf, -1, spec.heads(), neighbours.pixels(), queries, outputs, keys));
    Operand<TFloat32> mask =
        tf.constant(Shape.of(neighbours.pixels(), 1, 1, keys), DataBuffers.of(neighbours.mask()));
    return tf.linalg.transpose(tf.math.add(score, mask), tf.constant(new int[] {0, 1, 2, 4, 3, 5}));
  }

  /** {@code q_grp . table[I[v, g, m]]}, [b H P, V, G, M]. */
  private Operand<TFloat32> groupScore(Operand<TFloat32> q, Operand<TFloat32> table) {
    long features = spec.mid() - position;
    Operand<TFloat32> ofKeys = // [V, G, M, f]
        tf.gather(table, tf.constant(spec.encoding().indices(spec.group())), tf.constant(0));
    return tf.linalg.einsum(
        List.of(
            tf.reshape(features(q, position, features), Dims.of(tf, -1, queries, features)),
            ofKeys),
        "ngf,vgmf->nvgm");
  }

  /** The sum over g of the probabilities, times the values: [b, h, w, V, H c]. */
  private Operand<TFloat32> weightedValues(Operand<TFloat32> probabilities, Operand<TFloat32> v) {
    Operand<TFloat32> summed = // [b, H, P, V, M D]
        tf.reshape(
            tf.sum(probabilities, tf.constant(2)),
            Dims.of(
                tf, -1, spec.heads(), neighbours.pixels(), outputs, queries * neighbours.keys()));
    Operand<TFloat32> out = // [b, H, P, V, c]
        tf.train.batchMatMul(summed, keys(v), TFloat32.class);
    return tf.reshape(
        tf.linalg.transpose(out, tf.constant(new int[] {0, 2, 3, 1, 4})),
        Dims.of(
            tf,
            -1,
            neighbours.height(),
            neighbours.width(),
            outputs,
            (long) spec.heads() * spec.mid()));
  }

  /** What each query looks at, zeros outside of the image: [b, H, P, M D, c]. */
  private Operand<TFloat32> keys(Operand<TFloat32> x) {
    Operand<TFloat32> pixels = // [b, H, P + 1, M, c], the last one outside
        tf.pad(
            byHead(x),
            tf.constant(new int[][] {{0, 0}, {0, 0}, {0, 1}, {0, 0}, {0, 0}}),
            tf.constant(0f));
    Operand<TFloat32> found = // [b, H, P, D, M, c]
        tf.gather(pixels, tf.constant(neighbours.keyPixels()), tf.constant(2));
    return tf.reshape(
        tf.linalg.transpose(found, tf.constant(new int[] {0, 1, 2, 4, 3, 5})),
        Dims.of(
            tf, -1, spec.heads(), neighbours.pixels(), queries * neighbours.keys(), spec.mid()));
  }

  /** [b, h, w, G, H c] to [b, H, P, G, c]. */
  private Operand<TFloat32> byHead(Operand<TFloat32> x) {
    Operand<TFloat32> split =
        tf.reshape(x, Dims.of(tf, -1, neighbours.pixels(), queries, spec.heads(), spec.mid()));
    return tf.linalg.transpose(split, tf.constant(new int[] {0, 3, 1, 2, 4}));
  }

  /** Some of the features of [b, H, P, G, c]. */
  private Operand<TFloat32> features(Operand<TFloat32> q, long first, long count) {
    return tf.slice(
        q,
        Dims.of(tf, 0, 0, 0, 0, first),
        Dims.of(tf, -1, spec.heads(), neighbours.pixels(), queries, count));
  }

  private Operand<TFloat32> product(Operand<TFloat32> a, Operand<TFloat32> b) {
    return tf.train.batchMatMul(a, b, TFloat32.class, BatchMatMul.adjY(true));
  }
}
