package org.imageperformer.tfmodels.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.imageperformer.tfmodels.graph.OpenGraphs;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.junit.jupiter.api.Test;

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
}
