package org.imageperformer.savedmodels;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * A linear classifier with fixed weights: what a SavedModel of the product looks like, in small.
 */
final class TinyModel {

  static final int HEIGHT = 5;
  static final int WIDTH = 7;
  static final int CHANNELS = 3;
  static final int CLASSES = 11;
  static final int PIXELS = HEIGHT * WIDTH * CHANNELS;

  private TinyModel() {}

  /** Weights, [pixels, classes]. */
  static float[] weights() {
    float[] weights = new float[PIXELS * CLASSES];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) Math.sin(i * 0.7) * 0.01f;
    }
    return weights;
  }

  static float[] bias() {
    float[] bias = new float[CLASSES];
    for (int c = 0; c < CLASSES; c++) {
      bias[c] = c * 0.5f;
    }
    return bias;
  }

  /** The logits that the model should give, computed here. */
  static float[] expectedLogits(byte[] image) {
    float[] weights = weights();
    float[] logits = new float[CLASSES];
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      for (int c = 0; c < CLASSES; c++) {
        logits[c] += (image[pixel] & 0xff) * weights[pixel * CLASSES + c];
      }
    }
    for (int c = 0; c < CLASSES; c++) {
      logits[c] += bias()[c];
    }
    return logits;
  }

  static byte[] images(int count) {
    byte[] images = new byte[count * PIXELS];
    for (int i = 0; i < images.length; i++) {
      images[i] = (byte) (i * 37 + i / PIXELS * 11);
    }
    return images;
  }

  static ModelInfo info() {
    return info(ModelInfo.EXAMPLE);
  }

  static ModelInfo info(String keyStabilizer) {
    return info(keyStabilizer, Optional.empty());
  }

  static ModelInfo info(String keyStabilizer, Optional<Integer> imagesAtOnce) {
    List<String> classes = new ArrayList<>();
    for (int i = 0; i < CLASSES; i++) {
      classes.add("class " + i);
    }
    return new ModelInfo(
        "Tiny",
        "TinyData",
        classes,
        HEIGHT,
        WIDTH,
        CHANNELS,
        16,
        keyStabilizer,
        "0.1.0",
        HParams.of(Map.of("learning_rate", 5e-5)),
        Set.of(),
        imagesAtOnce);
  }

  /** Adds the model to a graph; both signatures. */
  static List<SignatureSpec> build(Graph graph) {
    return build(graph, false);
  }

  /** With {@code batchMaximum} every logit is shifted by the largest pixel of the batch. */
  static List<SignatureSpec> build(Graph graph, boolean batchMaximum) {
    Ops tf = Ops.create(graph);
    Placeholder<TUint8> images =
        tf.withName("images")
            .placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, HEIGHT, WIDTH, CHANNELS)));
    SignatureSpec raw;
    {
      var floats = tf.dtypes.cast(images, TFloat32.class);
      var flat = tf.reshape(floats, tf.array(-1, PIXELS));
      var logits = logits(tf, flat);
      if (batchMaximum) {
        logits = tf.math.add(logits, tf.reduceMax(flat, tf.array(0, 1), ReduceMax.keepDims(true)));
      }
      raw =
          SignatureSpec.servingDefault(
              images,
              logits,
              tf.nn.softmax(logits),
              tf.math.argMax(logits, tf.constant(1), TInt64.class));
    }
    Placeholder<TString> encoded =
        tf.withName("image_bytes").placeholder(TString.class, Placeholder.shape(Shape.of(-1)));
    var flat = tf.io.decodeRaw(encoded, TUint8.class);
    var logits = logits(tf, tf.dtypes.cast(flat, TFloat32.class));
    return List.of(
        raw,
        SignatureSpec.encodedImages(
            encoded,
            logits,
            tf.nn.softmax(logits),
            tf.math.argMax(logits, tf.constant(1), TInt64.class)));
  }

  private static Operand<TFloat32> logits(Ops tf, Operand<TFloat32> flat) {
    return tf.nn.biasAdd(
        tf.linalg.matMul(
            flat, tf.constant(NdArrays.wrap(Shape.of(PIXELS, CLASSES), DataBuffers.of(weights())))),
        tf.constant(bias()));
  }

  static Path write(Path target) {
    return write(target, info());
  }

  static Path write(Path target, ModelInfo info) {
    try (Graph graph = new Graph()) {
      SavedModelWriter.write(graph, build(graph, info.dependsOnBatch()), info, target);
    }
    return target;
  }
}
