package org.imageperformer.tfmodels.gsa;

import java.util.ArrayList;
import java.util.List;

/**
 * Everything that defines the function of a GSA-Net but the image (gsa.md section 4).
 *
 * @param group whose actions the network follows
 * @param encoding how the group embedding is indexed
 * @param attention which pixels a query looks at
 * @param patch side of the neighbourhood of local attention; global attention ignores it
 * @param norm of the network; the position encodings have their own
 * @param activation of the network; the position encodings have their own
 * @param channels of the lifting attention's output
 * @param heads of every attention
 * @param blocks in each stage; a stage without blocks still pools
 * @param expansions of the channels by the first block of each stage
 * @param crops pixels cut from each side in each block, all stages in a row
 * @param normalizeBetween whether norm and activation follow every block
 * @param poolAfterLast whether the last stage is pooled, too
 * @param attentionDropout of the attention's probabilities
 * @param valuesDropout after an attention's activation
 * @param inputDropout of the image
 * @param poolingDropout after every pooling
 * @param whiteningScale initial standard deviation of an affine map times sqrt(inputs)
 */
public record Architecture(
    Group group,
    GroupEncoding encoding,
    AttentionType attention,
    int patch,
    NormType norm,
    Activation activation,
    int channels,
    int heads,
    List<Integer> blocks,
    List<Integer> expansions,
    List<Integer> crops,
    boolean normalizeBetween,
    boolean poolAfterLast,
    double attentionDropout,
    double valuesDropout,
    double inputDropout,
    double poolingDropout,
    double whiteningScale) {

  /**
   * @throws IllegalArgumentException naming every problem at once
   */
  public Architecture {
    blocks = List.copyOf(blocks);
    expansions = List.copyOf(expansions);
    crops = List.copyOf(crops);
    List<String> problems = new ArrayList<>();
    problems.addAll(
        GroupAttentionOptions.problems(attention, patch, heads, attentionDropout, whiteningScale));
    if (channels < 4 || channels / 2 % 2 != 0) {
      problems.add(
          "num_channels is "
              + channels
              + ", half of it must be even: the lifting attention halves it for rows and columns");
    }
    blocks.forEach(count -> require(problems, "block_sizes", count, 0));
    expansions.forEach(factor -> require(problems, "expansion_per_block", factor, 1));
    crops.forEach(pixels -> require(problems, "crop_per_layer", pixels, 0));
    if (blocks.isEmpty()) {
      problems.add("block_sizes is empty, must name the blocks of at least one stage");
    }
    if (expansions.size() != blocks.size()) {
      problems.add(
          "expansion_per_block has "
              + expansions.size()
              + " numbers for the "
              + blocks.size()
              + " stages of block_sizes");
    } else if (blocks.stream().anyMatch(size -> size > 0)
        && firstWidth(channels, blocks, expansions) < 6) {
      problems.add(
          "num_channels is "
              + channels
              + ": the first block has fewer than 6 channels, too few for rows, columns and group");
    }
    int count = blocks.stream().mapToInt(Integer::intValue).sum();
    if (crops.size() != count) {
      problems.add(
          "crop_per_layer has " + crops.size() + " numbers for the " + count + " blocks in all");
    }
    dropout(problems, "dropout_values", valuesDropout);
    dropout(problems, "input_dropout", inputDropout);
    dropout(problems, "dropout_after_pooling", poolingDropout);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /** Channels of the first block, the narrowest. */
  private static int firstWidth(int channels, List<Integer> blocks, List<Integer> expansions) {
    int stage = 0;
    while (blocks.get(stage) <= 0) {
      stage++;
    }
    return channels * expansions.get(stage);
  }

  /** What its attentions have in common. */
  GroupAttentionOptions attentionOptions() {
    return new GroupAttentionOptions(
        group, encoding, attention, patch, heads, attentionDropout, whiteningScale);
  }

  /**
   * Checks that pixels remain after all crops and poolings.
   *
   * @throws IllegalArgumentException naming the place where they end
   */
  void requireRoom(int height, int width) {
    attentionOptions().neighbours(height, width);
    String size = height + "x" + width;
    int side = Math.min(height, width);
    int next = 0;
    for (int stage = 0; stage < blocks.size(); stage++) {
      for (int block = 0; block < blocks.get(stage); block++) {
        int crop = crops.get(next++);
        side = left(side - 2 * crop, size, "block " + block + " of stage " + stage + " cuts");
      }
      if (stage < blocks.size() - 1 || poolAfterLast) {
        side = left(side / 2, size, "the pooling of stage " + stage + " takes");
      }
    }
  }

  private static int left(int side, String size, String what) {
    if (side < 1) {
      throw new IllegalArgumentException(
          "images of "
              + size
              + " are too small for the network: "
              + what
              + " their last pixels; take larger images, a smaller crop_per_layer or fewer stages");
    }
    return side;
  }

  private static void require(List<String> problems, String name, int value, int least) {
    if (value < least) {
      problems.add(name + " is " + value + ", must be at least " + least);
    }
  }

  private static void dropout(List<String> problems, String name, double rate) {
    if (!(rate >= 0 && rate < 1)) {
      problems.add(name + " is " + rate + ", must be in [0, 1)");
    }
  }
}
