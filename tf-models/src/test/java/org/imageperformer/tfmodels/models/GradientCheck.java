package org.imageperformer.tfmodels.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.RandomStreams;
import org.imageperformer.tfmodels.graph.Weight;

/**
 * Gradients against finite differences. For each weight the loss is moved along one random
 * direction; the slope must be the gradient's component in it.
 */
public final class GradientCheck {

  private static final double[] STEPS = {0.02, 0.005, 0.00125};

  private GradientCheck() {}

  public static void check(ModelSpec config, PassOptions options) {
    try (ModelHarness model = new ModelHarness(config, options, 5)) {
      check(model);
    }
  }

  /** Moves the weights of the model. */
  static void check(ModelHarness model) {
    // Away from the initial values, where some gradients vanish.
    Map<String, float[]> values = new HashMap<>(model.values());
    for (Weight weight : model.weights().of(Weight.Role.TRAINED)) {
      values.put(weight.name(), plus(values.get(weight.name()), 0.2f, direction(weight, 1)));
    }
    model.assign(values);
    float[] images = model.randomImages(2, 6);
    int[] labels = {2, 0};
    ModelHarness.Gradients gradients = model.gradients(images, labels);
    double wholeNorm = 0;
    for (float[] gradient : gradients.byWeight().values()) {
      wholeNorm += dot(gradient, gradient);
    }
    wholeNorm = Math.sqrt(wholeNorm);
    for (Weight weight : model.weights().of(Weight.Role.TRAINED)) {
      float[] gradient = gradients.byWeight().get(weight.name());
      float[] direction = direction(weight, 2);
      DoubleUnaryOperator loss =
          step -> {
            Map<String, float[]> moved = new HashMap<>(values);
            moved.put(weight.name(), plus(values.get(weight.name()), (float) step, direction));
            model.assign(moved);
            return model.loss(images, labels);
          };
      double expected = dot(gradient, direction);
      double tolerance = 2e-3 * wholeNorm + 1e-4;
      double slope = slope(loss, expected, tolerance);
      assertThat(expected).as(weight.name()).isCloseTo(slope, within(tolerance));
    }
  }

  /**
   * By the five-point rule, so that curvature does not matter. The loss is float32: the first step
   * is large enough to rise above its rounding errors. Where a ReLU or a maximum turns within it,
   * the rule fails, and shorter steps settle it.
   */
  private static double slope(DoubleUnaryOperator loss, double expected, double tolerance) {
    double slope = Double.NaN;
    for (double h : STEPS) {
      slope =
          (8 * (loss.applyAsDouble(h) - loss.applyAsDouble(-h))
                  - (loss.applyAsDouble(2 * h) - loss.applyAsDouble(-2 * h)))
              / (12 * h);
      if (Math.abs(slope - expected) <= tolerance) {
        return slope;
      }
    }
    return slope;
  }

  private static float[] plus(float[] values, float step, float[] direction) {
    float[] moved = values.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += step * direction[i];
    }
    return moved;
  }

  /** A random direction of length 1. */
  private static float[] direction(Weight weight, long index) {
    RandomGenerator random = RandomStreams.stream(1, "direction " + weight.name(), index);
    float[] direction = new float[weight.size()];
    for (int i = 0; i < direction.length; i++) {
      direction[i] = (float) random.nextGaussian();
    }
    float norm = (float) Math.sqrt(dot(direction, direction));
    for (int i = 0; i < direction.length; i++) {
      direction[i] /= norm;
    }
    return direction;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
