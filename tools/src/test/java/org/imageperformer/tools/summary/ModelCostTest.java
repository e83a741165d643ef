package org.imageperformer.tools.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.imageperformer.tfmodels.performer.PerformerOptions.CLIPPING_DIST;
import static org.imageperformer.tfmodels.performer.PerformerOptions.CONTENT_REL_ATTN;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DEPTH;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DIM;
import static org.imageperformer.tfmodels.performer.PerformerOptions.EMBEDDING_TYPE;
import static org.imageperformer.tfmodels.performer.PerformerOptions.HEADS;
import static org.imageperformer.tfmodels.performer.PerformerOptions.NO_PROJECTION;
import static org.imageperformer.tfmodels.performer.PerformerOptions.POS_SCALES;
import static org.imageperformer.training.TrainingOptions.IMAGE_SIZE;

import java.util.Arrays;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.tfmodels.layers.EmbeddingType;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.performer.PerformerFamily;
import org.imageperformer.training.TrainingConfig;
import org.junit.jupiter.api.Test;

class ModelCostTest {
  /** 7 x 7 images, so 50 tokens; heads of width 4 with floor(4 ln 4) = 5 random features. */
  private static TrainingConfig.Builder tiny(String kind) {
    return TrainingConfig.builder(kind, Datasets.info("CIFAR10"))
        .set(IMAGE_SIZE, 7)
        .set(DIM, 12)
        .set(HEADS, 3)
        .set(DEPTH, 2);
  }

  private static Cost cost(TrainingConfig.Builder builder) {
    return builder.build().spec().outline().cost();
  }

  /** The work of a part; of the two blocks the second one is the last. */
  private static long work(Cost cost, String part) {
    return cost.parts().stream()
        .filter(its -> its.name().equals(part))
        .findFirst()
        .orElseThrow()
        .operations()
        .orElseThrow();
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
    Cost cost = cost(TrainingConfig.builder(PerformerFamily.PERFORMER, Datasets.info("MNIST")));

    assertThat(cost.forward() / 1e9).isCloseTo(1.68, within(0.005));
    assertThat(cost.training()).isEqualTo(3 * cost.forward());
  }

  @Test
  void countsTheProductsOfContentAttention() {
    Cost cost = cost(tiny(PerformerFamily.PERFORMER));

    assertThat(work(cost, "block 0 attention"))
        .isEqualTo(
            products(
                product(50, 12, 12, 4), // query, key, value, output
                product(50, 4, 5, 3 * 2), // features of queries and keys
                product(5, 50, 4, 3), // keys by values
                product(50, 5, 4, 3))); // queries by that
    assertThat(work(cost, "block 1 attention"))
        .isEqualTo(
            products(
                product(50, 12, 12, 2), // key, value
                product(1, 12, 12, 2), // query, output
                product(50, 4, 5, 3),
                product(1, 4, 5, 3),
                product(5, 50, 4, 3),
                product(1, 5, 4, 3)));
    assertThat(work(cost, "block 0 feed-forward"))
        .isEqualTo(products(product(50, 12, 48, 1), product(50, 48, 12, 1)));
    assertThat(work(cost, "block 1 feed-forward"))
        .isEqualTo(products(product(1, 12, 48, 1), product(1, 48, 12, 1)));
    assertThat(work(cost, "output")).isEqualTo(products(product(1, 12, 10, 1)));
    assertThat(cost.forward())
        .isEqualTo(
            work(cost, "embedding")
                + work(cost, "block 0 attention")
                + work(cost, "block 0 feed-forward")
                + work(cost, "block 1 attention")
                + work(cost, "block 1 feed-forward")
                + work(cost, "output"));
    assertThat(cost(tiny(PerformerFamily.NOPOS_PERFORMER))).isEqualTo(cost);
  }

  @Test
  void countsTheProductsOfExactAttention() {
    assertThat(
            work(
                cost(tiny(PerformerFamily.PERFORMER).set(NO_PROJECTION, true)),
                "block 0 attention"))
        .isEqualTo(products(product(50, 12, 12, 4), product(50, 4, 50, 3), product(50, 50, 4, 3)));
  }

  @Test
  void countsTheProductsOfRelativeAttention() {
    // Two coordinates, pos_scales pairs each: width 4 + 2 * 2 pairs = 8, floor(8 ln 8) = 16.
    assertThat(
            work(
                cost(tiny(PerformerFamily.RELATIVE_PERFORMER).set(POS_SCALES, 1)),
                "block 0 attention"))
        .isEqualTo(
            products(
                product(50, 12, 12, 4),
                product(50, 8, 16, 3 * 2),
                product(16, 50, 4, 3),
                product(50, 16, 4, 3)));
    // With the second rotation: width 4 + 2 * 4, floor(12 ln 12) = 29; 2 numbers for each pair.
    assertThat(
            work(
                cost(
                    tiny(PerformerFamily.RELATIVE_PERFORMER)
                        .set(POS_SCALES, 1)
                        .set(CONTENT_REL_ATTN, true)),
                "block 0 attention"))
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
    assertThat(
            work(
                cost(tiny(PerformerFamily.CLIPPED_RELATIVE_PERFORMER).set(CLIPPING_DIST, 5)),
                "block 0 attention"))
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
    Cost few = cost(tiny(PerformerFamily.CLIPPED_RELATIVE_PERFORMER).set(CLIPPING_DIST, 14));
    Cost many = cost(tiny(PerformerFamily.CLIPPED_RELATIVE_PERFORMER).set(CLIPPING_DIST, 15));

    assertThat(work(many, "block 0 attention") - work(few, "block 0 attention"))
        .isEqualTo(products(product(1, 4, 5, 1), product(50, 5, 1, 2)));
  }

  @Test
  void countsTheProductsOfEveryEmbedding() {
    assertThat(work(cost(tiny(PerformerFamily.PERFORMER)), "embedding"))
        .isEqualTo(products(product(49, 3, 12, 1)));
    assertThat(
            work(
                cost(tiny(PerformerFamily.PERFORMER).set(EMBEDDING_TYPE, EmbeddingType.MLP)),
                "embedding"))
        .isEqualTo(products(product(49, 3, 48, 1), product(49, 48, 12, 1)));
    assertThat(
            work(
                cost(tiny(PerformerFamily.PERFORMER).set(EMBEDDING_TYPE, EmbeddingType.LOOKUP)),
                "embedding"))
        .isZero();
  }
}
