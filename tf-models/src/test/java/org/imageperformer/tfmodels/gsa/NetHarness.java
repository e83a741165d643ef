package org.imageperformer.tfmodels.gsa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.imageperformer.tfmodels.graph.CompiledFunctions;
import org.imageperformer.tfmodels.graph.CompiledTwins;
import org.imageperformer.tfmodels.graph.ConstantWeights;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;

/** Runs networks of this package in graphs of their own. */
final class NetHarness {

  /** Images, [count, height, width, channels] row-major. */
  static final class Images {

    private final float[] values;
    private final Shape shape;

    Images(float[] values, int... shape) {
      this.values = values;
      this.shape = Shape.of(Arrays.stream(shape).asLongStream().toArray());
    }

    static Images of(GoldenCase golden) {
      return new Images(golden.images(), golden.imagesShape());
    }

    float[] values() {
      return values;
    }

    int count() {
      return (int) shape.get(0);
    }

    int height() {
      return (int) shape.get(1);
    }

    int width() {
      return (int) shape.get(2);
    }

    int channels() {
      return (int) shape.get(3);
    }

    Shape shape() {
      return shape;
    }

    /** Those from one on. */
    Images from(int first) {
      int each = values.length / count();
      return new Images(
          Arrays.copyOfRange(values, first * each, values.length),
          count() - first,
          height(),
          width(),
          channels());
    }
  }

  /** What one pass of training gives. */
  static final class Outcome {

    private final List<float[]> tensors = new ArrayList<>();
    private final List<String> names;

    private Outcome(Result result, List<String> names) {
      this.names = names;
      result.forEach(entry -> tensors.add(flat((TFloat32) entry.getValue())));
    }

    /** [count * classes]. */
    float[] logits() {
      return tensors.get(0);
    }

    /** Mean cross-entropy. */
    float loss() {
      return tensors.get(1)[0];
    }

    /** By weight. */
    Map<String, float[]> gradients() {
      return named("gradient of ");
    }

    /** What state becomes, by weight. */
    Map<String, float[]> updates() {
      return named("update of ");
    }

