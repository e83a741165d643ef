package org.imageperformer.tools.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.imageperformer.datasets.DatasetName;
import org.imageperformer.tfmodels.layers.EmbeddingType;
import org.imageperformer.tfmodels.models.ModelConfig;
import org.imageperformer.tfmodels.models.ModelKind;
import org.imageperformer.training.TrainingConfig;
import org.junit.jupiter.api.Test;

class ModelCostTest {
  /** 7 x 7 images, so 50 tokens; heads of width 4 with floor(4 ln 4) = 5 random features. */
  private static TrainingConfig.Builder tiny(ModelKind kind) {
    return TrainingConfig.builder(kind, DatasetName.CIFAR10).imageSize(7).dim(12).heads(3).depth(2);
  }

  private static ModelCost cost(TrainingConfig.Builder builder) {
    return ModelCost.of(builder.build().modelConfig());
  }

  /** Operations of matrix products, each given as rows, inner size, columns and how often. */
  private static long products(long[]... products) {
    return Arrays.stream(products).mapToLong(p -> 2 * p[0] * p[1] * p[2] * p[3]).sum();
  }

  private static long[] product(long rows, long inner, long columns, long times) {
    return new long[] {rows, inner, columns, times};
  }

  @Test
  void theDefaultPerformerCostsWhatIsKnownOfIt() {
    ModelConfig config =
        TrainingConfig.builder(ModelKind.PERFORMER, DatasetName.MNIST).build().modelConfig();

    assertThat(ModelCost.of(config).forward() / 1e9).isCloseTo(1.68, within(0.005));
    assertThat(ModelCost.of(config).training()).isEqualTo(3 * ModelCost.of(config).forward());
  }

  @Test
  void countsTheProductsOfContentAttention() {
    ModelCost cost = cost(tiny(ModelKind.PERFORMER));

    assertThat(cost.block().attention())
        .isEqualTo(
            products(
                product(50, 12, 12, 4), // query, key, value, output
                product(50, 4, 5, 3 * 2), // features of queries and keys
                product(5, 50, 4, 3), // keys by values
                product(50, 5, 4, 3))); // queries by that
    assertThat(cost.lastBlock().attention())
        .isEqualTo(
            products(
                product(50, 12, 12, 2), // key, value
                product(1, 12, 12, 2), // query, output
                product(50, 4, 5, 3),
                product(1, 4, 5, 3),
                product(5, 50, 4, 3),
                product(1, 5, 4, 3)));
    assertThat(cost.block().feedForward())
        .isEqualTo(products(product(50, 12, 48, 1), product(50, 48, 12, 1)));
    assertThat(cost.lastBlock().feedForward())
        .isEqualTo(products(product(1, 12, 48, 1), product(1, 48, 12, 1)));
    assertThat(cost.output()).isEqualTo(products(product(1, 12, 10, 1)));
    assertThat(cost.forward())
        .isEqualTo(
            cost.embedding() + cost.block().total() + cost.lastBlock().total() + cost.output());
    assertThat(cost(tiny(ModelKind.NOPOS_PERFORMER))).isEqualTo(cost);
  }

  @Test
  void countsTheProductsOfExactAttention() {
    assertThat(cost(tiny(ModelKind.PERFORMER).noProjection(true)).block().attention())
        .isEqualTo(products(product(50, 12, 12, 4), product(50, 4, 50, 3), product(50, 50, 4, 3)));
  }

  @Test
  void countsTheProductsOfRelativeAttention() {
    // Two coordinates, pos_scales pairs each: width 4 + 2 * 2 pairs = 8, floor(8 ln 8) = 16.
    assertThat(cost(tiny(ModelKind.RELATIVE_PERFORMER).posScales(1)).block().attention())
        .isEqualTo(
            products(
                product(50, 12, 12, 4),
                product(50, 8, 16, 3 * 2),
                product(16, 50, 4, 3),
                product(50, 16, 4, 3)));
    // With the second rotation: width 4 + 2 * 4, floor(12 ln 12) = 29; 2 numbers for each pair.
    assertThat(
            cost(tiny(ModelKind.RELATIVE_PERFORMER).posScales(1).contentRelAttn(true))
                .block()
                .attention())
        .isEqualTo(
            products(
                product(50, 12, 12, 4),
                product(50, 12, 2 * 3 * 2, 1),
                product(50, 12, 29, 3 * 2),
                product(29, 50, 4, 3),
                product(50, 29, 4, 3)));
  }

  @Test
  void countsTheProductsAndRingsOfClippedAttention() {
    // One head by content, two by distance.
    assertThat(cost(tiny(ModelKind.CLIPPED_RELATIVE_PERFORMER).clippingDist(5)).block().attention())
        .isEqualTo(
            products(
                    product(50, 12, 12, 3), // query, value, output
                    product(50, 12, 4, 1), // key of the one head
                    product(50, 4, 5, 2),
                    product(5, 50, 4, 1),
                    product(50, 5, 4, 1),
                    product(50, 4, 5, 2), // features of the others' queries
                    product(6, 4, 5, 1), // of the table
                    product(50, 5, 6, 2)) // queries by table
                + 7L * 5 * 50 * 2 * 4); // operations, rings, tokens, heads, features
  }

  @Test
  void moreRingsThanTheImageHasCostNoMore() {
    ModelCost few = cost(tiny(ModelKind.CLIPPED_RELATIVE_PERFORMER).clippingDist(14));
    ModelCost many = cost(tiny(ModelKind.CLIPPED_RELATIVE_PERFORMER).clippingDist(15));

    assertThat(many.block().attention() - few.block().attention())
        .isEqualTo(products(product(1, 4, 5, 1), product(50, 5, 1, 2)));
  }

  @Test
  void countsTheProductsOfEveryEmbedding() {
    assertThat(cost(tiny(ModelKind.PERFORMER)).embedding())
        .isEqualTo(products(product(49, 3, 12, 1)));
    assertThat(cost(tiny(ModelKind.PERFORMER).embeddingType(EmbeddingType.MLP)).embedding())
        .isEqualTo(products(product(49, 3, 48, 1), product(49, 48, 12, 1)));
    assertThat(cost(tiny(ModelKind.PERFORMER).embeddingType(EmbeddingType.LOOKUP)).embedding())
        .isZero();
  }
}
