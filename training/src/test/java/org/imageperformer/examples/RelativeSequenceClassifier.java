package org.imageperformer.examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.ModelInfo;
import org.imageperformer.savedmodels.SavedModelWriter;
import org.imageperformer.savedmodels.SignatureSpec;
import org.imageperformer.tfmodels.attention.AttentionOptions;
import org.imageperformer.tfmodels.attention.ClassToken;
import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.attention.Queries;
import org.imageperformer.tfmodels.attention.RelativeAttention;
import org.imageperformer.tfmodels.encoding.LearnableSinusoid;
import org.imageperformer.tfmodels.graph.CompiledFunctions;
import org.imageperformer.tfmodels.graph.ConstantWeights;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.VariableWeights;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.Dense;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.framework.optimizers.Optimizer;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Relative attention in a graph of one's own: tokens are the samples of a signal, and what is
 * learned is whether its two spikes are near each other, wherever they are.
 */
final class RelativeSequenceClassifier {

  static final int TOKENS = 12; // the first of them stands for the whole, as a class token
  private static final int DIM = 16;
  private static final int PAIRS = 4; // sin/cos pairs of a position

  private final Weights weights = new Weights();
  private final Dense embedding = new Dense(weights, "embedding", 1, DIM);
  private final LearnableSinusoid positions =
      new LearnableSinusoid(weights, "positions", 2 * PAIRS, 2.0 * TOKENS);
  private final RelativeAttention attention =
      new RelativeAttention(
          weights,
          "attention",
          new AttentionOptions(DIM, 2, 0, false, KeyStabilizer.EXAMPLE, ClassToken.FIRST),
          PAIRS,
          false);
  private final Dense output = new Dense(weights, "output", DIM, 2);
  private Map<String, float[]> trained;

  /**
   * From [batch, TOKENS, 1] to logits [batch, 2]: every token attends, their mean is classified.
   */
  private Value logits(Pass pass, Operand<TFloat32> signal) {
    Ops tf = pass.tf();
    Operand<TFloat32> line =
        tf.reshape(
            tf.dtypes.cast(
                tf.range(tf.constant(0), tf.constant(TOKENS), tf.constant(1)), TFloat32.class),
            tf.array(TOKENS, 1)); // one coordinate for each token
    Value encoding = positions.encode(pass, pass.constant(line)); // [TOKENS, 2 PAIRS]
    Value tokens = embedding.apply(pass, pass.constant(signal)); // [batch, TOKENS, DIM]
    Value mixed = attention.apply(pass, tokens, encoding, Queries.ALL);
    Value mean =
        pass.apply(
            pass.add(tokens, mixed),
            x -> tf.expandDims(tf.math.mean(tf.nn.relu(x), tf.constant(1)), tf.constant(1)));
    return pass.apply(output.apply(pass, mean), x -> tf.reshape(x, tf.array(-1, 2)));
  }

  /** Adam on all examples at once; returns the loss before and after. */
  float[] train(float[][] signals, int[] labels, int steps, float learningRate) {
    try (Graph graph = new Graph();
        CompiledFunctions compiled = new CompiledFunctions();
        TFloat32 x = examples(signals);
        TInt32 y = TInt32.vectorOf(labels);
        TInt64 key = TInt64.vectorOf(1, 2)) {
      Ops tf = Ops.create(graph);
      VariableWeights variables = new VariableWeights(tf, weights);
      Placeholder<TFloat32> in = tf.placeholder(TFloat32.class, shape());
      Placeholder<TInt32> of = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
      Placeholder<TInt64> noise = tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(2)));
      Pass pass = Pass.training(graph, tf, variables, PassOptions.PLAIN, noise, compiled);
      Value loss =
          pass.apply(
              logits(pass, in),
              z ->
                  tf.math.mean(
                      tf.nn
                          .softmaxCrossEntropyWithLogits(
                              z, tf.oneHot(of, tf.constant(2), tf.constant(1f), tf.constant(0f)))
                          .loss(),
                      tf.constant(0)));
      List<Optimizer.GradAndVar<?>> updates = new ArrayList<>();
      pass.gradients(loss, weights.of(Weight.Role.TRAINED))
          .forEach(
              (weight, gradient) ->
                  updates.add(
                      new Optimizer.GradAndVar<>(
                          gradient.asOutput(), variables.variable(weight).asOutput())));
      Op update = new Adam(graph, learningRate).applyGradients(updates, "update");
      try (Session session = new Session(graph)) {
        session.initialize();
        variables.assign(session, weights.initialValues(1));
        float[] losses = new float[2];
        for (int step = 0; step < steps; step++) {
          Session.Runner runner = session.runner().feed(in, x).feed(of, y).feed(noise, key);
          runner.addTarget(update);
          try (Result result = runner.fetch(loss.operand()).run()) {
            losses[step == 0 ? 0 : 1] = ((TFloat32) result.get(0)).getFloat();
          }
        }
        trained = variables.values(session);
        return losses;
      }
    }
  }

  /** Writes a SavedModel; any program that knows TensorFlow can load it. */
  void export(Path target) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> in = tf.withName("signal").placeholder(TFloat32.class, shape());
      Pass pass =
          Pass.inference(graph, tf, new ConstantWeights(weights, trained), PassOptions.PLAIN);
      Operand<TFloat32> probabilities =
          tf.withName("probabilities").nn.softmax(logits(pass, in).operand());
      SavedModelWriter.write(
          graph,
          List.of(
              new SignatureSpec(
                  "serving_default",
                  Map.of("signal", "signal:0"),
                  Map.of("probabilities", probabilities.op().name() + ":0"))),
          new ModelInfo(
              "RelativeSequenceClassifier",
              "spikes",
              List.of("far", "near"),
              TOKENS,
              1,
              1,
              1,
              "example",
              "1",
              HParams.of(Map.of("dim", DIM))),
          target);
    }
  }

  static TFloat32 examples(float[][] signals) {
    TFloat32 tensor = TFloat32.tensorOf(Shape.of(signals.length, TOKENS, 1));
    for (int i = 0; i < signals.length; i++) {
      StdArrays.copyTo(signals[i], tensor.get(i).slice(Indices.all(), Indices.at(0)));
    }
    return tensor;
  }

  private static Placeholder.Options shape() {
    return Placeholder.shape(Shape.of(-1, TOKENS, 1));
  }
}
