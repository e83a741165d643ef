package org.imageperformer.tools.authors;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imageperformer.tfmodels.gsa.Group;
import org.imageperformer.tfmodels.gsa.GroupEncoding;

/**
 * What the names and shapes of a GSA-Net's tensors tell of its options (gsa.md section 8). Entries
 * of {@code transformer} without tensors are activations, poolings and dropouts; so many of them
 * between two blocks tell the stages.
 */
final class GsaStructure {

  /**
   * The texts that an option may have.
   *
   * @param texts the usual one first
   * @param tensor that says so, with its shape
   */
  record Finding(List<String> texts, String tensor) {}

  static final String LIFTING = "lifting_self_attention";
  private static final Pattern ENTRY = Pattern.compile("transformer\\.(\\d{1,3})\\.(.*)");

  private enum Kind {
    BLOCK,
    NORM,
    OUTPUT
  }

  /** The stages, if pooling takes so many entries: 1, or 2 with dropout. */
  private record Stages(List<Integer> blocks, boolean poolAfterLast) {}

  private final GsaTensors tensors;
  private final TreeMap<Integer, Kind> entries = new TreeMap<>();
  private final List<Integer> blocks;
  private final int output;
  private final boolean normalizeBetween;

  /**
   * @throws IllegalArgumentException naming the tensor that is missing or that no network of that
   *     program has
   */
  GsaStructure(GsaTensors tensors) {
    this.tensors = tensors;
    tensors.byName().keySet().forEach(this::enter);
    this.blocks = entries.keySet().stream().filter(i -> entries.get(i) == Kind.BLOCK).toList();
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException("missing transformer.0.attention.2.query.weight");
    }
    List<Integer> outputs =
        entries.keySet().stream().filter(i -> entries.get(i) == Kind.OUTPUT).toList();
    if (outputs.size() != 1 || outputs.get(0) < blocks.get(blocks.size() - 1)) {
      throw new IllegalArgumentException(
          "missing the map to the classes: expected transformer.N.weight behind the last block,"
              + " transformer."
              + blocks.get(blocks.size() - 1));
    }
    this.output = outputs.get(0);
    this.normalizeBetween = entries.get(blocks.get(0) + 1) == Kind.NORM;
  }

  private void enter(String name) {
    Matcher entry = ENTRY.matcher(name);
    if (entry.matches()) {
      int index = Integer.parseInt(entry.group(1));
      String rest = entry.group(2);
      if (rest.matches("(attention|mlp|shortcut)\\..*")) {
        entries.put(index, Kind.BLOCK);
      } else if (rest.equals("weight") && tensors.get(name).shape().length > 1) {
        entries.put(index, Kind.OUTPUT);
      } else {
        entries.putIfAbsent(index, Kind.NORM);
      }
    }
  }

  /** Images' channels and classes, by the names that they have in hparams.json. */
  Map<String, Finding> images() {
    Map<String, Finding> found = new LinkedHashMap<>();
    put(
        found,
        "in_features",
        tensors.size(LIFTING + ".query.weight", 1),
        LIFTING + ".query.weight");
    put(found, "num_classes", tensors.size(outputName(), 0), outputName());
    return found;
  }

  private String outputName() {
    return "transformer." + output + ".weight";
  }

  /**
   * What the tensors say of options, by name.
   *
   * @param dropout the rate after pooling that the user says
   * @param usualDropout that of the data set's preset
   * @param usualBlocks the preset's, as text
   * @throws IllegalArgumentException naming the tensor that no such network has
   */
  Map<String, Finding> options(Optional<Double> dropout, double usualDropout, String usualBlocks) {
    Map<String, Finding> found = new LinkedHashMap<>();
    int channels = tensors.size(LIFTING + ".wout.weight", 0);
    put(found, "num_channels", channels, LIFTING + ".wout.weight");
    String query = LIFTING + ".query.weight";
    int features = tensors.size(query, 0);
    if (channels < 2 || features % (channels / 2) != 0) {
      throw new IllegalArgumentException(
          tensors.said(query)
              + " is no whole number of heads of "
              + channels / 2
              + " features, half of the channels of "
              + tensors.said(LIFTING + ".wout.weight"));
    }
    put(found, "num_heads", features / (channels / 2), query);
    String norm = "lifting_normalization.running_mean";
    found.put(
        "norm_type",
        tensors.has(norm)
            ? new Finding(List.of("BatchNorm"), norm)
            : new Finding(List.of("LayerNorm"), "lifting_normalization without running_mean"));
    attention(found);
    group(found);
    stages(found, channels, dropout, usualDropout, usualBlocks);
    return found;
  }

  private static void put(Map<String, Finding> found, String option, Object value, String tensor) {
    found.put(option, new Finding(List.of(String.valueOf(value)), tensor));
  }

  /** The offsets are [G, P, P], or for all pixels of an image [G, N, N, N, N]. */
  private void attention(Map<String, Finding> found) {
    String name = LIFTING + ".row_indices";
    int rank = tensors.get(name).shape().length;
    if (rank != 3 && rank != 5) {
      throw new IllegalArgumentException(
          tensors.said(name) + " must be [elements, patch, patch] or [elements, N, N, N, N]");
    }
    put(found, "attention_type", rank == 3 ? "Local" : "Global", name);
    put(found, rank == 3 ? "patch_size" : "image_size", tensors.size(name, 1), name);
  }

  /** Groups and encodings differ in their tables of group indices. */
  private void group(Map<String, Finding> found) {
    String first = "transformer." + blocks.get(0) + ".attention.2.g_indices";
    List<String> groups = new ArrayList<>();
    List<String> encodings = new ArrayList<>();
    for (Group group : Group.values()) {
      for (GroupEncoding encoding : GroupEncoding.values()) {
        if (blocks.stream().allMatch(block -> encoded(block, group, encoding))) {
          groups.add(group.label());
          encodings.add(encoding.label());
        }
      }
    }
    if (groups.isEmpty()) {
      throw new IllegalArgumentException(
          tensors.said(first)
              + " and those of the other blocks are neither the relative nor the acted encoding of"
              + " one of the groups");
    }
    found.put("group", new Finding(groups, first));
    found.put("group_encoding", new Finding(encodings, first));
  }

  private boolean encoded(int block, Group group, GroupEncoding encoding) {
    WeightTensor tensor = tensors.get("transformer." + block + ".attention.2.g_indices");
    int order = group.order();
    float[] values = tensor.values();
    if (!Arrays.equals(tensor.shape(), new int[] {order, order, order})) {
      return false;
    }
    int[][][] indices = encoding.indices(group);
    int next = 0;
    for (int[][] rows : indices) {
      for (int[] row : rows) {
        for (int index : row) {
          if (values[next++] != index) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private void stages(
      Map<String, Finding> found,
      int channels,
      Optional<Double> dropout,
      double usualDropout,
      String usualBlocks) {
    Optional<Stages> plain = stages(1);
    Optional<Stages> dropped = stages(2);
    boolean twice =
        dropout
            .map(rate -> rate > 0)
            .orElseGet(() -> takesTwo(plain, dropped, usualDropout, usualBlocks));
    Stages stages =
        (twice ? dropped : plain)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "transformer's blocks, "
                            + indices()
                            + ", and its last map, "
                            + output
                            + ", leave no room for "
                            + (twice ? "a pooling and a dropout" : "poolings")
                            + " between stages: give --dropout_after_pooling as it was trained"));
    if (twice && dropout.isEmpty() && usualDropout == 0) {
      throw new IllegalArgumentException(
          "transformer's blocks, "
              + indices()
              + ", have room for dropout behind each pooling: give --dropout_after_pooling, the"
              + " rate that it was trained with or, if there was none, 0");
    }
    String where = "transformer's blocks, " + indices();
    put(found, "block_sizes", text(stages.blocks()), where);
    put(found, "expansion_per_block", text(expansions(stages.blocks(), channels)), where);
    put(found, "normalize_between_layers", normalizeBetween, where);
    put(found, "maxpool_after_last_block", stages.poolAfterLast(), where);
    if (!twice && dropout.isEmpty()) {
      put(found, "dropout_after_pooling", 0.0, where);
    }
  }

  /** The preset is believed where both are possible; it is wrong where its stages do not fit. */
  private static boolean takesTwo(
      Optional<Stages> plain, Optional<Stages> dropped, double usualDropout, String usualBlocks) {
    boolean plainIsUsual = plain.filter(it -> text(it.blocks()).equals(usualBlocks)).isPresent();
    boolean droppedIsUsual =
        dropped.filter(it -> text(it.blocks()).equals(usualBlocks)).isPresent();
    return plainIsUsual == droppedIsUsual
        ? dropped.isPresent() && usualDropout > 0
        : droppedIsUsual;
  }

  private String indices() {
    return text(blocks);
  }

  private static String text(List<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(joining(","));
  }

  private Optional<Stages> stages(int entriesOfPooling) {
    List<Integer> sizes = new ArrayList<>(List.of(0));
    int next = 0;
    for (int block : blocks) {
      if ((block - next) % entriesOfPooling != 0 || block < next) {
        return Optional.empty();
      }
      for (int i = next; i < block; i += entriesOfPooling) {
        sizes.add(0);
      }
      sizes.set(sizes.size() - 1, sizes.get(sizes.size() - 1) + 1);
      if ((entries.get(block + 1) == Kind.NORM) != normalizeBetween) {
        throw new IllegalArgumentException(
            "transformer has a norm behind some of its blocks, " + indices() + ", but not all");
      }
      next = block + (normalizeBetween ? 3 : 1);
    }
    int left = output - next;
    if (left < 0 || left % entriesOfPooling != 0) {
      return Optional.empty();
    }
    for (int i = entriesOfPooling; i < left; i += entriesOfPooling) {
      sizes.add(0);
    }
    return Optional.of(new Stages(sizes, left > 0));
  }

  private List<Integer> expansions(List<Integer> sizes, int channels) {
    List<Integer> expansions = new ArrayList<>();
    int in = channels;
    int next = 0;
    for (int size : sizes) {
      int expansion = 1;
      for (int i = 0; i < size; i++) {
        String name = "transformer." + blocks.get(next++) + ".attention.2.wout.weight";
        int out = tensors.size(name, 0);
        if (out % in != 0 || (i > 0 && out != in)) {
          throw new IllegalArgumentException(
              tensors.said(name)
                  + " turns "
                  + in
                  + " channels into "
                  + out
                  + ": only the first block of a stage multiplies them");
        }
        expansion *= out / in;
        in = out;
      }
      expansions.add(expansion);
    }
    return expansions;
  }
}
