package org.imageperformer.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.training.Provenance;
import org.imageperformer.training.StopSignal;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.TrainingOptions;
import org.imageperformer.training.TrainingOutcome;
import org.imageperformer.training.TrainingRun;
import org.imageperformer.training.engine.GraphTrainable;
import org.imageperformer.training.engine.ModelExport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/** The example of library use learns, and what it exports does what it learned. */
class RelativeSequenceClassifierTest {
  private static final int SIDE = 4; // 16 samples
  private static final String NAME = "RelativeSequenceClassifier";
  private static final DatasetInfo SPIKES =
      new DatasetInfo(
          "Spikes",
          List.of("far", "near"),
          SIDE,
          SIDE,
          List.of(0f),
          List.of(0.5f), // a spike is 2
          false,
          Map.of("val_split", "32", "image_size", "4"));

  @TempDir Path folder;

  /** Spikes one sample from each other, or four to six. */
  private static ImageSet signals(int count, long seed) {
    Random random = new Random(seed);
    int samples = SIDE * SIDE;
    byte[] pixels = new byte[count * samples];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 2);
      int gap = labels[i] == 1 ? 1 : 4 + random.nextInt(3);
      int first = i * samples + random.nextInt(samples - gap);
      pixels[first] = (byte) 255;
      pixels[first + gap] = (byte) 255;
    }
    return ImageSet.of(pixels, labels, SIDE, SIDE, 1);
  }

  @Test
  void learnsAndExports() {
    Dataset data = new Dataset(SPIKES, signals(160, 1), signals(64, 2), List.of());
    TrainingConfig config =
        TrainingConfig.builder(new RelativeSequenceClassifier.Family(), NAME, SPIKES)
            .set(TrainingOptions.LOG_PATH, folder)
            .set(TrainingOptions.SEED, 1L)
            .set(TrainingOptions.MAX_EPOCHS, 60)
            .build();
    TrainingOutcome outcome =
        new TrainingRun(
                GraphTrainable::new,
                new ModelExport("example"),
                wanted -> data,
                new Provenance("example", Optional.empty(), "", "", 1),
                List.of(),
                new StopSignal())
            .start(config);
    assertThat(outcome.results().testAcc()).isGreaterThan(0.9);

    ImageSet test = data.test();
    try (SavedModelBundle bundle =
            SavedModelBundle.load(outcome.directory().resolve("saved_model").toString());
        TUint8 images = images(test);
        Result result = bundle.function("serving_default").call(Map.of("images", images))) {
      TInt64 classes = (TInt64) result.get("classes").orElseThrow();
      int right = 0;
      for (int i = 0; i < test.size(); i++) {
        right += classes.getLong(i) == test.label(i) ? 1 : 0;
      }
      assertThat((double) right / test.size()).isEqualTo(outcome.results().testAcc());
    }
  }

  @Test
  void namesTheModelsThatThereAre() {
    assertThatThrownBy(
            () ->
                TrainingConfig.builder(
                    new RelativeSequenceClassifier.Family(), "Performer", SPIKES))
        .hasMessage("unknown model 'Performer'; models of this family: " + NAME);
    assertThatThrownBy(
            () ->
                TrainingConfig.builder(new RelativeSequenceClassifier.Family(), NAME, SPIKES)
                    .set(RelativeSequenceClassifier.DIM, 5)
                    .build())
        .hasMessage("dim is 5, must be a multiple of 2");
  }

  private static TUint8 images(ImageSet set) {
    ByteBuffer bytes = ByteBuffer.allocate(set.size() * set.imageBytes());
    for (int i = 0; i < set.size(); i++) {
      set.copyImage(i, bytes);
    }
    return TUint8.tensorOf(
        Shape.of(set.size(), SIDE, SIDE, 1), DataBuffers.of(bytes.array(), true, false));
  }
}
