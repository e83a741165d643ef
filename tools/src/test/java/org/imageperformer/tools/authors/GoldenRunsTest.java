package org.imageperformer.tools.authors;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real checkpoints, against what the authors' program says of them in golden.json. */
class GoldenRunsTest {
  private static final List<String> BUFFERS =
      List.of("projection_matrix", "offdiag_matrix", "calls_since_last_redraw");

  static Stream<Path> cases() throws IOException {
    try (Stream<Path> folders = Files.list(RunFolder.golden(""))) {
      return folders.sorted().toList().stream();
    }
  }

  @Test
  void allCasesAreThere() throws IOException {
    assertThat(cases()).hasSize(16);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void parametersHaveTheNamesShapesAndNumberOfTheGoldenGradients(Path folder) throws IOException {
    AuthorsRun run = AuthorsRun.read(folder);
    JsonObject golden = golden(folder);
    JsonObject gradients = golden.getAsJsonObject("gradients");

    Set<String> parameters = new HashSet<>();
    long count = 0;
    for (WeightTensor tensor : run.tensors().values()) {
      if (BUFFERS.stream().noneMatch(tensor.name()::endsWith)) {
        parameters.add(tensor.name());
        count += tensor.values().length;
      }
    }
    assertThat(parameters).isEqualTo(gradients.keySet());
    assertThat(count).isEqualTo(golden.get("parameters").getAsLong());
    if (!folder.endsWith("clipped-full-size")
        && !folder.endsWith("performer-full-size")
        && !folder.endsWith("relative-full-size")) {
      for (String name : parameters) {
        assertThat(run.tensors().get(name).shape())
            .as(name)
            .containsExactly(shapeOf(gradients.get(name)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void hyperparametersAndCountersAreRead(Path folder) {
    AuthorsRun run = AuthorsRun.read(folder);

    assertThat(run.directory()).isEqualTo(folder);
    assertThat(run.checkpoint()).hasFileName("epoch=0-step=7.ckpt");
    assertThat(run.checkpointRule()).isEqualTo(CheckpointRule.ONLY_ONE);
    assertThat(run.epoch()).hasValue(1);
    assertThat(run.globalStep()).hasValue(7);
    assertThat(run.hparams())
        .containsEntry("version", folder.getFileName().toString())
        .containsEntry("learning_rate", 0.001)
        .containsEntry("attn_dropout", 0.0)
        .containsEntry("num_classes", 10);
    int dim = (Integer) run.hparams().get("dim");
    assertThat(run.tensors().get("output_layer.weight").shape()).containsExactly(10, dim);
    assertThat(run.tensors().keySet()).startsWith("class_query");
  }

  /** Blocks of orthogonal rows (models.md section 3): true of no other reading of the bytes. */
  @ParameterizedTest
  @ValueSource(strings = {"performer-linear", "relative-content", "clipped-full-size"})
  void projectionsHaveOrthogonalRows(String name) {
    WeightTensor projection =
        AuthorsRun.read(RunFolder.golden(name))
            .tensors()
            .get("performer.net.layers.1.0.fn.fast_attention.projection_matrix");
    int width = projection.shape()[1];
    assertThat(projection.shape()[0]).isEqualTo((int) (width * Math.log(width)));
    for (int block = 0; block < projection.shape()[0]; block += width) {
      int end = Math.min(block + width, projection.shape()[0]);
      for (int i = block; i < end; i++) {
        assertThat(dot(projection, i, i, width)).isPositive();
        for (int j = block; j < i; j++) {
          double lengths = Math.sqrt(dot(projection, i, i, width) * dot(projection, j, j, width));
          assertThat(dot(projection, i, j, width) / lengths).isBetween(-1e-5, 1e-5);
        }
      }
    }
  }

  @Test
  void rotationOfTheRelativeModelIsThatOfItsDefinition() {
    WeightTensor rotation =
        AuthorsRun.read(RunFolder.golden("relative-linear"))
            .tensors()
            .get("performer.net.layers.0.0.fn.to_q.offdiag_matrix");

    assertThat(rotation)
        .isEqualTo(new WeightTensor(rotation.name(), new int[] {2, 2}, rotationValues()));
  }

  @Test
  void wholeNumbersAreRead() {
    WeightTensor calls =
        AuthorsRun.read(RunFolder.golden("performer-linear"))
            .tensors()
            .get("performer.calls_since_last_redraw");

    assertThat(calls.shape()).isEmpty();
    assertThat(calls.values()).containsExactly(0);
    assertThat(calls).hasToString("performer.calls_since_last_redraw []");
  }

  /** The first values as another zip reader shows them. */
  @Test
  void valuesAreThoseOfTheFile() {
    AuthorsRun run = AuthorsRun.read(RunFolder.golden("performer-linear"));

    assertThat(run.tensors().get("class_query").values())
        .hasSize(16)
        .startsWith(-2.002951f, -0.49140018f, 1.7086049f);
    assertThat(run.tensors().get("output_layer.weight").values())
        .hasSize(160)
        .startsWith(0.16501495f, -0.22778443f, -0.2377021f);
  }

  /** [[0, 1], [-1, 0]]: (a, b) times it is (-b, a), the part that beta multiplies. */
  private static float[] rotationValues() {
    return new float[] {0, 1, -1, 0};
  }

  private static double dot(WeightTensor matrix, int i, int j, int width) {
    double sum = 0;
    for (int k = 0; k < width; k++) {
      sum += (double) matrix.values()[i * width + k] * matrix.values()[j * width + k];
    }
    return sum;
  }

  private static int[] shapeOf(JsonElement nested) {
    JsonArray array = nested.getAsJsonArray();
    if (!array.get(0).isJsonArray()) {
      return new int[] {array.size()};
    }
    return new int[] {array.size(), array.get(0).getAsJsonArray().size()};
  }

  private static JsonObject golden(Path folder) throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve("golden.json")))
        .getAsJsonObject();
  }
}
