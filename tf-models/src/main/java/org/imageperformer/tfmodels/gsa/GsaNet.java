package org.imageperformer.tfmodels.gsa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Initializer;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.Dropout;
import org.imageperformer.tfmodels.layers.MaxPool;
import org.imageperformer.tfmodels.layers.Reshaping;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.Symmetry;
import org.imageperformer.tfmodels.models.Traits;
import org.tensorflow.op.Ops;

/**
 * A GSA-Net (gsa.md section 4): lifting attention, norm, activation; stages of {@linkplain Block
 * blocks} with pooling between; a linear map to the classes, summed over pixels, of which the
 * largest over the group is the logit.
 */
final class GsaNet implements ImageModel {

  /** A block and, with {@code normalize_between_layers}, the norm behind it. */
  private record Step(Block block, Optional<Norm> norm) {}

  private record Stage(String name, List<Step> steps, boolean pool, Dropout dropout) {}

  private final Architecture net;
  private final int height;
  private final int width;
  private final Dropout inputDropout;
  private final LiftingSelfAttention lifting;
  private final Norm liftingNorm;
  private final List<Stage> stages = new ArrayList<>();
  private final Weight output;

  /**
   * Creates the weights.
   *
   * @throws IllegalArgumentException if the image is too small for the crops and poolings, or not
   *     square although attention is global
   */
  GsaNet(Weights weights, Architecture net, int height, int width, int channels, int classes) {
    this.net = net;
    this.height = height;
    this.width = width;
    net.requireRoom(height, width);
    this.inputDropout = new Dropout("input", net.inputDropout());
    this.lifting =
        new LiftingSelfAttention(
            weights, "lifting", channels, net.channels(), net.attentionOptions());
    this.liftingNorm = Norm.of(net.norm(), weights, "lifting/norm", net.channels());
    int count = net.blocks().size();
    int in = net.channels();
    int next = 0;
    for (int stage = 0; stage < count; stage++) {
      List<Step> steps = new ArrayList<>();
      for (int block = 0; block < net.blocks().get(stage); block++) {
        String name = "stages/" + stage + "/blocks/" + block;
        int out = block == 0 ? in * net.expansions().get(stage) : in;
        steps.add(
            new Step(
                new Block(weights, name, in, out, net.crops().get(next++), net),
                net.normalizeBetween()
                    ? Optional.of(Norm.of(net.norm(), weights, name + "/norm", out))
                    : Optional.empty()));
        in = out;
      }
      stages.add(
          new Stage(
              "stages/" + stage,
              steps,
              stage < count - 1 || net.poolAfterLast(),
              new Dropout("stages/" + stage + "/pooling", net.poolingDropout())));
    }
    this.output =
        weights.trained(
            "output/kernel",
            Initializer.normal(0, net.whiteningScale() / Math.sqrt(in)),
            in,
            classes);
  }

  @Override
  public Value logits(Pass pass, Value pixels) {
    long[] shape = pixels.shape().asArray();
    Value x = Reshaping.of(pass, pixels, -1, shape[1], shape[2], 1, shape[3]);
    x = lifting.apply(pass, inputDropout.apply(pass, x));
    x = net.activation().apply(pass, liftingNorm.apply(pass, x));
    for (Stage stage : stages) {
      for (Step step : stage.steps()) {
        x = step.block().apply(pass, x);
        if (step.norm().isPresent()) {
          x = net.activation().apply(pass, step.norm().get().apply(pass, x));
        }
      }
      if (stage.pool()) {
        x = stage.dropout().apply(pass, pool(pass, x));
      }
    }
    return classify(pass, x);
  }

  /** The largest of each 2x2 pixels; an odd last row or column is dropped. */
  private static Value pool(Pass pass, Value x) {
    long[] shape = x.shape().asArray();
    Value pixels = Reshaping.of(pass, x, -1, shape[1], shape[2], shape[3] * shape[4]);
    Value pooled = MaxPool.HALF.apply(pass, pixels);
    return Reshaping.of(pass, pooled, -1, shape[1] / 2, shape[2] / 2, shape[3], shape[4]);
  }

  /** The map has no bias, so that the sum over the pixels may come before it. */
  private Value classify(Pass pass, Value x) {
    Ops tf = pass.tf();
    long elements = x.shape().get(3);
    long[] shape = output.shape();
    return pass.apply(
        x,
        maps ->
            tf.reduceMax(
                tf.reshape(
                    tf.linalg.matMul(
                        tf.reshape(
                            tf.sum(maps, tf.constant(new int[] {1, 2})), Dims.of(tf, -1, shape[0])),
                        pass.read(output)),
                    Dims.of(tf, -1, elements, shape[1])),
                tf.constant(1)));
  }

  @Override
  public Symmetry symmetry() {
    return new Symmetry(net.group().rotations(), net.group().mirrors());
  }

  @Override
  public Traits traits() {
    return Traits.USUAL;
  }

  @Override
  public Cost cost() {
    List<Cost.Part> parts = new ArrayList<>();
    parts.add(new Cost.Part("lifting attention", "lifting", lifting.operations(height, width)));
    int rows = height;
    int columns = width;
    for (Stage stage : stages) {
      for (int i = 0; i < stage.steps().size(); i++) {
        Block block = stage.steps().get(i).block();
        parts.add(
            new Cost.Part(
                "block %d at %dx%d".formatted(parts.size(), rows, columns),
                stage.name() + "/blocks/" + i,
                block.operations(rows, columns)));
        rows -= 2 * block.crop();
        columns -= 2 * block.crop();
      }
      if (stage.pool()) {
        rows /= 2;
        columns /= 2;
      }
    }
    parts.add(
        new Cost.Part("output", "output", Cost.MULTIPLY_ADD * net.group().order() * output.size()));
    return new Cost(parts);
  }
}
