package org.imageperformer.tfmodels.gsa;

import java.util.Optional;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.Dropout;
import org.imageperformer.tfmodels.models.Cost;
import org.tensorflow.op.Ops;

/**
 * A residual block (gsa.md section 4):
 *
 * <pre>
 * z = Dropout(act(Norm(Attention(act(Norm(x))))))
 * y = cut(z) + cut(S(x))
 * out = Norm(W2 act(Norm(W1 y))) + y
 * </pre>
 *
 * cut removes so many pixels on each side, S is the identity or, if the channels change, an affine
 * map, W1 halves the channels. Attention and the norm after it see the uncut map.
 */
final class Block {

  private final Activation activation;
  private final Norm inputNorm;
  private final GroupSelfAttention attention;
  private final Norm attentionNorm;
  private final Dropout dropout;
  private final Optional<PixelMap> shortcut;
  private final PixelMap mlpInput;
  private final Norm hiddenNorm;
  private final PixelMap mlpOutput;
  private final Norm outputNorm;
  private final int crop;
  private final int elements;

  /**
   * Creates its weights under {@code name}.
   *
   * @param crop pixels cut from each side
   */
  Block(Weights weights, String name, int in, int out, int crop, Architecture net) {
    double whitening = net.whiteningScale();
    int hidden = out / 2;
    this.activation = net.activation();
    this.crop = crop;
    this.elements = net.group().order();
    this.inputNorm = Norm.of(net.norm(), weights, name + "/input_norm", in);
    this.attention =
        new GroupSelfAttention(weights, name + "/attention", in, out, net.attentionOptions());
    this.attentionNorm = Norm.of(net.norm(), weights, name + "/attention_norm", out);
    this.dropout = new Dropout(name, net.valuesDropout());
    this.shortcut =
        in == out
            ? Optional.empty()
            : Optional.of(new PixelMap(weights, name + "/shortcut", in, out, whitening));
    this.mlpInput = new PixelMap(weights, name + "/mlp/input", out, hidden, whitening);
    this.hiddenNorm = Norm.of(net.norm(), weights, name + "/mlp/hidden_norm", hidden);
    this.mlpOutput = new PixelMap(weights, name + "/mlp/output", hidden, out, whitening);
    this.outputNorm = Norm.of(net.norm(), weights, name + "/mlp/output_norm", out);
  }

  /**
   * Adds the block to the graph.
   *
   * @param x [b, h, w, G, in]
   * @return [b, h - 2 crop, w - 2 crop, G, out]
   */
  Value apply(Pass pass, Value x) {
    Value active = activation.apply(pass, inputNorm.apply(pass, x));
    Value attended = attentionNorm.apply(pass, attention.apply(pass, active));
    Value z = dropout.apply(pass, activation.apply(pass, attended));
    Value s = cut(pass, x);
    Value y = pass.add(cut(pass, z), shortcut.map(map -> map.apply(pass, s)).orElse(s));
    Value hidden = activation.apply(pass, hiddenNorm.apply(pass, mlpInput.apply(pass, y)));
    return pass.add(outputNorm.apply(pass, mlpOutput.apply(pass, hidden)), y);
  }

  private Value cut(Pass pass, Value x) {
    if (crop == 0) {
      return x;
    }
    Ops tf = pass.tf();
    long[] shape = x.shape().asArray();
    return pass.apply(
        x,
        maps ->
            tf.slice(
                maps,
                Dims.of(tf, 0, crop, crop, 0, 0),
                Dims.of(tf, -1, shape[1] - 2L * crop, shape[2] - 2L * crop, shape[3], shape[4])));
  }

  /** Pixels cut from each side. */
  int crop() {
    return crop;
  }

  /** Work for one image of that size before the crop, in floating-point operations. */
  long operations(int height, int width) {
    long places = (long) (height - 2 * crop) * (width - 2 * crop) * elements;
    long maps =
        shortcut.map(map -> map.multiplyAdds(places)).orElse(0L)
            + mlpInput.multiplyAdds(places)
            + mlpOutput.multiplyAdds(places);
    return attention.operations(height, width) + Cost.MULTIPLY_ADD * maps;
  }
}
