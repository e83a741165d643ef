package org.imageperformer.tools.authors;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.imageperformer.savedmodels.OneLine;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The {@code hparams.yaml} of a run: one mapping from names to values. */
final class HparamsFile {
  static final String NAME = "hparams.yaml";
  private static final int MOST_BYTES = 64 << 10;
  private static final int MOST_ALIASES = 10;

  private HparamsFile() {}

  /**
   * Reads {@code hparams.yaml} of that folder.
   *
   * @throws AuthorsRunException if it is missing or is not such a mapping
   */
  static Map<String, Object> read(Path directory) {
    Path file = directory.resolve(NAME);
    try {
      return parse(text(file));
    } catch (RefusedException e) {
      throw new AuthorsRunException(file + ": " + e.getMessage(), e);
    } catch (NoSuchFileException e) {
      throw new AuthorsRunException(
          directory
              + ": no hparams.yaml; expected the folder of a run of the authors' program, with"
              + " hparams.yaml and checkpoints/*.ckpt",
          e);
    } catch (IOException e) {
      throw new AuthorsRunException(file + ": cannot be read: " + OneLine.reason(e), e);
    }
  }

  private static String text(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    }
    if (bytes.length > MOST_BYTES) {
      throw new RefusedException("longer than " + MOST_BYTES + " bytes, expected hyperparameters");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new RefusedException("not UTF-8 text", e);
    }
  }

  private static Map<String, Object> parse(String text) {
    Object document;
    try {
      document = new Load(settings()).loadFromString(text);
    } catch (RuntimeException e) {
      throw new RefusedException("not valid YAML: " + OneLine.reason(e), e);
    } catch (StackOverflowError e) {
      // The parser is recursive.
      throw new RefusedException("not valid YAML: nested too deeply", e);
    }
    if (!(document instanceof Map<?, ?> entries)) {
      throw new RefusedException("expected one \"name: value\" a line, found something else");
    }
    Map<String, Object> hparams = new LinkedHashMap<>();
    entries.forEach((key, value) -> hparams.put(name(key), plain(key, value)));
    return hparams;
  }

  private static LoadSettings settings() {
    return LoadSettings.builder()
        .setLabel(NAME)
        // The core schema takes 1e-3 and 5.0e-05 for numbers alike, and ~ for null.
        .setSchema(new CoreSchema())
        .setCodePointLimit(MOST_BYTES)
        .setMaxAliasesForCollections(MOST_ALIASES)
        .setAllowDuplicateKeys(false)
        .setAllowRecursiveKeys(false)
        .build();
  }

  private static String name(Object key) {
    if (key instanceof String name) {
      return name;
    }
    throw new RefusedException("a name is expected before every colon, found something else");
  }

  private static Object plain(Object key, Object value) {
    try {
      return PlainValue.copyOf(value);
    } catch (RefusedException e) {
      throw new RefusedException(
          "the value of " + OneLine.quoted(String.valueOf(key)) + " " + e.getMessage(), e);
    }
  }
}
