package org.imageperformer.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** What was learned from upright pieces holds for turned ones, in the exported model, too. */
class PieceClassifierTest {
  private static final int SIDE = 8;

  /** Three pixels up and a foot, to the right or to the left: no turn makes one of the other. */
  private static final DatasetInfo PIECES =
      new DatasetInfo(
          "Pieces",
          List.of("J", "L"),
          SIDE,
          SIDE,
          List.of(0f),
          List.of(0.5f),
          false,
          Map.of("val_split", "32", "image_size", "8"));

  @TempDir Path folder;

  private static ImageSet upright(int count, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[count * SIDE * SIDE];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 2);
      int row = 1 + random.nextInt(SIDE - 4);
      int column = 2 + random.nextInt(SIDE - 4);
      for (int y = row; y < row + 3; y++) {
        pixels[(i * SIDE + y) * SIDE + column] = (byte) 255;
      }
      int foot = labels[i] == 1 ? column + 1 : column - 1;
      pixels[(i * SIDE + row + 2) * SIDE + foot] = (byte) 255;
    }
    return ImageSet.of(pixels, labels, SIDE, SIDE, 1);
  }

  /** By 90 degrees, counterclockwise. */
  private static byte[] turned(byte[] images) {
    byte[] turned = new byte[images.length];
    for (int i = 0; i < images.length; i++) {
      int row = i / SIDE % SIDE;
      int column = i % SIDE;
      turned[i] = images[i + (column - row) * SIDE + SIDE - 1 - row - column];
    }
    return turned;
  }

  @Test
  void knowsTurnedPiecesWithoutHavingSeenOne() {
    Dataset data = new Dataset(PIECES, upright(160, 1), upright(64, 2), List.of());
    TrainingConfig config =
        TrainingConfig.builder(new PieceClassifier.Family(), "PieceClassifier", PIECES)
            .set(TrainingOptions.LOG_PATH, folder)
            .set(TrainingOptions.SEED, 1L)
            .set(TrainingOptions.MAX_EPOCHS, 15)
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

    byte[] images = pixels(data.test());
    try (SavedModelBundle bundle =
        SavedModelBundle.load(outcome.directory().resolve("saved_model").toString())) {
      float[] logits = logits(bundle, images);
      float largest = 0;
      for (float logit : logits) {
        largest = Math.max(largest, Math.abs(logit));
      }
      for (int turns = 1; turns < 4; turns++) {
        images = turned(images);
        assertThat(logits(bundle, images)).containsExactly(logits, within(1e-5f * largest));
      }
    }
  }

  private static byte[] pixels(ImageSet set) {
    ByteBuffer bytes = ByteBuffer.allocate(set.size() * set.imageBytes());
    for (int i = 0; i < set.size(); i++) {
      set.copyImage(i, bytes);
    }
    return bytes.array();
  }

  private static float[] logits(SavedModelBundle bundle, byte[] pixels) {
    int count = pixels.length / (SIDE * SIDE);
    try (TUint8 images =
            TUint8.tensorOf(Shape.of(count, SIDE, SIDE, 1), DataBuffers.of(pixels, true, false));
        Result result = bundle.function("serving_default").call(Map.of("images", images))) {
      TFloat32 logits = (TFloat32) result.get("logits").orElseThrow();
      float[] values = new float[count * PIECES.classNames().size()];
      logits.copyTo(DataBuffers.of(values));
      return values;
    }
  }
}
