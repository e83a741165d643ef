package org.imageperformer.tools.authors;

import static org.imageperformer.tfmodels.gsa.GsaOptions.BLOCK_SIZES;
import static org.imageperformer.tfmodels.gsa.GsaOptions.DROPOUT_AFTER_POOLING;
import static org.imageperformer.tfmodels.gsa.GsaOptions.MAXPOOL_AFTER_LAST_BLOCK;
import static org.imageperformer.tfmodels.gsa.GsaOptions.NORMALIZE_BETWEEN_LAYERS;
import static org.imageperformer.tfmodels.gsa.GsaOptions.NORM_TYPE;
import static org.imageperformer.tfmodels.gsa.GsaOptions.NUM_HEADS;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.gsa.NormType;

/**
 * Names and layouts of GSA-Nets' files (gsa.md section 8). An affine map is a convolution [out, in,
 * 1, 1(, 1)] there; the features of queries, keys and values are (feature, head), heads fastest,
 * ours are (head, feature).
 */
final class GsaNames implements AuthorsNames {

  private static final Pattern BLOCK = Pattern.compile("(stages/\\d+/blocks/\\d+)/(.*)");
  private static final Pattern NORM = Pattern.compile("(.*norm)/(scale|offset|mean|variance)");
  private static final Pattern HEADS = Pattern.compile(".*/(query|key|value)/(kernel|bias)");
  private static final Pattern FROM_HEADS = Pattern.compile("(.*/attention|lifting)/output/kernel");

  /** Tensors that follow from the options, and one that counts batches. */
  static final Pattern BUFFERS =
      Pattern.compile(
          "(.*\\.)?(group\\._(identity|elements|relative_positions)|row_indices|col_indices"
              + "|g_indices|num_batches_tracked)");

  private final boolean batchNorm;
  private final int heads;

  /** Their entry of each block. */
  private final Map<String, Integer> entries = new HashMap<>();

  private final int output;

  /**
   * @param options of the network
   */
  GsaNames(Options options) {
    this.batchNorm = options.get(NORM_TYPE) == NormType.BATCH_NORM;
    this.heads = options.get(NUM_HEADS);
    List<Integer> sizes = options.get(BLOCK_SIZES);
    int ofBlock = options.get(NORMALIZE_BETWEEN_LAYERS) ? 3 : 1;
    int ofPooling = options.get(DROPOUT_AFTER_POOLING) > 0 ? 2 : 1;
    int next = 0;
    for (int stage = 0; stage < sizes.size(); stage++) {
      for (int block = 0; block < sizes.get(stage); block++) {
        entries.put("stages/" + stage + "/blocks/" + block, next);
        next += ofBlock;
      }
      if (stage + 1 < sizes.size() || options.get(MAXPOOL_AFTER_LAST_BLOCK)) {
        next += ofPooling;
      }
    }
    this.output = next;
  }

  @Override
  public boolean ignores(String tensor) {
    return BUFFERS.matcher(tensor).matches();
  }

  @Override
  public Stored stored(Weight weight) {
    String name = weight.name();
    int[] shape = Arrays.stream(weight.shape()).mapToInt(Math::toIntExact).toArray();
    if (!name.endsWith("/kernel")) {
      UnaryOperator<float[]> ours =
          HEADS.matcher(name).matches() ? values -> headsFirst(values, 1) : values -> values;
      return new Stored(List.of(theirs(name)), List.of(shape), ours);
    }
    int in = shape[0];
    int out = shape[1];
    List<int[]> shapes = List.of(new int[] {out, in, 1, 1, 1}, new int[] {out, in, 1, 1});
    UnaryOperator<float[]> ours =
        values -> {
          float[] rows = HEADS.matcher(name).matches() ? headsFirst(values, in) : values;
          float[] turned = transposed(rows, out, in);
          return FROM_HEADS.matcher(name).matches() ? headsFirst(turned, out) : turned;
        };
    return new Stored(List.of(theirs(name)), shapes, ours);
  }

  private String theirs(String name) {
    if (name.equals("output/kernel")) {
      return "transformer." + output + ".weight";
    }
    Matcher norm = NORM.matcher(name);
    if (norm.matches() && !isPosition(name)) {
      String leaf =
          switch (norm.group(2)) {
            case "scale" -> "weight";
            case "offset" -> "bias";
            case "mean" -> "running_mean";
            default -> "running_var";
          };
      return module(norm.group(1)) + (batchNorm ? "." : ".layer_norm.") + leaf;
    }
    if (name.endsWith("/group_embedding")) {
      return module(name) + ".weight";
    }
    int slash = name.lastIndexOf('/');
    String leaf =
        switch (name.substring(slash + 1)) {
          case "kernel", "scale" -> "weight";
          case "bias", "offset" -> "bias";
          default -> throw unknown(name);
        };
    return module(name.substring(0, slash)) + "." + leaf;
  }

  private static boolean isPosition(String name) {
    return name.matches(".*/(rows|columns)/.*");
  }

  private String module(String name) {
    if (name.equals("lifting/norm")) {
      return "lifting_normalization";
    }
    if (name.startsWith("lifting/")) {
      return GsaStructure.LIFTING + "." + inAttention(name.substring("lifting/".length()));
    }
    Matcher block = BLOCK.matcher(name);
    if (!block.matches()) {
      throw unknown(name);
    }
    int entry = entries.get(block.group(1));
    String part = block.group(2);
    if (part.equals("norm")) {
      return "transformer." + (entry + 1);
    }
    String rest =
        switch (part) {
          case "input_norm" -> "attention.0";
          case "attention_norm" -> "attention.3";
          case "shortcut" -> "shortcut.0";
          case "mlp/input" -> "mlp.0";
          case "mlp/hidden_norm" -> "mlp.1";
          case "mlp/output" -> "mlp.3";
          case "mlp/output_norm" -> "mlp.4";
          default -> "attention.2." + inAttention(part.replaceFirst("^attention/", ""));
        };
    return "transformer." + entry + "." + rest;
  }

  private static String inAttention(String part) {
    return switch (part) {
      case "query", "key", "value", "group_embedding" -> part;
      case "output" -> "wout";
      case "rows/input" -> "row_embedding.0";
      case "rows/norm" -> "row_embedding.1.layer_norm";
      case "rows/output" -> "row_embedding.3";
      case "columns/input" -> "col_embedding.0";
      case "columns/norm" -> "col_embedding.1.layer_norm";
      case "columns/output" -> "col_embedding.3";
      default -> throw unknown(part);
    };
  }

  private static IllegalStateException unknown(String name) {
    return new IllegalStateException("GSA-Nets' program has no counterpart of " + name);
  }

  /** Rows (feature, head) of so many values each, to rows (head, feature). */
  private float[] headsFirst(float[] values, int width) {
    int features = values.length / width / heads;
    float[] sorted = new float[values.length];
    for (int feature = 0; feature < features; feature++) {
      for (int head = 0; head < heads; head++) {
        System.arraycopy(
            values,
            (feature * heads + head) * width,
            sorted,
            (head * features + feature) * width,
            width);
      }
    }
    return sorted;
  }

  /** [rows, columns] to [columns, rows]. */
  static float[] transposed(float[] values, int rows, int columns) {
    float[] turned = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = values[row * columns + column];
      }
    }
    return turned;
  }
}
