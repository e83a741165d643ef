package org.imageperformer.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.Shifts;
import org.imageperformer.datasets.Turn;
import org.imageperformer.datasets.TurnedImages;
import org.imageperformer.eval.Evaluation;
import org.imageperformer.eval.Evaluator;
import org.imageperformer.eval.RunData;
import org.imageperformer.eval.SweepAxis;
import org.imageperformer.eval.SweepCsv;
import org.imageperformer.eval.SweepRow;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.Results;
import org.imageperformer.savedmodels.SavedModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.NodeDef;

/**
 * The trained models in {@code pretrained} do on the shipped samples, the first 1,000 test images
 * of their sets, what {@code results} says of the whole sets.
 */
class PretrainedTest {
  private static final Path MODELS = Path.of("../pretrained");
  private static final Path RESULTS = Path.of("../results");
  private static final String TURNED = "RotMNISTMade";
  private static final int FEW = 60;
  private static final int MANY = 500;

  /** Further than this from what is expected, in standard errors, it is not by chance. */
  private static final double DEVIATIONS = 4;

  private static final Set<Integer> LABELS = Set.of(1);
  private static final int MIN_SHIFT = 8;

  static List<Path> models() {
    try (Stream<Path> folders = Files.list(MODELS)) {
      return folders.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyModelIsThereForBothSets() {
    assertThat(models().stream().map(folder -> folder.getFileName().toString()))
        .containsExactlyInAnyOrder(
            "clipped-fashion",
            "clipped-mnist",
            "clipped-none-fashion",
            "clipped-none-mnist",
            "equivariant-fashion",
            "equivariant-mnist",
            "gsa-p4-rotmnist",
            "gsa-z2-rotmnist",
            "nopos-fashion",
            "nopos-mnist",
            "performer-fashion",
            "performer-mnist",
            "relative-fashion",
            "relative-mnist");
  }

  /** In models of earlier versions, too. */
  @ParameterizedTest
  @ValueSource(strings = {"performer-mnist", "clipped-fashion", "equivariant-mnist"})
  void everyLayerNormIsOneKernel(String name) {
    assumeThat(TensorFlow.registeredOpList().getOpList())
        .anyMatch(op -> op.getName().equals("_MklLayerNorm"));
    RunData run = RunData.read(MODELS.resolve(name), Optional.empty());
    try (SavedModel model = run.loadModel(LoadOptions.cpu(1))) {
      ByteBuffer image = ByteBuffer.allocateDirect(model.info().imageBytes());
      assertThat(model.profile(image, 1).getPartitionGraphsList())
          .flatMap(graph -> graph.getNodeList())
          .extracting(NodeDef::getOp)
          .contains("_MklLayerNorm")
          .doesNotContain("Rsqrt");
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void recognisesTheSample(Path folder) {
    checkSample(folder, FEW);
    checkChanged(folder, FEW / 2);
  }

  @ParameterizedTest
  @MethodSource("models")
  @Tag("slow")
  void recognisesMoreOfTheSample(Path folder) {
    checkSample(folder, MANY);
    checkChanged(folder, MANY);
  }

  private static void checkSample(Path folder, int size) {
    RunData run = RunData.read(folder, Optional.empty());
    Results expected = Results.read(folder.resolve("results.json"));
    try (SavedModel model = run.loadModel(LoadOptions.cpu(1))) {
      Evaluation found = evaluate(model, sample(run).first(size));
      assertThat(found.accuracy())
          .as("accuracy")
          .isCloseTo(expected.testAcc(), within(error(expected.testAcc(), size)));
      // Few images carry most of an accurate model's loss: a sample without them has a small
      // deviation, the table's images have another.
      double deviation = Math.max(found.lossStd(), row(run, 0).lossStd());
      assertThat(found.loss())
          .as("loss")
          .isCloseTo(expected.testLoss(), within(DEVIATIONS * deviation / Math.sqrt(size)));
    }
  }

  /** Moved or turned images, as often as the table says. */
  private static void checkChanged(Path folder, int most) {
    RunData run = RunData.read(folder, Optional.empty());
    boolean turned = axis(run) == SweepAxis.ANGLE;
    ImageSet test = sample(run);
    ImageSet all = turned ? test : test.subset(Shifts.qualifying(test, LABELS, MIN_SHIFT));
    ImageSet images = all.first(Math.min(most, all.size()));
    try (SavedModel model = run.loadModel(LoadOptions.cpu(1))) {
      for (int change : turned ? new int[] {45, 90} : new int[] {-MIN_SHIFT, MIN_SHIFT}) {
        double expected = row(run, change).accuracyMean();
        ImageSet changed =
            turned
                ? new TurnedImages(images, Turn.by(change), false).toSet()
                : Shifts.shifted(images, change);
        assertThat(evaluate(model, changed).accuracy())
            .as("%s %d", axis(run).column(), change)
            .isCloseTo(expected, within(error(expected, images.size())));
      }
    }
  }

  private static SweepAxis axis(RunData run) {
    return run.key().dataset().name().equals(TURNED) ? SweepAxis.ANGLE : SweepAxis.SHIFT;
  }

  /**
   * The paper's claim, on which the page of results rests; NoposPerformer has it for nothing.
   * Convolutions lose some.
   */
  @ParameterizedTest
  @ValueSource(strings = {"MNIST", "FashionMNIST"})
  void theTablesShowThatShiftsHurtAbsolutePositionsAlone(String dataset) {
    List<SweepRow> far =
        new SweepCsv(SweepAxis.SHIFT)
            .read(RESULTS.resolve(dataset + "_1_shift.csv")).stream()
                .filter(row -> Math.abs(row.change()) >= 5)
                .filter(row -> row.runDir().contains("Performer"))
                .toList();

    assertThat(far).hasSize(6 * 8);
    assertThat(far)
        .allSatisfy(
            row -> {
              if (row.runDir().contains("/Performer_")) {
                assertThat(row.accuracyMean()).as(row.toString()).isLessThan(0.05);
              } else {
                assertThat(row.accuracyMean()).as(row.toString()).isGreaterThan(0.5);
              }
            });
  }

  /** Exactly equivariant: the same accuracy and, up to rounding, the same loss at every shift. */
  @ParameterizedTest
  @ValueSource(strings = {"MNIST", "FashionMNIST"})
  void theTablesShowThatNothingChangesForTheEquivariantModel(String dataset) {
    List<SweepRow> rows =
        new SweepCsv(SweepAxis.SHIFT)
            .read(RESULTS.resolve(dataset + "_1_shift.csv")).stream()
                .filter(row -> row.runDir().contains("/EquivariantPerformer_"))
                .toList();

    assertThat(rows).hasSize(2 * MIN_SHIFT + 1);
    SweepRow first = rows.get(0);
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.accuracyMean()).isEqualTo(first.accuracyMean());
              assertThat(row.lossMean()).isCloseTo(first.lossMean(), within(1e-6));
            });
  }

  /** Quarter turns change nothing for a network that knows them, and something for every other. */
  @Test
  void theTableOfTurnsShowsWhoKnowsQuarterTurns() {
    Map<String, List<SweepRow>> byRun =
        new SweepCsv(SweepAxis.ANGLE)
            .read(RESULTS.resolve(TURNED + "_rotation.csv")).stream()
                .collect(Collectors.groupingBy(row -> row.runDir().replaceAll(".*/", "")));

    assertThat(byRun).containsOnlyKeys("p4", "p4m", "p8", "z2", "Z2CNN", "Performer");
    byRun.forEach(
        (run, rows) -> {
          assertThat(rows).as(run).hasSize(24);
          List<Double> losses =
              rows.stream().filter(row -> row.change() % 90 == 0).map(SweepRow::lossMean).toList();
          double spread = Collections.max(losses) - Collections.min(losses);
          if (Set.of("p4", "p4m", "p8").contains(run)) {
            assertThat(spread).as(run).isLessThan(1e-5);
          } else {
            assertThat(spread).as(run).isGreaterThan(1e-3);
          }
        });
    assertThat(mean(byRun.get("p4"))).isGreaterThan(mean(byRun.get("z2")));
  }

  private static double mean(List<SweepRow> rows) {
    return rows.stream().mapToDouble(SweepRow::accuracyMean).average().orElseThrow();
  }

  private static Evaluation evaluate(SavedModel model, ImageSet images) {
    return new Evaluator(model).evaluate(images, done -> {});
  }

  /** Of a share of so many images; never less than that of a single image being taken wrongly. */
  private static double error(double share, int images) {
    return DEVIATIONS * Math.sqrt(Math.max(share * (1 - share), 1.0 / images) / images);
  }

  private static SweepRow row(RunData run, int change) {
    String name = run.hparams().string("version");
    String table =
        run.key().dataset().name() + (axis(run) == SweepAxis.ANGLE ? "_rotation" : "_1_shift");
    return new SweepCsv(axis(run))
        .read(RESULTS.resolve(table + ".csv")).stream()
            .filter(row -> row.runDir().endsWith("/" + name) && row.change() == change)
            .findFirst()
            .orElseThrow();
  }

  /** Of turned digits there is one sample, however the large set was made. */
  private static ImageSet sample(RunData run) {
    String dataset = run.key().dataset().name();
    String sample = dataset.equals(TURNED) ? "RotMNISTSample" : dataset + "Sample";
    return Datasets.loadOffline(Datasets.info(sample), Path.of("none"), run.key().imageSize())
        .test();
  }
}
