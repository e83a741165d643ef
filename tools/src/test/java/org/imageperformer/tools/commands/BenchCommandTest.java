package org.imageperformer.tools.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.imageperformer.tools.Cli;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandTest {
  private static final List<String> TINY =
      List.of("bench", "--dim", "8", "--depth", "1", "--heads", "2", "--image_size", "5");

  @TempDir Path folder;

  private static Cli run(String... words) {
    return Cli.run(Stream.concat(TINY.stream(), Arrays.stream(words)).toArray(String[]::new));
  }

  @Test
  void measuresBothSettingsOfAComparison() {
    Cli result =
        run(
            "--model=Performer",
            "--rounds=1",
            "--seconds=0.05",
            "--json",
            "--plain",
            "--compare=--batch-size 4");

    assertThat(result.status()).as(result.err()).isZero();
    JsonArray figures = JsonParser.parseString(result.out()).getAsJsonArray();
    assertThat(figures).hasSize(4);
    for (int i = 0; i < 4; i++) {
      JsonObject figure = figures.get(i).getAsJsonObject();
      assertThat(figure.get("model").getAsString()).isEqualTo("Performer");
      assertThat(figure.get("variant").getAsString()).isEqualTo(i % 2 == 0 ? "A" : "B");
      assertThat(figure.get("phase").getAsString()).isEqualTo(i < 2 ? "training" : "inference");
      assertThat(figure.get("imagesPerSecond").getAsDouble()).isPositive();
      assertThat(figure.get("matrixGflops").getAsDouble()).isPositive();
      assertThat(figure.get("firstSeconds").getAsDouble()).isPositive();
      assertThat(figure.get("fraction").getAsDouble())
          .isCloseTo(
              figure.get("gflops").getAsDouble() / figure.get("matrixGflops").getAsDouble(),
              withPercentage(1e-6));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--rounds=0, rounds must be at least 1 and seconds above 0",
    "--seconds=0, rounds must be at least 1 and seconds above 0",
    "--batch_size=0, batch_size is 0",
    "--model=Perform, unknown model",
    "--compare=--heads 3, heads 3 does not divide dim 8",
    "--compare=--headz 3, Unknown option",
    "--dataset=MNOST, unknown DATASET MNOST",
    "--processes=1, processes is 1",
    "--processes=2 --only=inference, drop --processes",
    "--processes=2 --compare=threads, drop --processes",
    "--processes=2 --model=Performer --key_stabilizer=batch, ties the images of a batch together",
    "--profile --processes=2, drop --profile",
    "--profile --against=x.json, drop --profile"
  })
  void refusesWhatCannotBeMeasured(String option, String reason) {
    // A comparison's options are one word.
    Cli result = run(option.startsWith("--compare") ? new String[] {option} : option.split(" "));

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains(reason);
  }

  @Test
  void showsWhereTheTimeGoes() {
    Cli result =
        run(
            "--profile",
            "--model=Performer",
            "--threads=2",
            "--rounds=1",
            "--seconds=0.05",
            "--json");

    assertThat(result.status()).as(result.err()).isZero();
    JsonArray profiles = JsonParser.parseString(result.out()).getAsJsonArray();
    assertThat(profiles).hasSize(2);
    for (int i = 0; i < 2; i++) {
      JsonObject profile = profiles.get(i).getAsJsonObject();
      JsonObject kinds = profile.getAsJsonObject("byKind");
      assertThat(profile.get("settings").getAsString()).contains("--threads 1");
      assertThat(kinds.keySet()).contains("products", "softmax, exp", "reductions", "arithmetic");
      // Training alone compiles, and updates.
      assertThat(kinds.has("compiled")).isEqualTo(i == 0);
      assertThat(kinds.has("updates")).isEqualTo(i == 0);
      assertThat(sum(kinds))
          .isPositive()
          .isCloseTo(sum(profile.getAsJsonObject("byOperation")), withPercentage(1e-6));
    }
    assertThat(profiles.get(0).getAsJsonObject().getAsJsonObject("byOperation").keySet())
        .contains("gelu_0.1", "layer_norm", "ApplyAdam");
  }

  private static double sum(JsonObject values) {
    return values.asMap().values().stream().mapToDouble(JsonElement::getAsDouble).sum();
  }

  @Test
  @Tag("slow") // five processes
  void measuresProcessesThatShareTheirBatches() {
    Cli result =
        run(
            "--model=Performer",
            "--plain",
            "--batch_size=8",
            "--processes=2",
            "--threads=2",
            "--rounds=2",
            "--seconds=0.2",
            "--json");

    assertThat(result.status()).as(result.err()).isZero();
    JsonArray figures = JsonParser.parseString(result.out()).getAsJsonArray();
    assertThat(figures)
        .extracting(each -> each.getAsJsonObject().get("variant").getAsString())
        .containsExactly("1 process", "2 processes", "2 apart");
    for (int i = 0; i < 3; i++) {
      JsonObject figure = figures.get(i).getAsJsonObject();
      assertThat(figure.get("phase").getAsString()).isEqualTo("training");
      assertThat(figure.get("slowest").getAsDouble()).isPositive();
      assertThat(figure.get("settings").getAsString()).contains("--threads " + (i == 0 ? 2 : 1));
    }
  }

  /** Nothing can be as fast as these. */
  @Test
  void saysWhatBecameSlower() throws IOException {
    Path file = earlier("MNIST --dim 8 --depth 1 --heads 2 --image_size 5", 1e9, "100");
    Cli result =
        run(
            "--model=Performer",
            "--only=training",
            "--rounds=1",
            "--seconds=0.05",
            "--against=" + file);

    assertThat(result.status()).as(result.err()).isEqualTo(1);
    assertThat(result.out()).contains("Performer training: slower: 0.00 times the earlier speed");
  }

  @Test
  void figuresOfOtherSettingsAreNotCompared() throws IOException {
    Cli result =
        run(
            "--model=Performer",
            "--only=training",
            "--against=" + earlier("MNIST --dim 9", 1, "1"));

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .contains("earlier.json: expected figures of Performer (training, MNIST --", "--dim 8")
        .contains("found those of Performer (training, MNIST --dim 9). Measure the same");
  }

  @ParameterizedTest
  @CsvSource({
    "{}, 'expected a JSON list, found an object'",
    "[1], 'expected a list of JSON objects, found a number'",
    "[], 'found those of . Measure'",
    "'[{\"model\": \"Performer\"}]', 'found no model, variant, phase, settings or speed in entry 1'",
    "'[{\"imagesPerSecond\": \"x\"}]', 'not valid JSON'",
    "'[', 'found the end of the file'"
  })
  void whatIsNotFiguresIsRefused(String text, String reason) throws IOException {
    Path file = Files.writeString(folder.resolve("earlier.json"), text);
    Cli result = run("--model=Performer", "--against=" + file);

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("earlier.json: ", reason);
  }

  private Path earlier(String settings, double images, String matrix) throws IOException {
    return Files.writeString(
        folder.resolve("earlier.json"),
        """
        [{"model": "Performer", "variant": "", "phase": "training", "settings": "%s",
          "imagesPerSecond": %s, "slowest": %s, "fastest": %s, "matrixGflops": %s}]
        """
            .formatted(settings, images, images, images, matrix));
  }

  @Test
  void aGpuThatIsNotThereEndsIt() {
    Cli result = run("--model=Performer", "--only=training", "--device=gpu");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("there is no GPU that TensorFlow can use");
  }

  @Test
  @Tag("slow") // two models, each in a process of its own
  void givesAnOptionToTheModelsThatHaveIt() {
    Cli result =
        run(
            "--model=Performer",
            "--model=ClippedRelativePerformer",
            "--clipping_dist=2",
            "--only=training",
            "--rounds=1",
            "--seconds=0.05");

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).contains("Performer ", "ClippedRelativePerformer ", "training");
  }
}
