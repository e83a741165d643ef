package org.imageperformer.tools.equivariance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DEPTH;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DIM;
import static org.imageperformer.tfmodels.performer.PerformerOptions.HEADS;
import static org.imageperformer.tfmodels.performer.PerformerOptions.NO_PROJECTION;
import static org.imageperformer.training.TrainingOptions.IMAGE_SIZE;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.gsa.GsaOptions;
import org.imageperformer.tfmodels.performer.PerformerFamily;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.engine.EngineOptions;
import org.imageperformer.training.engine.ImageBatch;
import org.imageperformer.training.engine.Scaling;
import org.imageperformer.training.engine.TrainingGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EquivarianceProbeTest {
  private static final int SIDE = 11;

  private static Dataset dataset;

  @BeforeAll
  static void load() {
    dataset = Datasets.loadOffline(Datasets.info("MNISTSample"), Path.of("none"), SIDE);
  }

  private static TrainingConfig.Builder tiny(String kind) {
    return TrainingConfig.builder(kind, Datasets.info("MNISTSample"))
        .set(IMAGE_SIZE, SIDE)
        .set(DIM, 12)
        .set(HEADS, 3)
        .set(DEPTH, 2);
  }

  private static Map<String, float[]> initial(TrainingConfig config) {
    return config.spec().outline().weights().initialValues(5);
  }

  private static List<Move> moves(TrainingConfig.Builder builder) {
    TrainingConfig config = builder.build();
    List<Integer> done = new ArrayList<>();
    try (MovedModel model = new MovedModel(config, initial(config), 1)) {
      EquivarianceProbe.Outcome outcome =
          new EquivarianceProbe(
                  model,
                  7,
                  (count, total) -> {
                    assertThat(total).isEqualTo(config.get(NO_PROJECTION) ? 40 : 44);
                    done.add(count);
                  })
              .probe(dataset);
      assertThat(done).hasSameSizeAs(outcome.moves());
      assertThat(outcome.logitDeviation()).isPositive();
      return outcome.moves();
    }
  }

  private static double largest(List<Move> moves, Move.What what) {
    return moves.stream()
        .filter(move -> move.what() == what)
        .mapToDouble(move -> move.change().largest())
        .max()
        .orElseThrow();
  }

  private static List<LogitChange> changes(List<Move> moves, Move.What what) {
    return moves.stream().filter(move -> move.what() == what).map(Move::change).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"NoposPerformer", "ClippedRelativePerformer"})
  void modelsWithoutCoordinatesDoNotNotice(String kind) {
    List<Move> moves = moves(tiny(kind));

    assertThat(largest(moves, Move.What.POSITIONS)).isZero();
    assertThat(changes(moves, Move.What.EDGES)).isEqualTo(changes(moves, Move.What.PICTURE));
  }

  @Test
  void exactRelativeAttentionNoticesNothing() {
    List<Move> moves = moves(tiny(PerformerFamily.RELATIVE_PERFORMER).set(NO_PROJECTION, true));

    assertThat(largest(moves, Move.What.POSITIONS)).isBetween(0.0, 1e-4);
    assertThat(largest(moves, Move.What.PICTURE)).isGreaterThan(1e-3);
    assertThat(largest(moves, Move.What.EDGES))
        .isCloseTo(largest(moves, Move.What.PICTURE), within(1e-4));
    assertThat(changes(moves, Move.What.FEATURES)).isEmpty();
    assertThat(moves).allMatch(move -> move.images() > 0 && move.images() <= 7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Performer", "NoposPerformer", "RelativePerformer", "ClippedRelativePerformer"})
  void everyDrawOfRandomFeaturesIsAnother(String kind) {
    assertThat(changes(moves(tiny(kind)), Move.What.FEATURES))
        .hasSize(4)
        .doesNotHaveDuplicates()
        .allMatch(change -> change.mean() > 1e-6);
  }

  @Test
  void absolutePositionsAreNoticed() {
    List<Move> moves = moves(tiny(PerformerFamily.PERFORMER).set(NO_PROJECTION, true));

    assertThat(largest(moves, Move.What.POSITIONS)).isGreaterThan(1e-2);
    assertThat(largest(moves, Move.What.PICTURE)).isGreaterThan(1e-3);
    assertThat(moves.subList(0, 5))
        .extracting(Move::rows, Move::columns)
        .containsExactly(tuple(1, 0), tuple(-1, 0), tuple(0, 1), tuple(0, -1), tuple(2, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Performer", "NoposPerformer", "RelativePerformer", "ClippedRelativePerformer"})
  void withoutAMoveTheModelIsThatOfTheTraining(String kind) {
    TrainingConfig config = tiny(kind).build();
    ImageSet images = dataset.test().first(5);
    Map<String, float[]> weights = initial(config);
    try (MovedModel model = new MovedModel(config, weights, 1);
        TrainingGraph graph =
            new TrainingGraph(
                config.spec(),
                Scaling.of(config),
                new EngineOptions(1, 5, 1, 1, PassOptions.PLAIN))) {
      graph.assign(weights);
      float[][] expected = graph.logits(ImageBatch.of(images, new int[] {0, 1, 2, 3, 4}));
      float[][] found = model.logits(images, 0, 0);
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).containsExactly(expected[i], within(1e-5f));
      }
    }
  }

  /** A small net with random weights, none of them zero. */
  private static List<Move> turns(String group, String encoding) {
    TrainingConfig config =
        TrainingConfig.builder("GroupSelfAttention", Datasets.info("MNISTSample"))
            .set(IMAGE_SIZE, 8)
            .argument(GsaOptions.GROUP, group)
            .argument(GsaOptions.GROUP_ENCODING, encoding)
            .argument(GsaOptions.PATCH_SIZE, "3")
            .argument(GsaOptions.NUM_CHANNELS, "8")
            .argument(GsaOptions.NUM_HEADS, "2")
            .argument(GsaOptions.BLOCK_SIZES, "1,1")
            .argument(GsaOptions.EXPANSION_PER_BLOCK, "1,1")
            .argument(GsaOptions.CROP_PER_LAYER, "0,0")
            .build();
    Dataset small = Datasets.loadOffline(config.dataset(), Path.of("none"), 8);
    try (MovedModel model = new MovedModel(config, initial(config), 1)) {
      assertThat(model.readsPositions()).isFalse();
      return new EquivarianceProbe(model, 3, (done, total) -> {})
          .probe(small).moves().stream()
              .filter(
                  move -> move.what() == Move.What.TURNED || move.what() == Move.What.INTERPOLATED)
              .toList();
    }
  }

  @Test
  void everyElementOfAGroupIsTried() {
    List<Move> moves = turns("p4m", "relative");

    assertThat(moves)
        .extracting(Move::label)
        .containsExactly(
            "turned 90",
            "turned 180",
            "turned 270",
            "mirrored",
            "mirrored turned 90",
            "mirrored turned 180",
            "mirrored turned 270");
    assertThat(largest(moves, Move.What.TURNED)).isLessThan(1e-4);
    assertThat(moves).allMatch(move -> move.images() == 3 && move.change().classes() == 0);
    assertThat(largest(turns("p4m", "acted"), Move.What.TURNED)).isGreaterThan(1e-3);
  }

  @Test
  void whatInterpolationLeavesIsToldApart() {
    List<Move> moves = turns("p8", "relative");

    assertThat(moves)
        .extracting(Move::label)
        .containsExactly(
            "turned 45 interpolated",
            "turned 90",
            "turned 135 interpolated",
            "turned 180",
            "turned 225 interpolated",
            "turned 270",
            "turned 315 interpolated");
    assertThat(largest(moves, Move.What.TURNED)).isLessThan(1e-4);
    assertThat(largest(moves, Move.What.INTERPOLATED)).isGreaterThan(1e-2);
    assertThat(turns("z2", "relative")).isEmpty();
  }

  @Test
  void changesAreMeasuredOverAllLogits() {
    LogitChange change =
        LogitChange.between(
            new float[][] {{1, 2, 3}, {0, 5, 0}}, new float[][] {{1, 2, 1}, {0, 5, 1}});

    assertThat(change).isEqualTo(new LogitChange(2, 0.5, 1));
  }
}
