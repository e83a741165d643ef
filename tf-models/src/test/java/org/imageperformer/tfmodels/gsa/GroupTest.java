package org.imageperformer.tfmodels.gsa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.imageperformer.options.Labelled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Groups are groups, their matrices represent them, and they are the authors' program's. */
class GroupTest {

  @ParameterizedTest
  @EnumSource(Group.class)
  void satisfiesTheAxioms(Group group) {
    for (int a = 0; a < group.order(); a++) {
      assertThat(group.product(0, a)).isEqualTo(a);
      assertThat(group.product(a, 0)).isEqualTo(a);
      assertThat(group.product(a, group.inverse(a))).isZero();
      assertThat(group.product(group.inverse(a), a)).isZero();
      for (int b = 0; b < group.order(); b++) {
        assertThat(group.product(a, b)).isBetween(0, group.order() - 1);
        for (int c = 0; c < group.order(); c++) {
          assertThat(group.product(group.product(a, b), c))
              .isEqualTo(group.product(a, group.product(b, c)));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Group.class)
  void actsByItsMatrices(Group group) {
    assertThat(group.act(0, 3, 7)).containsExactly(new double[] {3, 7}, within(1e-12));
    for (int a = 0; a < group.order(); a++) {
      double[] image = group.act(a, 3, 7);
      for (int b = 0; b < a; b++) {
        assertThat(group.act(b, 3, 7)).as("faithful").isNotEqualTo(image);
      }
      for (int b = 0; b < group.order(); b++) {
        double[] first = group.act(b, 3, 7);
        assertThat(group.act(a, first[0], first[1]))
            .containsExactly(group.act(group.product(a, b), 3, 7), within(1e-12));
      }
    }
  }

  /** What makes the network equivariant; the authors' index has it not. */
  @ParameterizedTest
  @EnumSource(Group.class)
  void relativeElementsDoNotChangeWhenBothAreMoved(Group group) {
    for (int g = 0; g < group.order(); g++) {
      for (int m = 0; m < group.order(); m++) {
        assertThat(group.product(group.relative(g, m), g)).isEqualTo(m);
        for (int s = 0; s < group.order(); s++) {
          assertThat(group.relative(group.product(g, s), group.product(m, s)))
              .isEqualTo(group.relative(g, m));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Group.class)
  void isTheGroupOfTheAuthorsProgram(Group group) {
    JsonObject golden = GoldenCase.json("groups/" + group.label() + ".json");
    JsonArray elements = golden.getAsJsonArray("elements");
    assertThat(group.order()).isEqualTo(elements.size());
    JsonArray relative = golden.getAsJsonArray("relative_positions");
    JsonArray acted = golden.getAsJsonArray("g_indices_acted");
    for (int g = 0; g < group.order(); g++) {
      JsonArray element = elements.get(g).getAsJsonArray();
      assertThat(2 * Math.PI * group.rotation(g) / group.rotations())
          .isCloseTo(element.get(0).getAsDouble(), within(1e-6));
      assertThat(group.mirror(g))
          .isEqualTo(element.size() == 2 && element.get(1).getAsInt() < 0 ? 1 : 0);
      for (int m = 0; m < group.order(); m++) {
        assertThat(group.relative(g, m))
            .isEqualTo(relative.get(g).getAsJsonArray().get(m).getAsInt());
        for (int v = 0; v < group.order(); v++) {
          assertThat(GroupEncoding.RELATIVE.index(group, v, g, m)).isEqualTo(group.relative(g, m));
          JsonArray ofElement = acted.get(v).getAsJsonArray().get(g).getAsJsonArray();
          assertThat(GroupEncoding.ACTED.index(group, v, g, m))
              .isEqualTo(ofElement.get(m).getAsInt());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Group.class)
  void movesOffsetsAsTheAuthorsProgram(Group group) {
    JsonObject golden = GoldenCase.json("groups/" + group.label() + ".json");
    OffsetGrid patch = OffsetGrid.local(golden.get("local_patch").getAsInt());
    assertThat(patch.rows(group))
        .containsExactly(GoldenCase.floats(golden.get("local_rows")), within(1e-6f));
    assertThat(patch.columns(group))
        .containsExactly(GoldenCase.floats(golden.get("local_cols")), within(1e-6f));

    int side = golden.get("global_size").getAsInt();
    OffsetGrid image = OffsetGrid.global(side);
    float[] rows = image.rows(group);
    float[] columns = image.columns(group);
    float[] expectedRows = GoldenCase.floats(golden.get("global_rows"));
    float[] expectedColumns = GoldenCase.floats(golden.get("global_cols"));
    int pixels = side * side;
    assertThat(expectedRows).hasSize(group.order() * pixels * pixels);
    for (int i = 0; i < expectedRows.length; i++) {
      int key = i % pixels;
      int query = i / pixels % pixels;
      int offset =
          i / pixels / pixels * image.size()
              + image.index(key / side - query / side, key % side - query % side);
      assertThat(rows[offset]).isCloseTo(expectedRows[i], within(1e-6f));
      assertThat(columns[offset]).isCloseTo(expectedColumns[i], within(1e-6f));
    }
  }

  @Test
  void groupsHaveTheNamesOfTheField() {
    assertThat(Labelled.labels(Group.class))
        .containsExactly("z2", "p4", "p8", "p12", "p16", "mz2", "p4m", "p8m");
    assertThat(Labelled.labels(GroupEncoding.class)).containsExactly("relative", "acted");
  }

  @Test
  void patchesHaveACentre() {
    assertThatThrownBy(() -> OffsetGrid.local(4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("patch_size is 4, must be odd and at least 3");
    assertThatThrownBy(() -> OffsetGrid.local(1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void onePixelHasOneOffset() {
    assertThat(OffsetGrid.global(1).rows(Group.P4))
        .containsExactly(new float[4], within(0f)); // of either sign
  }
}
