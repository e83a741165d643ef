package org.imageperformer.savedmodels;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

class VariableWeightsTest {

  @TempDir Path folder;

  @Test
  void putsConstantWeightsBehindPlaceholders() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2)));
      Operand<TFloat32> weights =
          tf.withName("weights").constant(new float[][] {{1, 2, 3}, {4, 5, 6}});
      Operand<TFloat32> first = tf.withName("first").linalg.matMul(x, weights);
      Operand<TFloat32> second = tf.withName("second").linalg.matMul(x, weights);
      Operand<TBfloat16> rounded =
          tf.withName("rounded")
              .linalg
              .matMul(
                  tf.dtypes.cast(x, TBfloat16.class),
                  tf.withName("narrow").dtypes.cast(weights, TBfloat16.class));
      // Two values that a run gives: no weights.
      tf.withName("square")
          .linalg
          .matMul(tf.linalg.transpose(first, tf.constant(new int[] {1, 0})), second);
      tf.withName("sum").math.add(first, tf.dtypes.cast(rounded, TFloat32.class));
      // What TensorFlow makes a constant of.
      tf.withName("folded")
          .linalg
          .matMul(
              x,
              tf.withName("twice")
                  .concat(List.of(weights, tf.math.mul(weights, tf.constant(2f))), tf.constant(1)));
      tf.withName("weights_value").constant(7f);

      GraphDef changed = VariableWeights.of(graph.toGraphDef());

      Map<String, NodeDef> nodes =
          changed.getNodeList().stream().collect(Collectors.toMap(NodeDef::getName, n -> n));
      assertThat(nodes.get("first").getInputList()).containsExactly("x", "weights_value_1");
      assertThat(nodes.get("second").getInputList()).containsExactly("x", "weights_value_1");
      assertThat(nodes.get("weights_value_1").getOp()).isEqualTo("PlaceholderWithDefault");
      assertThat(nodes.get("weights_value_1").getInputList()).containsExactly("weights");
      assertThat(nodes.get("rounded").getInput(1)).isEqualTo("narrow_value");
      assertThat(nodes.get("folded").getInput(1)).isEqualTo("twice_value");
      assertThat(nodes.get("square").getInput(1)).isEqualTo("second");
      assertThat(nodes).hasSize(graph.toGraphDef().getNodeCount() + 3);
      assertThat(nodes.keySet())
          .containsAll(graph.toGraphDef().getNodeList().stream().map(NodeDef::getName).toList());
      assertThat(sum(changed)).isEqualTo(sum(graph.toGraphDef())).isEqualTo(2 * (1 * 3 + 4 * 5));
    }
  }

  private static float sum(GraphDef definition) {
    try (Graph graph = new Graph()) {
      graph.importGraphDef(definition);
      try (Session session = new Session(graph);
          TFloat32 x =
              TFloat32.tensorOf(Shape.of(1, 2), data -> data.setFloat(3, 0, 0).setFloat(5, 0, 1));
          Result result = session.runner().feed("x", x).fetch("sum").run()) {
        return ((TFloat32) result.get(0)).getFloat(0, 0);
      }
    }
  }

  @Test
  void noProductOfALoadedModelHasItsWeightsPacked() {
    Path path = TinyModel.write(folder.resolve("m"));
    try (SavedModel model = SavedModel.load(path, LoadOptions.cpu(1))) {
      RunMetadata notes = model.profile(ByteBuffer.wrap(TinyModel.images(2)), 2);
      List<NodeDef> products = new ArrayList<>();
      for (GraphDef graph : notes.getPartitionGraphsList()) {
        graph.getNodeList().stream()
            .filter(node -> node.getOp().endsWith("MatMul"))
            .forEach(products::add);
      }
      assertThat(products).isNotEmpty();
      // What oneDNN asks where there is AVX-512.
      assertThat(products)
          .noneMatch(
              node ->
                  node.containsAttr("is_filter_const")
                      && node.getAttrOrThrow("is_filter_const").getB());
    }
  }
}
