package org.imageperformer.training.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.imageperformer.options.OptionSet;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelFamily;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.imageperformer.tfmodels.models.Traits;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A linear map of the 2 pixels of an image to 3 logits; on request with the batch's mean taken from
 * the pixels, whose running average evaluation takes, and with the squares of the kernel as
 * penalty.
 */
final class LinearModel implements ImageModel {
  static final int PIXELS = 2;
  static final int CLASSES = 3;

  private final Weight kernel;
  private final Weight bias;
  private final Optional<Weight> mean;
  private final boolean penalised;

  private LinearModel(Weights weights, boolean centred, boolean penalised) {
    kernel = weights.trained("output/kernel", Initializer.standardNormal(), PIXELS, CLASSES);
    bias = weights.trained("output/bias", Initializer.standardNormal(), CLASSES);
    mean =
        centred
            ? Optional.of(weights.state("input/mean", Initializer.constant(0.5f), PIXELS))
            : Optional.empty();
    this.penalised = penalised;
  }

  static ModelSpec plain() {
    return spec(false, false);
  }

  static ModelSpec centred() {
    return spec(true, false);
  }

  static ModelSpec penalised() {
    return spec(false, true);
  }

  private static ModelSpec spec(boolean centred, boolean penalised) {
    ModelFamily family =
        new ModelFamily() {
          @Override
          public List<String> models() {
            return List.of("Linear");
          }

          @Override
          public OptionSet options(String model) {
            return OptionSet.of();
          }

          @Override
          public ImageModel create(
              String model, Weights weights, ImageShape shape, int classes, Options options) {
            return new LinearModel(weights, centred, penalised);
          }
        };
    return new ModelSpec(
        family, "Linear", new ImageShape(1, PIXELS, 1), CLASSES, OptionSet.of().defaults());
  }

  @Override
  public Value logits(Pass pass, Value pixels) {
    Ops tf = pass.tf();
    Operand<TFloat32> x = tf.reshape(pixels.operand(), Dims.of(tf, -1, PIXELS));
    Operand<TFloat32> centred = mean.map(state -> centred(pass, state, x)).orElse(x);
    return pass.apply(
        pass.constant(centred),
        in -> tf.math.add(tf.linalg.matMul(in, pass.read(kernel)), pass.read(bias)));
  }

  private static Operand<TFloat32> centred(Pass pass, Weight state, Operand<TFloat32> x) {
    Ops tf = pass.tf();
    if (!pass.training()) {
      return tf.math.sub(x, pass.read(state));
    }
    Operand<TFloat32> ofBatch = tf.math.mean(x, tf.constant(0));
    pass.update(
        state,
        tf.math.add(
            tf.math.mul(pass.read(state), tf.constant(0.75f)),
            tf.math.mul(ofBatch, tf.constant(0.25f))));
    return tf.math.sub(x, ofBatch);
  }

  @Override
  public Optional<Value> penalty(Pass pass) {
    Ops tf = pass.tf();
    return penalised
        ? Optional.of(
            pass.apply(() -> tf.sum(tf.math.square(pass.read(kernel)), Dims.of(tf, 0, 1))))
        : Optional.empty();
  }

  @Override
  public Traits traits() {
    return Traits.USUAL;
  }

  @Override
  public Cost cost() {
    return new Cost(List.of(new Cost.Part("output", "output", 2L * PIXELS * CLASSES)));
  }

  /** Random images with random classes. */
  static ImageBatch batch(long seed, int images) {
    SplittableRandom random = new SplittableRandom(seed);
    return ImageBatch.ofPixels(pixels(random, images), labels(random, images), 1, PIXELS, 1);
  }

  static float[][] pixels(SplittableRandom random, int images) {
    float[][] pixels = new float[images][PIXELS];
    for (float[] image : pixels) {
      for (int i = 0; i < PIXELS; i++) {
        image[i] = (float) random.nextDouble(-1, 1);
      }
    }
    return pixels;
  }

  static int[] labels(SplittableRandom random, int images) {
    return random.ints(images, 0, CLASSES).toArray();
  }

  /** Gradients of the mean cross-entropy, by the formula, in double. */
  static Map<String, double[]> gradients(
      Map<String, double[]> weights, float[][] pixels, int[] labels) {
    double[] kernel = new double[PIXELS * CLASSES];
    double[] bias = new double[CLASSES];
    for (int image = 0; image < pixels.length; image++) {
      double[] p = probabilities(weights, pixels[image]);
      for (int c = 0; c < CLASSES; c++) {
        double d = (p[c] - (c == labels[image] ? 1 : 0)) / pixels.length;
        bias[c] += d;
        for (int i = 0; i < PIXELS; i++) {
          kernel[i * CLASSES + c] += d * pixels[image][i];
        }
      }
    }
    return Map.of("output/kernel", kernel, "output/bias", bias);
  }

  private static double[] probabilities(Map<String, double[]> weights, float[] image) {
    double[] p = new double[CLASSES];
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      double logit = weights.get("output/bias")[c];
      for (int i = 0; i < PIXELS; i++) {
        logit += image[i] * weights.get("output/kernel")[i * CLASSES + c];
      }
      p[c] = Math.exp(logit);
      sum += p[c];
    }
    for (int c = 0; c < CLASSES; c++) {
      p[c] /= sum;
    }
    return p;
  }
}
