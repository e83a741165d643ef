package org.imageperformer.tools.summary;

import org.imageperformer.tfmodels.attention.RandomFeatureKernel;
import org.imageperformer.tfmodels.models.ModelConfig;

/**
 * The work of one image's forward pass, in floating-point operations: two for each multiply-add of
 * the matrix products, with only the class token asking in the last block (models.md section 8).
 * What is done element by element (normalisation, exponentials, GELU, dropout) is left out, but for
 * the ring sums of ClippedRelativePerformer: five additions and a multiply-add for each value and
 * ring, as the recurrence over rows needs.
 *
 * @param embedding of the pixels
 * @param block each block but the last
 * @param lastBlock the last block
 * @param output the classifier
 * @param depth blocks
 */
public record ModelCost(long embedding, Block block, Block lastBlock, long output, int depth) {

  /**
   * A block's work.
   *
   * @param attention with its linear maps
   * @param feedForward both maps
   */
  record Block(long attention, long feedForward) {
    long total() {
      return attention + feedForward;
    }
  }

  /** Operations of a multiply-add. */
  private static final long MULTIPLY_ADD = 2;

  private static final long RING_OPERATIONS = 5 + MULTIPLY_ADD;

  public static ModelCost of(ModelConfig config) {
    long pixels = (long) config.height() * config.width();
    long dim = config.dim();
    long embedding =
        switch (config.embeddingType()) {
          case LINEAR -> pixels * config.channels() * dim;
          case MLP -> pixels * 4 * (config.channels() * dim + dim * dim);
          case LOOKUP -> 0;
        };
    return new ModelCost(
        MULTIPLY_ADD * embedding,
        block(config, config.tokens()),
        block(config, 1),
        MULTIPLY_ADD * dim * config.numClasses(),
        config.depth());
  }

  /** The forward pass. */
  public long forward() {
    return embedding + (depth - 1L) * block.total() + lastBlock.total() + output;
  }

  /** A training step's share of one image: forward, and back by inputs and by weights. */
  public long training() {
    return 3 * forward();
  }

  /** The attention of a block. */
  Block of(int index) {
    return index == depth - 1 ? lastBlock : block;
  }

  private static Block block(ModelConfig config, long queries) {
    long dim = config.dim();
    return new Block(attention(config, queries), MULTIPLY_ADD * queries * 8 * dim * dim);
  }

  private static long attention(ModelConfig config, long queries) {
    long dim = config.dim();
    long tokens = config.tokens();
    long maps = 2 * queries * dim * dim + tokens * dim * dim; // query, output, value
    return switch (config.kind()) {
      case PERFORMER, NOPOS_PERFORMER ->
          MULTIPLY_ADD
              * (maps
                  + tokens * dim * dim
                  + kernel(config, config.heads(), config.headDim(), queries));
      case RELATIVE_PERFORMER -> {
        int pairs = 2 * config.posScales(); // of both coordinates
        long rotation = config.contentRelAttn() ? queries * dim * 2 * config.heads() * pairs : 0;
        int width = config.headDim() + (config.contentRelAttn() ? 4 : 2) * pairs;
        yield MULTIPLY_ADD
            * (maps
                + tokens * dim * dim
                + rotation
                + kernel(config, config.heads(), width, queries));
      }
      case CLIPPED_RELATIVE_PERFORMER -> {
        int contentHeads = config.heads() / 2;
        int relativeHeads = config.heads() - contentHeads;
        yield MULTIPLY_ADD
                * (maps
                    + tokens * dim * contentHeads * config.headDim()
                    + kernel(config, contentHeads, config.headDim(), queries)
                    + comparison(config, relativeHeads, queries))
            + RING_OPERATIONS * rings(config) * queries * relativeHeads * config.headDim();
      }
    };
  }

  /** Multiply-adds of attention by content, its linear maps left out. */
  private static long kernel(ModelConfig config, long heads, int width, long queries) {
    long tokens = config.tokens();
    long headDim = config.headDim();
    if (config.noProjection()) {
      return heads * queries * tokens * (width + headDim);
    }
    long features = RandomFeatureKernel.features(width);
    long ofQueries = queries * features * width;
    long ofKeys = tokens * features * width;
    long keysTimesValues = tokens * features * headDim;
    long queriesTimesThat = queries * features * headDim;
    return heads * (ofQueries + ofKeys + keysTimesValues + queriesTimesThat);
  }

  /** Multiply-adds of queries with the table of distances. */
  private static long comparison(ModelConfig config, long heads, long queries) {
    long table = config.clippingDist() + 1L;
    if (config.noProjection()) {
      return heads * queries * config.headDim() * table;
    }
    long features = RandomFeatureKernel.features(config.headDim());
    return heads * queries * features * (config.headDim() + table)
        + table * features * config.headDim();
  }

  /** Distances that can have pixels. */
  private static long rings(ModelConfig config) {
    return Math.min(config.clippingDist(), config.height() + config.width());
  }
}
