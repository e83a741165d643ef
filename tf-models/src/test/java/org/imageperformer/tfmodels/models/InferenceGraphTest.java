package org.imageperformer.tfmodels.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.imageperformer.tfmodels.graph.OpenGraphs;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.PassOptions.Kernels;
import org.imageperformer.tfmodels.graph.PassOptions.Precision;
import org.imageperformer.tfmodels.performer.PerformerFamily;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.proto.NodeDef;

class InferenceGraphTest {
  @Test
  void leavesNothingOpenWhenItIsRefused() {
    ModelSpec spec = ModelSpec.of("Performer", new ImageShape(5, 7, 1), 3);
    int before = OpenGraphs.count();
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(
              () ->
                  new InferenceGraph(spec, PixelScaling.unit(1), Map.of(), PassOptions.PLAIN, true))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("weights do not fit the model: missing ");
    }
    assertThat(OpenGraphs.count()).isEqualTo(before);
  }

  static Iterable<String> models() {
    return new PerformerFamily().models();
  }

  /** TensorFlow's oneDNN computes such a product wrongly where there is AVX-512. */
  @ParameterizedTest
  @MethodSource("models")
  void noProductWithABiasTransposesItsWeights(String model) {
    ModelSpec spec = ModelSpec.of(model, new ImageShape(5, 7, 1), 3);
    Map<String, float[]> values = spec.outline().weights().initialValues(1);
    PassOptions fast = new PassOptions(Kernels.FAST, Precision.FP32);
    try (InferenceGraph graph =
        new InferenceGraph(spec, PixelScaling.unit(1), values, fast, true)) {
      List<NodeDef> nodes = graph.graph().toGraphDef().getNodeList();
      Set<String> biased =
          nodes.stream()
              .filter(node -> node.getOp().equals("BiasAdd"))
              .map(node -> node.getInput(0))
              .collect(Collectors.toSet());
      List<NodeDef> products =
          nodes.stream()
              .filter(node -> node.getOp().equals("MatMul") && biased.contains(node.getName()))
              .toList();
      assertThat(products)
          .isNotEmpty()
          .noneMatch(product -> product.getAttrOrThrow("transpose_b").getB());
    }
  }
}
