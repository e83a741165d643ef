package org.imageperformer.tools.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.eval.DatasetSource;
import org.imageperformer.eval.EvalListener;
import org.imageperformer.eval.EvalOptions;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.ModelInfo;
import org.imageperformer.savedmodels.Results;
import org.imageperformer.savedmodels.SavedModelWriter;
import org.imageperformer.savedmodels.SignatureSpec;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/** Runs of a linear classifier with fixed weights, and images for them. */
final class TinyRuns {
  static final int HEIGHT = 7;
  static final int WIDTH = 17;
  static final int CLASSES = 10;
  static final int TEST = 61;

  private TinyRuns() {}

  static int channels(DatasetInfo name) {
    return name.channels();
  }

  /** Weights, [height * width * channels, classes]; another seed, another model. */
  private static float[] weights(int channels, int seed) {
    float[] weights = new float[HEIGHT * WIDTH * channels * CLASSES];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) Math.sin(i * 0.7 + seed) * 0.002f;
    }
    return weights;
  }

  /** Probabilities of the model, computed here. */
  static double[] probabilities(ImageSet images, int index, int seed) {
    byte[] image = new byte[images.imageBytes()];
    images.copyImage(index, image, 0);
    float[] weights = weights(images.channels(), seed);
    double[] values = new double[CLASSES];
    for (int pixel = 0; pixel < image.length; pixel++) {
      for (int c = 0; c < CLASSES; c++) {
        values[c] += (image[pixel] & 0xff) * (double) weights[pixel * CLASSES + c];
      }
    }
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      values[c] = Math.exp(values[c]);
      sum += values[c];
    }
    for (int c = 0; c < CLASSES; c++) {
      values[c] /= sum;
    }
    return values;
  }

  static int argMax(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  /** Images with empty margins of 4 to 6 columns at both sides; labels 0 to 9. */
  static ImageSet images(int count, int channels) {
    byte[] pixels = new byte[count * HEIGHT * WIDTH * channels];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i * 7 % CLASSES);
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 4 + i % 3; x < WIDTH - 4 - i % 3; x++) {
          for (int c = 0; c < channels; c++) {
            int at = ((i * HEIGHT + y) * WIDTH + x) * channels + c;
            pixels[at] = (byte) (1 + (i * 31 + y * 17 + x * 13 + c * 5) % 255);
          }
        }
      }
    }
    return ImageSet.of(pixels, labels, HEIGHT, WIDTH, channels);
  }

  static DatasetSource source() {
    return (name, dataPath, imageSize) ->
        new Dataset(name, images(53, channels(name)), images(TEST, channels(name)), List.of());
  }

  /** Notes what it is told of failures. */
  static final class Failures implements EvalListener {
    final List<String> lines = new ArrayList<>();

    @Override
    public void progress(Path run, String part, int done, int total) {}

    @Override
    public void finished(Path run) {}

    @Override
    public void skipped(Path run, String reason) {}

    @Override
    public void failed(Path run, RuntimeException reason) {
      lines.add(run.getFileName() + ": " + reason.getMessage());
    }
  }

  static EvalOptions options(EvalListener listener) {
    return new EvalOptions(LoadOptions.cpu(2), Optional.empty(), source(), listener);
  }

  static Map<String, Object> hparams(DatasetInfo dataset) {
    Map<String, Object> hparams = new LinkedHashMap<>();
    hparams.put("model", "Tiny");
    hparams.put("dataset", dataset.name());
    hparams.put("learning_rate", 5.0E-5);
    hparams.put("batch_size", 16);
    hparams.put("no_projection", false);
    hparams.put("max_steps", null);
    hparams.put("seed", 3);
    hparams.put("n_parameters", 12345);
    return hparams;
  }

  /** A run with everything that training leaves. */
  static Path run(Path folder, DatasetInfo dataset, int seed) throws IOException {
    Path run = bare(folder, hparams(dataset), dataset, dataset.classNames(), seed);
    new Results(0.75 + seed, 0.5, 0.25, 0.125, 12345).write(run.resolve("results.json"));
    Files.writeString(
        run.resolve("metrics.csv"),
        """
        epoch,step,train/loss,train/acc,val/loss,val/acc,learning_rate,images_per_second,seconds
        1,10,2.5,0.25,2.25,0.3,0.001,,1.5
        2,20,1.5,0.5,1.25,0.6,0.001,100.0,3.5
        3,30,1.0,0.75,NaN,0.7,0.001,100.0,5.5
        """);
    return run;
  }

  /** A run with its hyperparameters and its model. */
  static Path bare(
      Path folder, Map<String, Object> hparams, DatasetInfo dataset, List<String> classes, int seed)
      throws IOException {
    Files.createDirectories(folder);
    HParams.of(hparams).write(folder.resolve("hparams.json"));
    model(folder.resolve("saved_model"), dataset, classes, seed);
    return folder;
  }

  private static void model(Path target, DatasetInfo dataset, List<String> classes, int seed) {
    int channels = channels(dataset);
    int pixels = HEIGHT * WIDTH * channels;
    ModelInfo info =
        new ModelInfo(
            "Tiny",
            dataset.name(),
            classes,
            HEIGHT,
            WIDTH,
            channels,
            16,
            ModelInfo.EXAMPLE,
            "0.1.0",
            HParams.of(Map.of()));
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TUint8> images =
          tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, HEIGHT, WIDTH, channels)));
      Operand<TFloat32> logits =
          tf.linalg.matMul(
              tf.reshape(tf.dtypes.cast(images, TFloat32.class), tf.array(-1, pixels)),
              tf.constant(
                  NdArrays.wrap(
                      Shape.of(pixels, CLASSES), DataBuffers.of(weights(channels, seed)))));
      SavedModelWriter.write(
          graph,
          List.of(
              SignatureSpec.servingDefault(
                  images,
                  logits,
                  tf.nn.softmax(logits),
                  tf.math.argMax(logits, tf.constant(1), TInt64.class))),
          info,
          target);
    }
  }
}
