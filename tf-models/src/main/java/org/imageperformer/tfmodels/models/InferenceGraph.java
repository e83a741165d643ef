package org.imageperformer.tfmodels.models;

import java.util.Map;
import java.util.Optional;
import org.imageperformer.tfmodels.graph.CompiledTwins;
import org.imageperformer.tfmodels.graph.ConstantWeights;
import org.imageperformer.tfmodels.graph.ModelGraph;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * A trained model as a graph without variables, for export and serving. Images enter as bytes, or
 * encoded as PNG or JPEG; what enters the pixel embedding can be fed as {@code pixels}.
 *
 * <p>Owns the graph's native memory.
 */
public final class InferenceGraph implements AutoCloseable {

  /**
   * What comes out.
   *
   * @param logits [batch, classes]
   * @param probabilities [batch, classes]
   * @param classes the likeliest class, [batch]
   */
  public record Outputs(
      Operand<TFloat32> logits, Operand<TFloat32> probabilities, Operand<TInt64> classes) {}

  private final ModelGraph graph = new ModelGraph();
  private final CompiledTwins twins = new CompiledTwins();
  private final Placeholder<TUint8> images;
  private final Placeholder<TString> imageBytes;
  private final Outputs outputs;
  private final Outputs encodedOutputs;

  /**
   * Builds the graph.
   *
   * @param values of all weights by name, row-major
   * @param blackMargins whether the images of the data set have empty, black margins: an encoded
   *     picture with light ones is inverted
   * @throws IllegalArgumentException if the values do not fit the model, with all differences
   */
  public InferenceGraph(
      ModelSpec spec,
      PixelScaling scaling,
      Map<String, float[]> values,
      PassOptions options,
      boolean blackMargins) {
    try {
      Ops tf = graph.tf();
      ImageModel model = spec.create(graph.weights());
      ConstantWeights constants = new ConstantWeights(graph.weights(), values);
      Shape shape =
          Shape.of(-1, spec.shape().height(), spec.shape().width(), spec.shape().channels());
      images = tf.withName("images").placeholder(TUint8.class, Placeholder.shape(shape));
      outputs = outputs(tf, model, scaling, constants, images, options);

      Ops encoded = tf.withSubScope("encoded");
      imageBytes =
          encoded
              .withName("image_bytes")
              .placeholder(TString.class, Placeholder.shape(Shape.of(-1)));
      EncodedImages pictures =
          new EncodedImages(
              spec.shape().height(), spec.shape().width(), spec.shape().channels(), blackMargins);
      encodedOutputs =
          outputs(
              encoded, model, scaling, constants, pictures.decode(encoded, imageBytes), options);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private Outputs outputs(
      Ops tf,
      ImageModel model,
      PixelScaling scaling,
      ConstantWeights constants,
      Operand<TUint8> bytes,
      PassOptions options) {
    Operand<TFloat32> pixels = tf.withName("pixels").identity(scaling.apply(tf, bytes));
    Pass pass = Pass.inference(graph.graph(), tf, constants, options, Optional.of(twins));
    Operand<TFloat32> logits =
        tf.withName("logits").identity(model.logits(pass, pass.constant(pixels)).operand());
    return new Outputs(
        logits,
        tf.withName("probabilities").nn.softmax(logits),
        tf.withName("classes").math.argMax(logits, tf.constant(1)));
  }

  /** The graph; belongs to this object. */
  public Graph graph() {
    return graph.graph();
  }

  /**
   * Functions that XLA compiles in place of some of the graph's, {@linkplain
   * CompiledTwins#toGraphDef by the nodes that call those}; without nodes if there are none.
   */
  public GraphDef compiledTwins() {
    return twins.toGraphDef();
  }

  /** Names and shapes of the weights. */
  public Weights weights() {
    return graph.weights();
  }

  /** uint8 [batch, height, width, channels]. */
  public Operand<TUint8> images() {
    return images;
  }

  /** Of {@link #images}. */
  public Outputs outputs() {
    return outputs;
  }

  /** string [batch], PNG or JPEG of any size. */
  public Operand<TString> imageBytes() {
    return imageBytes;
  }

  /** Of {@link #imageBytes}. */
  public Outputs encodedOutputs() {
    return encodedOutputs;
  }

  @Override
  public void close() {
    twins.close();
    graph.close();
  }
}
