package org.imageperformer.training.engine;

import java.util.Optional;
import java.util.function.Function;
import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ModelConfig;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * What the engine knows of a model: the only place where it looks at a configuration.
 *
 * @param height of its images in pixels
 * @param width of its images in pixels
 * @param channels values per pixel
 * @param classes logits per image
 * @param keyStabilizer over which keys its attention takes the maximum
 * @param layers creates its layers, and with them its weights
 */
record ModelPlan(
    int height,
    int width,
    int channels,
    int classes,
    KeyStabilizer keyStabilizer,
    Function<Weights, Network> layers) {

  /** A model that can be added to a graph. */
  @FunctionalInterface
  interface Network {

    /**
     * Adds the model.
     *
     * @param pixels [batch, height, width, channels], scaled
     * @return [batch, classes]
     */
    Value logits(Pass pass, Operand<TFloat32> pixels);

    /** What the loss of an image grows by for the sake of the weights alone, a scalar. */
    default Optional<Value> penalty(Pass pass) {
      return Optional.empty();
    }
  }

  static ModelPlan of(ModelConfig config) {
    return new ModelPlan(
        config.height(),
        config.width(),
        config.channels(),
        config.numClasses(),
        config.keyStabilizer(),
        weights -> ImageModel.create(weights, config)::logits);
  }

  /** What ties the images of a batch together, so that it may not be divided. */
  Optional<String> tie(Weights weights) {
    if (keyStabilizer == KeyStabilizer.BATCH) {
      return Optional.of("key_stabilizer batch");
    }
    return weights.of(Weight.Role.STATE).stream()
        .findFirst()
        .map(state -> "the running state " + state.name());
  }
}
