package org.imageperformer.savedmodels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelInfoTest {

  @TempDir Path folder;

  private static ModelInfo info() {
    return new ModelInfo(
        "Performer",
        "CIFAR10",
        List.of("plane", "car"),
        32,
        32,
        3,
        16,
        "batch",
        "0.1.0",
        HParams.of(Map.of("learning_rate", 0.001)));
  }

  @Test
  void roundTrips() throws IOException {
    Path file = folder.resolve("model.json");
    Files.writeString(file, info().toJson());
    assertThat(Files.readString(file))
        .isEqualTo(
            """
            {
              "model": "Performer",
              "dataset": "CIFAR10",
              "classes": [
                "plane",
                "car"
              ],
              "height": 32,
              "width": 32,
              "channels": 3,
              "batch_size": 16,
              "key_stabilizer": "batch",
              "product_version": "0.1.0",
              "hparams": {
                "learning_rate": 0.001
              }
            }
            """);
    assertThat(ModelInfo.read(file)).isEqualTo(info());
    assertThat(info().imageBytes()).isEqualTo(3072);
    assertThat(info().dependsOnBatch()).isTrue();
  }

  @Test
  void keepsWhatIsOptional() throws IOException {
    ModelInfo plain = info();
    ModelInfo full =
        new ModelInfo(
            plain.model(),
            plain.dataset(),
            plain.classes(),
            plain.height(),
            plain.width(),
            plain.channels(),
            plain.batchSize(),
            plain.keyStabilizer(),
            plain.productVersion(),
            plain.hparams(),
            Set.of("learning_rate"),
            Optional.of(32));
    Path file = folder.resolve("model.json");
    Files.writeString(file, full.toJson());
    assertThat(ModelInfo.read(file)).isEqualTo(full).isNotEqualTo(plain);
    assertFails(
        file,
        full.toJson().replace("32\n}", "0\n}"),
        "not the description of a model: images_at_once should be 1 to 1024, found 0");
    assertFails(
        file,
        full.toJson().replace("32\n}", "1025\n}"),
        "not the description of a model: images_at_once should be 1 to 1024, found 1025");
  }

  @Test
  void reportsAllProblemsAtOnce() {
    assertThatThrownBy(
            () ->
                new ModelInfo(
                    " ", "D", List.of("one"), 0, 32, 2, 0, "none", "1", HParams.of(Map.of())))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "not the description of a model: model is empty; classes should be at least 2, found 1;"
                + " height should be 1 to 16384, found 0; channels should be 1 or 3, found 2;"
                + " batch_size should be 1 to 1048576, found 0; key_stabilizer should be batch or"
                + " example, found none");
  }

  @Test
  void namesTheFileAndWhatIsWrong() throws IOException {
    Path file = folder.resolve("model.json");
    String good = info().toJson();
    assertFails(file, good.replace("\"classes\"", "\"names\""), "\"classes\" is missing");
    assertFails(file, good.replace("\"hparams\"", "\"options\""), "\"hparams\" is missing");
    assertFails(
        file,
        good.replace("\"plane\"", "1"),
        "\"classes\" should be a list of strings, found a number");
    assertFails(file, good.replace("\"width\"", "\"height\""), "\"height\" stands there twice");
    assertFails(
        file, good.replace("16", "\"16\""), "\"batch_size\" should be an integer, found \"16\"");
    assertFails(file, "{\"hparams\": 1}", "\"hparams\" should be an object, found a number");
    assertFails(file, "{\"classes\": 1}", "\"classes\" should be a list, found a number");
    Files.writeString(file, good.replace("\"model\"", "\"later\": {\"x\": [1]}, \"model\""));
    assertThat(ModelInfo.read(file)).isEqualTo(info());
  }

  private static void assertFails(Path file, String json, String problem) throws IOException {
    Files.writeString(file, json);
    assertThatThrownBy(() -> ModelInfo.read(file))
        .isInstanceOf(RunException.class)
        .hasMessage(file + ": " + problem);
  }
}
