package org.imageperformer.tfmodels.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;

class ModelGraphTest {
  private static final ConfigProto CONFIG = ConfigProto.getDefaultInstance();

  @Test
  void closesSessionAndGraph() {
    int before = OpenGraphs.count();
    ModelGraph graph = new ModelGraph();
    Operand<TFloat32> three = graph.tf().constant(3f);
    Session session = graph.start(CONFIG);
    assertThat(graph.session()).isSameAs(session);
    try (Result result = session.runner().fetch(three).run()) {
      assertThat(((TFloat32) result.get(0)).getFloat()).isEqualTo(3);
    }
    assertThat(OpenGraphs.count()).isEqualTo(before + 1);

    graph.close();

    assertThat(OpenGraphs.count()).isEqualTo(before);
    assertThatThrownBy(() -> session.runner().fetch("Const").run())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closesTheCopyThatRuns() {
    int before = OpenGraphs.count();
    try (ModelGraph graph = new ModelGraph()) {
      graph.tf().withName("three").constant(3f);
      graph.start(running -> new Session(running, CONFIG), built -> on("/device:CPU:0", built));

      assertThat(graph.definition().getNode(0).getDevice()).isEqualTo("/device:CPU:0");
      assertThat(OpenGraphs.count()).isEqualTo(before + 2);
    }
    assertThat(OpenGraphs.count()).isEqualTo(before);
  }

  private static GraphDef on(String device, GraphDef built) {
    GraphDef.Builder changed = built.toBuilder();
    changed.getNodeBuilderList().forEach(node -> node.setDevice(device));
    return changed.build();
  }

  @Test
  void closesWhatAFailedStartLeaves() {
    int before = OpenGraphs.count();
    try (ModelGraph graph = new ModelGraph()) {
      NodeDef unknown = NodeDef.newBuilder().setName("x").setOp("NoSuchOperation").build();
      assertThatThrownBy(
              () ->
                  graph.start(
                      running -> new Session(running, CONFIG),
                      built -> GraphDef.newBuilder().addNode(unknown).build()))
          .hasMessageContaining("NoSuchOperation");
      assertThatThrownBy(graph::session).hasMessageContaining("start it first");
    }
    assertThat(OpenGraphs.count()).isEqualTo(before);
  }

  @Test
  void hasOneSession() {
    try (ModelGraph graph = new ModelGraph()) {
      graph.start(CONFIG);
      assertThatThrownBy(() -> graph.start(CONFIG))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("started already");
      assertThatThrownBy(() -> graph.start(running -> new Session(running, CONFIG), built -> built))
          .hasMessageContaining("started already");
    }
  }

  @Test
  void variablesGoByTheirWeightsNames() {
    try (ModelGraph graph = new ModelGraph()) {
      Weight kernel = graph.weights().trained("a/kernel", Initializer.constant(2), 2, 3);
      Weight mean = graph.weights().state("a/mean", Initializer.constant(5), 3);
      VariableWeights variables = new VariableWeights(graph.tf(), graph.weights());

      assertThat(variables.byName())
          .isEqualTo(
              Map.of("a/kernel", variables.variable(kernel), "a/mean", variables.variable(mean)));
      assertThat(graph.weights().parameters()).isEqualTo(6);
      assertThat(graph.weights().of(Weight.Role.STATE)).isEqualTo(List.of(mean));
    }
  }
}
