package org.imageperformer.eval;

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
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.ModelInfo;
import org.imageperformer.savedmodels.SavedModelWriter;
import org.imageperformer.savedmodels.SignatureSpec;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.image.DecodePng;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/** Runs of a linear classifier with fixed weights, and images for them. */
final class TinyRuns {

  static final int HEIGHT = 7;
  static final int WIDTH = 13;
  static final int CLASSES = 10;
  static final int TRAIN = 53;
  static final int TEST = 41;

  private TinyRuns() {}

  /** Weights, [height * width * channels, classes]; another seed, another model. */
  static float[] weights(int channels, int seed) {
    float[] weights = new float[HEIGHT * WIDTH * channels * CLASSES];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) Math.sin(i * 0.7 + seed) * 0.01f;
    }
    return weights;
  }

  /** Logits of the model, computed here. */
  static double[] logits(byte[] image, int channels, int seed) {
    float[] weights = weights(channels, seed);
    double[] logits = new double[CLASSES];
    for (int pixel = 0; pixel < image.length; pixel++) {
      for (int c = 0; c < CLASSES; c++) {
        logits[c] += (image[pixel] & 0xff) * (double) weights[pixel * CLASSES + c];
      }
    }
    return logits;
  }

  /** Gray images with empty margins of 2 to 5 columns left and 3 to 5 right; labels 0 to 9. */
  static ImageSet images(int count, int seed) {
    byte[] pixels = new byte[count * HEIGHT * WIDTH];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) ((i * 7 + seed) % CLASSES);
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 2 + i % 4; x < WIDTH - 3 - i % 3; x++) {
          pixels[(i * HEIGHT + y) * WIDTH + x] =
              (byte) (1 + (i * 31 + y * 17 + x * 13 + seed) % 255);
        }
      }
    }
    return ImageSet.of(pixels, labels, HEIGHT, WIDTH, 1);
  }

  static Dataset dataset(DatasetInfo name) {
    int seed = name.name().length();
    return new Dataset(name, images(TRAIN, seed), images(TEST, seed + 100), List.of());
  }

  /** A source of {@link #dataset} that notes what it was asked for. */
  static final class Source implements DatasetSource {
    final List<String> loaded = new ArrayList<>();

    @Override
    public Dataset load(DatasetInfo name, Path dataPath, int imageSize) {
      loaded.add(name + " " + dataPath + " " + imageSize);
      return dataset(name);
    }
  }

  static EvalOptions options(DatasetSource source) {
    return new EvalOptions(LoadOptions.cpu(2), Optional.empty(), source, EvalListener.silent());
  }

  static Map<String, Object> hparams(String dataset) {
    Map<String, Object> hparams = new LinkedHashMap<>();
    hparams.put("model", "Tiny");
    hparams.put("dataset", dataset);
    hparams.put("learning_rate", 5.0E-5);
    hparams.put("image_size", HEIGHT);
    hparams.put("no_projection", false);
    hparams.put("max_steps", null);
    hparams.put("seed", 3);
    hparams.put("val_split", 19);
    hparams.put("n_parameters", 910);
    return hparams;
  }

  /** A run with its SavedModel. */
  static Path run(Path folder, Map<String, Object> hparams, int seed) throws IOException {
    Files.createDirectories(folder);
    HParams values = HParams.of(hparams);
    values.write(folder.resolve("hparams.json"));
    model(folder.resolve("saved_model"), 1, seed, false);
    return folder;
  }

  static Path run(Path folder) throws IOException {
    return run(folder, hparams("MNIST"), 0);
  }

  /** A SavedModel; the encoded images it takes are one PNG, whatever its size. */
  static Path model(Path target, int channels, int seed, boolean encoded) {
    int pixels = HEIGHT * WIDTH * channels;
    List<String> classes = Datasets.info("MNIST").classNames();
    ModelInfo info =
        new ModelInfo(
            "Tiny",
            "MNIST",
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
      List<SignatureSpec> signatures = new ArrayList<>();
      Placeholder<TUint8> images =
          tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, HEIGHT, WIDTH, channels)));
      Operand<TFloat32> raw =
          logits(tf, tf.dtypes.cast(images, TFloat32.class), pixels, channels, seed);
      signatures.add(
          SignatureSpec.servingDefault(images, raw, tf.nn.softmax(raw), argMax(tf, raw)));
      if (encoded) {
        Placeholder<TString> bytes = tf.placeholder(TString.class, Placeholder.shape(Shape.of(-1)));
        Operand<TUint8> decoded =
            tf.image.decodePng(
                tf.reshape(bytes, tf.constant(new int[0])),
                TUint8.class,
                DecodePng.channels((long) channels));
        Operand<TFloat32> resized =
            tf.image.resizeBilinear(
                tf.expandDims(decoded, tf.constant(0)), tf.array(HEIGHT, WIDTH));
        // The batch of one that comes out of the decoder, declared as a batch of any size.
        Operand<TFloat32> batch =
            tf.placeholderWithDefault(resized, Shape.of(-1, HEIGHT, WIDTH, channels));
        Operand<TFloat32> logits = logits(tf, batch, pixels, channels, seed);
        signatures.add(
            SignatureSpec.encodedImages(bytes, logits, tf.nn.softmax(logits), argMax(tf, logits)));
      }
      SavedModelWriter.write(graph, signatures, info, target);
    }
    return target;
  }

  private static Operand<TInt64> argMax(Ops tf, Operand<TFloat32> logits) {
    return tf.math.argMax(logits, tf.constant(1), TInt64.class);
  }

  private static Operand<TFloat32> logits(
      Ops tf, Operand<TFloat32> images, int pixels, int channels, int seed) {
    return tf.linalg.matMul(
        tf.reshape(images, tf.array(-1, pixels)),
        tf.constant(
            NdArrays.wrap(Shape.of(pixels, CLASSES), DataBuffers.of(weights(channels, seed)))));
  }
}