    private Map<String, float[]> named(String prefix) {
      Map<String, float[]> found = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        if (names.get(i).startsWith(prefix)) {
          found.put(names.get(i).substring(prefix.length()), tensors.get(2 + i));
        }
      }
      return found;
    }
  }

  private NetHarness() {}

  /** Creates the weights of a network, and tells how it is added to a pass. */
  interface Net extends Function<Weights, BiFunction<Pass, Value, Value>> {

    static Net of(Architecture net, Images images, int classes) {
      return weights ->
          new GsaNet(weights, net, images.height(), images.width(), images.channels(), classes)
              ::logits;
    }
  }

  /** Logits without dropout, [count * classes]. */
  static float[] logits(Net net, PassOptions options, Map<String, float[]> values, Images images) {
    Weights weights = new Weights();
    BiFunction<Pass, Value, Value> logits = net.apply(weights);
    try (Graph graph = new Graph();
        TFloat32 fed = TFloat32.tensorOf(images.shape(), DataBuffers.of(images.values()))) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> pixels = pixels(tf, images);
      Pass pass = Pass.inference(graph, tf, new ConstantWeights(weights, values), options);
      Operand<TFloat32> found = logits.apply(pass, pass.constant(pixels)).operand();
      try (Session session = new Session(graph);
          Result result = session.runner().feed(pixels, fed).fetch(found).run()) {
        return flat((TFloat32) result.get(0));
      }
    }
  }

  /**
   * What a graph with compiled chunks gives.
   *
   * @param replaced chunks of the graph that have a twin
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares two of them.
  record Twinned(float[] logits, int replaced) {}

  /** Logits without dropout of a graph whose chunks are replaced by their compiled twins. */
  static Twinned twinned(Net net, PassOptions options, Map<String, float[]> values, Images images) {
    Weights weights = new Weights();
    BiFunction<Pass, Value, Value> logits = net.apply(weights);
    GraphDef stock;
    Map<String, NodeDef> replacements = new HashMap<>();
    FunctionDefLibrary functions;
    String input;
    String output;
    try (Graph graph = new Graph();
        CompiledTwins twins = new CompiledTwins()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> pixels = pixels(tf, images);
      Pass pass =
          Pass.inference(
              graph, tf, new ConstantWeights(weights, values), options, Optional.of(twins));
      Operand<TFloat32> found = logits.apply(pass, pass.constant(pixels)).operand();
      stock = graph.toGraphDef();
      GraphDef twin = twins.toGraphDef();
      twin.getNodeList().forEach(node -> replacements.put(node.getName(), node));
      functions = twin.getLibrary();
      input = pixels.op().name();
      output = found.op().name();
    }
    int count = replacements.size();
    GraphDef.Builder replaced = stock.toBuilder().clearNode();
    for (NodeDef node : stock.getNodeList()) {
      NodeDef twin = replacements.remove(node.getName());
      replaced.addNode(
          twin == null ? node : node.toBuilder().putAllAttr(twin.getAttrMap()).build());
    }
    assertThat(replacements).isEmpty();
    replaced.getLibraryBuilder().addAllFunction(functions.getFunctionList());
    try (Graph graph = new Graph();
        TFloat32 fed = TFloat32.tensorOf(images.shape(), DataBuffers.of(images.values()))) {
      graph.importGraphDef(replaced.build());
      try (Session session = new Session(graph);
          Result result = session.runner().feed(input, fed).fetch(output).run()) {
        return new Twinned(flat((TFloat32) result.get(0)), count);
      }
    }
  }

  /** One pass of training. */
  static Outcome train(
      Net net, PassOptions options, Map<String, float[]> values, Images images, int[] labels) {
    return train(net, options, values, images, labels, OptionalInt.empty());
  }

  /**
   * One pass of training.
   *
   * @param first number of the first image in a batch that other passes take, too
   */
  static Outcome train(
      Net net,
      PassOptions options,
      Map<String, float[]> values,
      Images images,
      int[] labels,
      OptionalInt first) {
    Weights weights = new Weights();
    BiFunction<Pass, Value, Value> model = net.apply(weights);
    try (Graph graph = new Graph();
        CompiledFunctions compiled = new CompiledFunctions();
        TFloat32 fed = TFloat32.tensorOf(images.shape(), DataBuffers.of(images.values()))) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> pixels = pixels(tf, images);
      Pass pass =
          Pass.training(
              graph,
              tf,
              new ConstantWeights(weights, values),
              options,
              tf.constant(new long[] {3, 5}),
              first.isEmpty()
                  ? Optional.empty()
                  : Optional.of(
                      new Pass.Images(tf.constant(first.getAsInt()), tf.constant(images.count()))),
              compiled);
      Value logits = model.apply(pass, pass.constant(pixels));
      int classes = Math.toIntExact(logits.shape().get(1));
      Value loss =
          pass.apply(
              logits,
              x ->
                  tf.math.mean(
                      tf.nn
                          .softmaxCrossEntropyWithLogits(
                              x,
                              tf.oneHot(
                                  tf.constant(labels),
                                  tf.constant(classes),
                                  tf.constant(1f),
                                  tf.constant(0f)))
                          .loss(),
                      tf.constant(0)));
      List<Weight> trained = weights.of(Weight.Role.TRAINED);
      List<Weight> state = weights.of(Weight.Role.STATE);
      Map<Weight, Operand<TFloat32>> gradients = pass.gradients(loss, trained);
      List<Operand<TFloat32>> wanted = new ArrayList<>(List.of(logits.operand(), loss.operand()));
      List<String> names = new ArrayList<>();
      for (Weight weight : trained) {
        names.add("gradient of " + weight.name());
        wanted.add(gradients.get(weight));
      }
      for (Weight weight : state) {
        names.add("update of " + weight.name());
        wanted.add(pass.updates().get(weight));
      }
      try (Session session = new Session(graph)) {
        Session.Runner runner = session.runner().feed(pixels, fed);
        wanted.forEach(runner::fetch);
        try (Result result = runner.run()) {
          return new Outcome(result, names);
        }
      }
    }
  }

  private static Placeholder<TFloat32> pixels(Ops tf, Images images) {
    return tf.placeholder(
        TFloat32.class,
        Placeholder.shape(Shape.of(-1, images.height(), images.width(), images.channels())));
  }

  private static float[] flat(TFloat32 tensor) {
    float[] values = new float[Math.toIntExact(tensor.shape().size())];
    tensor.copyTo(DataBuffers.of(values));
    return values;
  }
}
