package org.imageperformer.serve;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.ModelInfo;
import org.imageperformer.savedmodels.SavedModelWriter;
import org.imageperformer.savedmodels.SignatureSpec;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/** SavedModels as other programs write them: without a description. */
final class TestModels {
  private TestModels() {}

  private static Shape rows(long... sizes) {
    return Shape.of(-1).append(Shape.of(sizes));
  }

  /** The model of TensorFlow Serving's documentation, y = x / 2 + 3; offset is 3 there. */
  static Path halfPlus(float offset, Path folder) throws IOException {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(rows()));
      tf.withName("y").math.add(tf.math.mul(x, tf.constant(0.5f)), tf.constant(offset));
      return write(graph, folder, signature("serving_default", Map.of("x", "x:0"), "y"));
    }
  }

  /** The three inputs of the documentation's examples; what they hold comes out again. */
  static Path threeInputs(Path folder) throws IOException {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TString> tag =
          tf.withName("tag").placeholder(TString.class, Placeholder.shape(rows()));
      Placeholder<TFloat32> signal =
          tf.withName("signal").placeholder(TFloat32.class, Placeholder.shape(rows(5)));
      Placeholder<TFloat32> sensor =
          tf.withName("sensor").placeholder(TFloat32.class, Placeholder.shape(rows(2, 2)));
      tf.withName("echo").identity(tag);
      tf.withName("twice").math.mul(sensor, tf.constant(2f));
      tf.withName("sum").reduceSum(signal, tf.constant(1));
      return write(
          graph,
          folder,
          signature(
              "serving_default",
              Map.of("tag", "tag:0", "signal", "signal:0", "sensor", "sensor:0"),
              "echo",
              "twice",
              "sum"));
    }
  }

  /** Several signatures with one input each. */
  static Path signatures(Path folder) throws IOException {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TString> text =
          tf.withName("text").placeholder(TString.class, Placeholder.shape(rows()));
      tf.withName("same").identity(text);
      tf.withName("raw_bytes").identity(text);
      Placeholder<TFloat32> pairs =
          tf.withName("pairs").placeholder(TFloat32.class, Placeholder.shape(rows(1, 2)));
      tf.withName("negative").math.neg(pairs);
      return write(
          graph,
          folder,
          signature("serving_default", Map.of("text", "text:0"), "same"),
          signature("bytes", Map.of("text", "text:0"), "raw_bytes"),
          signature("pairs", Map.of("pairs", "pairs:0"), "negative"));
    }
  }

  /** Takes pictures of bytes, and gives the mean of each channel for a probability. */
  static Path meanOfPixels(Path folder, int height, int width, int channels) throws IOException {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TUint8> pixels =
          tf.withName("pixels")
              .placeholder(TUint8.class, Placeholder.shape(rows(height, width, channels)));
      tf.withName("probabilities")
          .math
          .mean(tf.dtypes.cast(pixels, TFloat32.class), tf.constant(new int[] {1, 2}));
      return write(
          graph,
          folder,
          signature("serving_default", Map.of("pixels", "pixels:0"), "probabilities"));
    }
  }

  /** A picture with something in it. */
  static Path png(Path file, int width, int height) throws IOException {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < height; i++) {
      picture.setRGB(i * width / height, i, 0xffffff);
    }
    ImageIO.write(picture, "png", file.toFile());
    return file;
  }

  private static SignatureSpec signature(
      String name, Map<String, String> inputs, String... outputs) {
    Map<String, String> tensors = new TreeMap<>();
    for (String output : outputs) {
      tensors.put(output, output + ":0");
    }
    return new SignatureSpec(name, inputs, tensors);
  }

  private static Path write(Graph graph, Path folder, SignatureSpec... signatures)
      throws IOException {
    ModelInfo info =
        new ModelInfo(
            "other", "other", List.of("a", "b"), 1, 1, 1, 1, "example", "0", HParams.of(Map.of()));
    SavedModelWriter.write(graph, List.of(signatures), info, folder);
    Files.delete(folder.resolve("assets.extra/model.json"));
    return folder;
  }
}
