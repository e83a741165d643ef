package org.imageperformer.savedmodels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HParamsTest {

  @TempDir Path folder;

  private static HParams all() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("model", "RelativePerformer");
    values.put("batch_size", 16);
    values.put("learning_rate", 5.0E-5);
    values.put("warmup", 0.0);
    values.put("content_rel_attn", false);
    values.put("max_steps", null);
    values.put("seed", 4_213_850_668L);
    values.put("exp_name", "ein \"Lauf\" <ä>, 日本");
    return HParams.of(values);
  }

  @Test
  void roundTripsInOrderWithItsTypes() throws IOException {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    Path file = folder.resolve("hparams.json");
    try {
      all().write(file);
    } finally {
      Locale.setDefault(before);
    }
    assertThat(Files.readString(file))
        .isEqualTo(
            """
            {
              "model": "RelativePerformer",
              "batch_size": 16,
              "learning_rate": 5.0E-5,
              "warmup": 0.0,
              "content_rel_attn": false,
              "max_steps": null,
              "seed": 4213850668,
              "exp_name": "ein \\"Lauf\\" <ä>, 日本"
            }
            """);
    HParams read = HParams.read(file);
    assertThat(read).isEqualTo(all()).hasSameHashCodeAs(all());
    assertThat(read.values()).containsExactlyEntriesOf(all().values());
    assertThat(read.values().get("batch_size")).isEqualTo(16L);
    assertThat(read.values().get("warmup")).isEqualTo(0.0);
  }

  @Test
  void givesTypedValues() {
    HParams hparams = all();
    assertThat(hparams.string("model")).isEqualTo("RelativePerformer");
    assertThat(hparams.integer("batch_size")).isEqualTo(16);
    assertThat(hparams.number("batch_size")).isEqualTo(16.0);
    assertThat(hparams.number("learning_rate")).isEqualTo(5e-5);
    assertThat(hparams.longInteger("seed")).isEqualTo(4_213_850_668L);
    assertThat(hparams.bool("content_rel_attn")).isFalse();
    assertThat(hparams.findInteger("max_steps")).isEmpty();
    assertThat(hparams.findInteger("nothing")).isEmpty();
    assertThat(hparams.has("max_steps")).isFalse();
    assertThat(hparams.has("seed")).isTrue();
    assertThat(HParams.of(Map.of("p", 0.1f)).number("p")).isEqualTo(0.1);
  }

  @Test
  void namesFileAndKeyOfAWrongValue() throws IOException {
    Path file = folder.resolve("hparams.json");
    Files.writeString(file, "{\"dim\": \"abc\", \"seed\": 4213850668, \"depth\": 4.0}");
    HParams hparams = HParams.read(file);
    assertThatThrownBy(() -> hparams.integer("dim"))
        .isInstanceOf(RunException.class)
        .hasMessage(file + ": \"dim\" should be an integer, found \"abc\"");
    assertThatThrownBy(() -> hparams.integer("depth"))
        .hasMessage(file + ": \"depth\" should be an integer, found 4.0");
    assertThatThrownBy(() -> hparams.integer("seed"))
        .hasMessage(file + ": \"seed\" is out of range: 4213850668");
    assertThatThrownBy(() -> hparams.string("seed"))
        .hasMessage(file + ": \"seed\" should be a string, found 4213850668");
    assertThatThrownBy(() -> hparams.bool("dim"))
        .hasMessage(file + ": \"dim\" should be true or false, found \"abc\"");
    assertThatThrownBy(() -> hparams.number("heads")).hasMessage(file + ": \"heads\" is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[1]|expected a JSON object, found a list",
        "{} {}|not valid JSON",
        "{\"a\": 1|expected a JSON object, found the end of the file",
        "{\"a\": {\"b\": 1}}|\"a\" should be a string, a number, a boolean or null, found an object",
        "{\"a\": [1]}|\"a\" should be a string, a number, a boolean or null, found a list",
        "{\"a\": 1, \"a\": 2}|\"a\" stands there twice",
        "{\"a\": NaN}|not valid JSON",
        "{\"a\": 1e999}|\"a\" is out of range: 1e999",
        "{\"a\": 99999999999999999999}|\"a\" is out of range: 99999999999999999999",
        "{a: 1}|not valid JSON (line 1 column 3)",
        "{\"a\": 1,}|not valid JSON",
        "not json|not valid JSON",
        "''|"
      })
  void refusesWhatIsNotFlatJson(String text, String problem) throws IOException {
    Path file = folder.resolve("hparams.json");
    Files.writeString(file, text.equals("''") ? "" : text);
    assertThatThrownBy(() -> HParams.read(file))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith(file + ": " + (problem == null ? "" : problem))
        .hasMessageNotContaining("\n");
  }

  @Test
  void refusesHostileFiles() throws IOException {
    Path file = folder.resolve("hparams.json");
    Files.writeString(file, "{\"a\": \"" + "x".repeat(1 << 20) + "\"}");
    assertThatThrownBy(() -> HParams.read(file))
        .hasMessage(file + ": expected a file of at most 1048576 bytes, found a larger one");
    Files.writeString(file, "{\"a\": " + "[".repeat(100_000));
    assertThatThrownBy(() -> HParams.read(file)).isInstanceOf(RunException.class);
    Files.writeString(file, "{\"a\": " + "9".repeat(900) + "}");
    assertThatThrownBy(() -> HParams.read(file))
        .hasMessage(file + ": \"a\" is out of range: " + "9".repeat(40) + "...");
    Files.write(file, new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
    assertThatThrownBy(() -> HParams.read(file))
        .hasMessage(file + ": expected UTF-8 text, found other bytes");
    assertThatThrownBy(() -> HParams.read(folder.resolve("none.json")))
        .hasMessage("cannot read " + folder.resolve("none.json") + ": no such file or directory");
    assertThatThrownBy(() -> HParams.read(folder))
        .isInstanceOf(RunException.class)
        .hasMessage("cannot read " + folder + ": is a directory");
  }

  @Test
  void showsNoControlCharacters() throws IOException {
    Path file = folder.resolve("hparams.json");
    Files.writeString(file, "{\"dim\": \"a\\nb\\u001b[31m\"}");
    assertThatThrownBy(() -> HParams.read(file).integer("dim"))
        .hasMessage(file + ": \"dim\" should be an integer, found \"a?b?[31m\"");
  }

  @Test
  void refusesValuesThatJsonCannotHold() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HParams.of(Map.of("a", Double.NaN)))
        .withMessage("\"a\" is not finite: NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> all().with("a", new int[0]))
        .withMessage("\"a\" is of a type that hparams.json does not hold: class [I");
  }

  @Test
  void withLeavesTheOriginal() {
    HParams hparams = HParams.of(Map.of("a", 1));
    assertThat(hparams.with("a", 2).integer("a")).isEqualTo(2);
    assertThat(hparams.with("b", true).values().keySet()).containsExactly("a", "b");
    assertThat(hparams.integer("a")).isEqualTo(1);
  }
}
