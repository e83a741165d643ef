package org.imageperformer.tfmodels.models;

import java.util.List;
import org.imageperformer.tfmodels.graph.Dims;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.image.DecodeImage;
import org.tensorflow.op.image.ScaleAndTranslate;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * People's pictures as a model's images, in operations of the graph: decoded, transparent parts
 * filled, paper made black, padded and resized as {@code predict} does it (cli.md, "The
 * SavedModel"). EXIF data is out of reach of TensorFlow's operations.
 *
 * @param height rows of the model's images
 * @param width columns of the model's images
 * @param channels 1 or 3
 * @param blackMargins whether the images of the data set have empty, black margins; then a picture
 *     with light ones is inverted
 */
record EncodedImages(int height, int width, int channels, boolean blackMargins) {

  /**
   * Adds the decoding to a graph.
   *
   * @param imageBytes PNG or JPEG, [batch]
   * @return [batch, height, width, channels]
   */
  Operand<TUint8> decode(Ops tf, Operand<TString> imageBytes) {
    try (ConcreteFunction decode = ConcreteFunction.create(this::one)) {
      Operand<?> all =
          tf.mapDefun(
                  List.of(imageBytes),
                  List.of(),
                  List.of(TUint8.class),
                  List.of(Shape.of(height, width, channels)),
                  decode)
              .iterator()
              .next();
      @SuppressWarnings("unchecked") // Asked for as uint8.
      Operand<TUint8> bytes = (Operand<TUint8>) all;
      return tf.reshape(bytes, Dims.of(tf, -1, height, width, channels));
    }
  }

  private Signature one(Ops tf) {
    Placeholder<TString> contents =
        tf.placeholder(TString.class, Placeholder.shape(Shape.scalar()));
    Operand<TFloat32> picture = opaque(tf, decoded(tf, contents, channels), alpha(tf, contents));
    if (blackMargins) {
      picture = onBlack(tf, picture);
    }
    return Signature.builder()
        .input("contents", contents)
        .output("image", fit(tf, picture))
        .build();
  }

  /** [rows, columns, channels] of the picture's own, 0 to 255; 0 channels for those of the file. */
  private static Operand<TFloat32> decoded(Ops tf, Operand<TString> contents, long channels) {
    return tf.dtypes.cast(
        tf.image.decodeImage(
            contents,
            TUint8.class,
            DecodeImage.channels(channels),
            DecodeImage.expandAnimations(false)),
        TFloat32.class);
  }

  /** The opacity, [rows, columns, 1]: the last of two or four channels, or 255. */
  private static Operand<TFloat32> alpha(Ops tf, Operand<TString> contents) {
    Operand<TFloat32> stored = decoded(tf, contents, 0);
    Operand<TInt32> count = tf.slice(tf.shape(stored), Dims.of(tf, 2), Dims.of(tf, 1));
    Operand<TInt32> one = Dims.of(tf, 1);
    Operand<TFloat32> last =
        tf.slice(
            stored,
            tf.concat(List.of(Dims.of(tf, 0, 0), tf.math.sub(count, one)), tf.constant(0)),
            Dims.of(tf, -1, -1, 1));
    Operand<TFloat32> odd = tf.dtypes.cast(tf.math.floorMod(count, Dims.of(tf, 2)), TFloat32.class);
    return tf.math.add(
        tf.math.mul(last, tf.math.sub(tf.constant(1f), odd)), tf.math.mul(tf.constant(255f), odd));
  }

  /**
   * Fills what is transparent: where less than half of a picture is there, that is the ink, and
   * gets a background unlike it, else one like the rest.
   */
  private Operand<TFloat32> opaque(Ops tf, Operand<TFloat32> colors, Operand<TFloat32> alpha) {
    Operand<TInt32> all = Dims.of(tf, 0, 1, 2);
    Operand<TFloat32> opacity = tf.math.mean(alpha, all);
    Operand<TFloat32> brightness = tf.math.mean(tf.math.mul(alpha, luma(tf, colors)), all);
    Operand<TBool> light = tf.math.greater(brightness, tf.math.mul(opacity, tf.constant(127f)));
    Operand<TBool> ink = tf.math.less(opacity, tf.constant(127.5f));
    Operand<TFloat32> background =
        tf.select(
            tf.math.logicalAnd(
                tf.math.logicalOr(light, ink), tf.math.logicalNot(tf.math.logicalAnd(light, ink))),
            tf.constant(255f),
            tf.constant(0f));
    Operand<TFloat32> full = tf.constant(255f);
    Operand<TFloat32> sum =
        tf.math.add(tf.math.mul(colors, alpha), tf.math.mul(background, tf.math.sub(full, alpha)));
    return tf.math.floor(tf.math.div(tf.math.add(sum, tf.constant(127f)), full));
  }

  private Operand<TFloat32> luma(Ops tf, Operand<TFloat32> colors) {
    return channels == 1
        ? colors
        : tf.reduceSum(
            tf.math.mul(colors, tf.array(0.299f, 0.587f, 0.114f)),
            Dims.of(tf, 2),
            ReduceSum.keepDims(true));
  }

  /** Inverted, where three quarters of its margin are light. */
  private Operand<TFloat32> onBlack(Ops tf, Operand<TFloat32> picture) {
    Operand<TFloat32> gray = tf.math.mean(picture, Dims.of(tf, 2));
    Operand<TInt32> size = tf.shape(gray);
    Operand<TInt32> last = tf.math.sub(size, Dims.of(tf, 1, 1));
    Operand<TFloat32> margin =
        tf.concat(
            List.of(
                flat(tf, tf.slice(gray, Dims.of(tf, 0, 0), Dims.of(tf, 1, -1))),
                flat(tf, tf.slice(gray, Dims.of(tf, 0, 0), Dims.of(tf, -1, 1))),
                flat(tf, tf.slice(gray, tf.math.mul(last, Dims.of(tf, 1, 0)), Dims.of(tf, 1, -1))),
                flat(tf, tf.slice(gray, tf.math.mul(last, Dims.of(tf, 0, 1)), Dims.of(tf, -1, 1)))),
            tf.constant(0));
    Operand<TInt32> dark =
        tf.reduceSum(
            tf.dtypes.cast(tf.math.less(margin, tf.constant(128f)), TInt32.class), tf.constant(0));
    Operand<TInt32> quarter = tf.math.floorDiv(tf.size(margin), tf.constant(4));
    return tf.select(
        tf.math.lessEqual(dark, quarter), tf.math.sub(tf.constant(255f), picture), picture);
  }

  private static Operand<TFloat32> flat(Ops tf, Operand<TFloat32> values) {
    return tf.reshape(values, Dims.of(tf, -1));
  }

  /**
   * In the model's size, with the proportions that it had, in the middle, black around it; by the
   * antialiased bilinear filter of the data sets.
   */
  private Operand<TUint8> fit(Ops tf, Operand<TFloat32> picture) {
    Operand<TInt32> size = Dims.of(tf, height, width);
    Operand<TInt32> own = tf.slice(tf.shape(picture), Dims.of(tf, 0), Dims.of(tf, 2));
    Operand<TFloat64> exact = tf.dtypes.cast(own, TFloat64.class);
    Operand<TFloat64> scale =
        tf.min(tf.math.div(tf.dtypes.cast(size, TFloat64.class), exact), tf.constant(0));
    Operand<TFloat64> rounded =
        tf.math.floor(tf.math.add(tf.math.mul(exact, scale), tf.constant(0.5)));
    Operand<TInt32> inside =
        tf.math.maximum(
            tf.math.minimum(tf.dtypes.cast(rounded, TInt32.class), size), Dims.of(tf, 1, 1));
    Operand<TInt32> before = tf.math.floorDiv(tf.math.sub(size, inside), Dims.of(tf, 2, 2));
    Operand<TFloat32> resized =
        tf.image.scaleAndTranslate(
            tf.expandDims(picture, tf.constant(0)),
            size,
            tf.math.div(
                tf.dtypes.cast(inside, TFloat32.class), tf.dtypes.cast(own, TFloat32.class)),
            tf.dtypes.cast(before, TFloat32.class),
            ScaleAndTranslate.kernelType("triangle"),
            ScaleAndTranslate.antialias(true));
    Operand<TUint8> bytes =
        tf.dtypes.cast(
            tf.clipByValue(
                tf.math.floor(tf.math.add(resized, tf.constant(0.5f))),
                tf.constant(0f),
                tf.constant(255f)),
            TUint8.class);
    return tf.reshape(bytes, Dims.of(tf, height, width, channels));
  }
}
