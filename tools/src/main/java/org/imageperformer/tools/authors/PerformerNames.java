package org.imageperformer.tools.authors;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;

/**
 * Names and layouts of the Performers' checkpoints. Their linear maps are stored [out, in], ours
 * [in, out]. Checkpoints of EquivariantPerformer, which their program does not have, follow the
 * same names.
 */
final class PerformerNames implements AuthorsNames {

  private static final Pattern BLOCK = Pattern.compile("blocks/(\\d+)/(.*)");

  /** Tensors of their checkpoints that say nothing about the function of the model. */
  private static final Pattern IGNORED =
      Pattern.compile(
          "performer\\.calls_since_last_redraw"
              + "|performer\\.net\\.layers\\.\\d+\\.0\\.fn\\.to_q\\.offdiag_matrix");

  private static final Pattern PROJECTION =
      Pattern.compile(
          "performer\\.net\\.layers\\.\\d+\\.0\\.fn\\.(fast|relative)_attention\\.projection_matrix");

  private static final String LOCAL = "local/kernel";

  private final boolean exact;

  /**
   * @param weights of the model
   */
  PerformerNames(Weights weights) {
    this.exact = weights.of(Weight.Role.RANDOM_FEATURES).isEmpty();
  }

  @Override
  public Stored stored(Weight weight) {
    return new Stored(
        authorsNames(weight), authorsShapes(weight), values -> ourLayout(weight, values));
  }

  /** A model with exact attention has a projection there, though it does not use it. */
  @Override
  public boolean ignores(String tensor) {
    return IGNORED.matcher(tensor).matches() || (exact && PROJECTION.matcher(tensor).matches());
  }

  /**
   * The names of one of our weights: in checkpoints of the published program, and in those of
   * EquivariantPerformer, whose embedding is a part by itself.
   */
  static List<String> authorsNames(Weight weight) {
    String name = authorsName(weight);
    return name.startsWith("content_embedding.")
        ? List.of(name, name.replaceFirst("\\.(net|embeddings)\\.", "."))
        : List.of(name);
  }

  /** The authors' name of one of our weights. */
  static String authorsName(Weight weight) {
    Matcher block = BLOCK.matcher(weight.name());
    if (block.matches()) {
      return "performer.net.layers." + block.group(1) + "." + inBlock(block.group(2));
    }
    return switch (weight.name()) {
      case "class_query" -> "class_query";
      case "embedding/kernel" -> "content_embedding.weight";
      case "embedding/bias" -> "content_embedding.bias";
      case "embedding/expand/kernel" -> "content_embedding.net.0.weight";
      case "embedding/expand/bias" -> "content_embedding.net.0.bias";
      case "embedding/contract/kernel" -> "content_embedding.net.2.weight";
      case "embedding/contract/bias" -> "content_embedding.net.2.bias";
      case "embedding/table" -> "content_embedding.embeddings.weight";
      case "positions/frequencies" -> "positional_embedding.inv_freq";
      case "output/kernel" -> "output_layer.weight";
      case "output/bias" -> "output_layer.bias";
      default -> throw unknown(weight.name());
    };
  }

  /** Position 0 of a block of theirs is attention, position 1 the feed-forward. */
  private static String inBlock(String name) {
    return switch (name) {
      case LOCAL -> "local.weight";
      case "local/bias" -> "local.bias";
      case "attention/norm/scale" -> "0.norm.weight";
      case "attention/norm/offset" -> "0.norm.bias";
      case "attention/query/kernel" -> "0.fn.to_q.weight";
      case "attention/query/bias" -> "0.fn.to_q.bias";
      case "attention/key/kernel" -> "0.fn.to_k.weight";
      case "attention/key/bias" -> "0.fn.to_k.bias";
      case "attention/relative_query/kernel" -> "0.fn.to_q.content_linear.weight";
      case "attention/relative_query/bias" -> "0.fn.to_q.content_linear.bias";
      case "attention/relative_key/kernel" -> "0.fn.to_k.content_linear.weight";
      case "attention/relative_key/bias" -> "0.fn.to_k.content_linear.bias";
      case "attention/rotation/alpha" -> "0.fn.to_q.alpha";
      case "attention/rotation/beta" -> "0.fn.to_q.beta";
      case "attention/content_rotation/kernel" -> "0.fn.to_q.content_to_rel_matrix.weight";
      case "attention/content_rotation/bias" -> "0.fn.to_q.content_to_rel_matrix.bias";
      case "attention/value/kernel" -> "0.fn.to_v.weight";
      case "attention/value/bias" -> "0.fn.to_v.bias";
      case "attention/output/kernel" -> "0.fn.to_out.weight";
      case "attention/output/bias" -> "0.fn.to_out.bias";
      case "attention/rpe" -> "0.fn.rpe";
      case "attention/projection", "attention/content/projection" ->
          "0.fn.fast_attention.projection_matrix";
      case "attention/relative/projection" -> "0.fn.relative_attention.projection_matrix";
      case "feed_forward/norm/scale" -> "1.norm.weight";
      case "feed_forward/norm/offset" -> "1.norm.bias";
      case "feed_forward/expand/kernel" -> "1.fn.fn.w1.weight";
      case "feed_forward/expand/bias" -> "1.fn.fn.w1.bias";
      case "feed_forward/contract/kernel" -> "1.fn.fn.w2.weight";
      case "feed_forward/contract/bias" -> "1.fn.fn.w2.bias";
      default -> throw unknown(name);
    };
  }

  private static IllegalStateException unknown(String name) {
    return new IllegalStateException("the authors' program has no counterpart of " + name);
  }

  /** Whether it is a linear map. */
  private static boolean isKernel(Weight weight) {
    return weight.shape().length == 2 && weight.name().endsWith("/kernel");
  }

  private static boolean isLocal(Weight weight) {
    return weight.name().endsWith("/" + LOCAL);
  }

  /**
   * The shapes of a weight in checkpoints: kernels turned, alpha and beta flat or for broadcast.
   */
  private static List<int[]> authorsShapes(Weight weight) {
    int[] shape = Arrays.stream(weight.shape()).mapToInt(Math::toIntExact).toArray();
    if (isKernel(weight)) {
      return List.of(new int[] {shape[1], shape[0]});
    }
    if (isLocal(weight)) {
      return List.of(new int[] {shape[2], 1, shape[0], shape[1]});
    }
    if (weight.name().endsWith("/alpha") || weight.name().endsWith("/beta")) {
      return List.of(new int[] {weight.size()}, new int[] {shape[0], 1, shape[1]});
    }
    return List.of(shape);
  }

  /** Values in our layout: linear maps [in, out], filters [k, k, dim, 1]. */
  private static float[] ourLayout(Weight weight, float[] values) {
    if (!isKernel(weight) && !isLocal(weight)) {
      return values;
    }
    int outputs = Math.toIntExact(weight.shape()[isLocal(weight) ? 2 : 1]);
    return transposed(values, outputs, values.length / outputs);
  }

  /** [rows, columns] to [columns, rows]. */
  private static float[] transposed(float[] values, int rows, int columns) {
    float[] turned = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = values[row * columns + column];
      }
    }
    return turned;
  }
}
