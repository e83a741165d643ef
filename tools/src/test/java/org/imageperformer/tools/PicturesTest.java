package org.imageperformer.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.imageperformer.eval.ImageOutcome;
import org.imageperformer.eval.ImagePredictor;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.Predictions;
import org.imageperformer.savedmodels.SavedModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same handwritten seven, as people's programs and cameras store it. */
class PicturesTest {
  private static final Path MODEL = Path.of("../pretrained/performer-mnist");
  private static final Path PICTURES = Path.of("src/test/resources/pictures");

  private static ImagePredictor predictor;
  private static SavedModel model;

  @BeforeAll
  static void load() {
    predictor = ImagePredictor.load(MODEL, LoadOptions.cpu(1));
    model = SavedModel.load(MODEL, LoadOptions.cpu(1));
  }

  @AfterAll
  static void close() {
    predictor.close();
    model.close();
  }

  @ParameterizedTest
  @CsvSource({
    "plain.png, ",
    "exif-orientation-6.jpg, turned as its EXIF orientation says",
    "ink-on-paper.png, 'inverted, light for dark'",
    "white-ink-on-transparent.png, transparent parts filled with black",
    "wide-112x28.png, 112x28 padded to 32x32",
  })
  void isSevenOrThereIsANote(String name, String note) {
    ImageOutcome.Predicted predicted = predicted(name);

    assertThat(predicted.notes()).isEqualTo(note == null ? List.of() : List.of(note));
    if (!name.startsWith("wide")) { // four times as small in the middle, it may be anything
      assertThat(predicted.className()).isEqualTo("7");
    }
  }

  @Test
  void predictSaysWhatItDid() {
    Path file = PICTURES.resolve("ink-on-paper.png");

    Cli json = Cli.run("predict", MODEL.toString(), file.toString(), "--json");

    assertThat(json.err()).isEqualTo("note: " + file + ": inverted, light for dark\n");
    JsonObject outcome =
        JsonParser.parseString(json.out()).getAsJsonArray().get(0).getAsJsonObject();
    assertThat(outcome.getAsJsonArray("notes")).hasSize(1);
  }

  /** JSON names it truly. */
  @Test
  void aNameDoesNotSpeakToTheTerminal(@TempDir Path folder) throws IOException {
    Path ink = PICTURES.resolve("ink-on-paper.png");
    Path picture = Files.copy(ink, folder.resolve("nl\nx\u001b[31m.png"));
    Path text = Files.writeString(folder.resolve("no\rpicture\u001b[31m.png"), "none");
    String[] words = {"predict", MODEL.toString(), picture.toString(), text.toString()};

    Cli table = Cli.run(words);
    Cli json = Cli.run(Stream.concat(Stream.of(words), Stream.of("--json")).toArray(String[]::new));

    String shown = folder.resolve("nl?x?[31m.png").toString();
    assertThat(table.out().lines().skip(1)).singleElement().asString().startsWith(shown + "  7 ");
    assertThat(table.err())
        .startsWith("note: " + shown + ": inverted, light for dark\n")
        .contains("error: " + folder.resolve("no?picture?[31m.png") + ": not a ");
    assertThat(json.out()).doesNotContain("\u001b");
    assertThat(
            JsonParser.parseString(json.out())
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject()
                .get("file")
                .getAsString())
        .isEqualTo(picture.toString());
  }

  /** The signature for encoded images does the same, but for EXIF. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain.png",
        "ink-on-paper.png",
        "white-ink-on-transparent.png",
        "wide-112x28.png"
      })
  void theModelDecodesAsPredictDoes(String name) throws IOException {
    List<Double> probabilities = predicted(name).probabilities();

    Predictions encoded = model.predictEncoded(List.of(Files.readAllBytes(PICTURES.resolve(name))));

    for (int c = 0; c < 10; c++) {
      assertThat((double) encoded.probabilities(0)[c])
          .isCloseTo(probabilities.get(c), within(0.02));
    }
  }

  private static ImageOutcome.Predicted predicted(String name) {
    return (ImageOutcome.Predicted) predictor.predict(List.of(PICTURES.resolve(name))).get(0);
  }

  @ParameterizedTest
  @CsvSource({"--invert=maybe, invert", "--fit=squash, fit"})
  void namesTheChoices(String word, String option) {
    Cli result =
        Cli.run("predict", MODEL.toString(), PICTURES.resolve("plain.png").toString(), word);

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("error: ")
        .contains(option, word.substring(word.indexOf('=') + 1));
  }
}
