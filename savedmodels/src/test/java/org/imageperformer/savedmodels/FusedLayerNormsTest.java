package org.imageperformer.savedmodels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.math.Mean;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;

class FusedLayerNormsTest {

  private static final float EPSILON = 1e-5f;

  /** Two images of two tokens; the third's deviation is below the root of epsilon. */
  private static final float[] TOKENS = {
    1, 2, 4, -3, 0, 100, 101, 99, 0.001f, 0.002f, 0.003f, 0.002f, 5, 5, 5, 5
  };

  @BeforeEach
  void thereIsTheKernel() {
    assumeThat(TensorFlow.registeredOpList().getOpList())
        .anyMatch(op -> op.getName().equals("_MklLayerNorm"));
  }

  @Test
  void takesTheKernelWithTheGraphsOwnEpsilon() {
    GraphDef plain = graph(4, -1);

    GraphDef changed = FusedLayerNorms.of(plain);

    assertThat(node(changed, "norm").getOp()).isEqualTo("Reshape");
    assertThat(node(changed, node(changed, "norm").getInput(0)))
        .satisfies(
            kernel -> {
              assertThat(kernel.getOp()).isEqualTo("_MklLayerNorm");
              assertThat(kernel.getAttrOrThrow("epsilon").getF()).isEqualTo(EPSILON);
              assertThat(kernel.getInputList().subList(1, 3)).containsExactly("scale", "offset");
            });
    assertThat(result(changed)).hasSize(16);
    for (int i = 0; i < 16; i++) {
      assertThat(result(changed)[i]).as("feature %s", i).isCloseTo(result(plain)[i], within(2e-5f));
    }
    // With an epsilon of 0.001 the third token would hardly leave the offset.
    assertThat(result(changed)[8]).isLessThan(-0.2f);
    assertThat(changed.getNodeList().stream().map(NodeDef::getName).toList())
        .containsAll(plain.getNodeList().stream().map(NodeDef::getName).toList())
        .doesNotHaveDuplicates();
  }

  @Test
  void leavesMeansOverAnotherAxis() {
    GraphDef plain = graph(4, 1);
    assertThat(FusedLayerNorms.of(plain)).isEqualTo(plain);
  }

  @Test
  void leavesAScaleForAllFeatures() {
    GraphDef plain = graph(1, -1);
    assertThat(FusedLayerNorms.of(plain)).isEqualTo(plain);
  }

  @ParameterizedTest
  @CsvSource({
    "centered, 0, other", // the deviation of one thing over that of another
    "mean, 0, other",
    "squared, 0, x", // not centered
    "variance, 0, centered", // not squared
    "norm, 0, x", // an offset for each token
    "factor, 1, x",
    "shifted, 1, variance", // no constant
  })
  void leavesWhatIsNearlyOne(String name, int input, String instead) {
    GraphDef plain = graph(4, -1);
    GraphDef other = with(plain, name, node -> node.toBuilder().setInput(input, instead).build());
    assertThat(FusedLayerNorms.of(other)).isEqualTo(other);
  }

  @ParameterizedTest
  @CsvSource({"centered", "squared", "variance", "mean", "inverse", "shifted", "factor", "scaled"})
  void anOperationWithoutInputsIsLeft(String name) {
    GraphDef plain = graph(4, -1);
    GraphDef damaged = with(plain, name, node -> node.toBuilder().clearInput().build());
    assertThat(FusedLayerNorms.of(damaged)).isEqualTo(damaged);
  }

  @ParameterizedTest
  @CsvSource({"axis", "epsilon", "scale", "offset"})
  void aConstantWithoutAValueIsLeft(String name) {
    GraphDef plain = graph(4, -1);
    GraphDef damaged = with(plain, name, node -> node.toBuilder().removeAttr("value").build());
    assertThat(FusedLayerNorms.of(damaged)).isEqualTo(damaged);
  }

  private static GraphDef with(GraphDef graph, String name, UnaryOperator<NodeDef> change) {
    GraphDef.Builder changed = graph.toBuilder().clearNode();
    assertThat(node(graph, name)).isNotNull();
    graph
        .getNodeList()
        .forEach(node -> changed.addNode(node.getName().equals(name) ? change.apply(node) : node));
    return changed.build();
  }

  private static NodeDef node(GraphDef graph, String name) {
    Map<String, NodeDef> byName =
        graph.getNodeList().stream().collect(Collectors.toMap(NodeDef::getName, node -> node));
    return byName.get(name);
  }

  /** As the models write it. */
  private static GraphDef graph(int features, int axis) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2, 4)));
      tf.withName("other").math.neg(x);
      tf.withName("norm_fused").constant(1f); // a name that is taken
      float[] numbers = new float[features];
      Arrays.fill(numbers, 1.5f);
      Operand<TFloat32> scale = tf.withName("scale").constant(numbers);
      Arrays.fill(numbers, 0.25f);
      Operand<TFloat32> offset = tf.withName("offset").constant(numbers);
      var last = tf.withName("axis").constant(new int[] {axis});
      Operand<TFloat32> mean = tf.withName("mean").math.mean(x, last, Mean.keepDims(true));
      Operand<TFloat32> centered = tf.withName("centered").math.sub(x, mean);
      Operand<TFloat32> variance =
          tf.withName("variance")
              .math
              .mean(tf.withName("squared").math.square(centered), last, Mean.keepDims(true));
      Operand<TFloat32> inverse =
          tf.withName("inverse")
              .math
              .rsqrt(add(tf, "shifted", variance, tf.withName("epsilon").constant(EPSILON)));
      add(
          tf,
          "norm",
          offset,
          tf.withName("scaled").math.mul(centered, tf.withName("factor").math.mul(inverse, scale)));
      return graph.toGraphDef();
    }
  }

  private static Operand<TFloat32> add(
      Ops tf, String name, Operand<TFloat32> a, Operand<TFloat32> b) {
    return tf.scope()
        .opBuilder("AddV2", name)
        .addInput(a.asOutput())
        .addInput(b.asOutput())
        .build()
        .output(0);
  }

  private static float[] result(GraphDef definition) {
    try (Graph graph = new Graph()) {
      graph.importGraphDef(definition);
      try (Session session = new Session(graph);
          TFloat32 x = TFloat32.tensorOf(Shape.of(2, 2, 4), DataBuffers.of(TOKENS));
          Result result = session.runner().feed("x", x).fetch("norm").run()) {
        assertThat(result.get(0).shape()).isEqualTo(Shape.of(2, 2, 4));
        float[] values = new float[16];
        ((TFloat32) result.get(0)).copyTo(DataBuffers.of(values));
        return values;
      }
    }
  }
}
