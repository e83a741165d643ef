package org.imageperformer.tools.authors;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.savedmodels.OneLine;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;

/** The {@code hparams.yaml} of a run: one mapping from names to values. */
final class HparamsFile {
  static final String NAME = "hparams.yaml";
  private static final int MOST_BYTES = 64 << 10;

  private HparamsFile() {}

  /**
   * Reads {@code hparams.yaml} of that folder; empty if it has none.
   *
   * @throws AuthorsRunException if it is not such a mapping
   */
  static Optional<Map<String, Object>> find(Path directory) {
    Path file = directory.resolve(NAME);
    try {
      return Optional.of(parse(text(file)));
    } catch (RefusedException e) {
      throw new AuthorsRunException(file + ": " + e.getMessage(), e);
    } catch (NoSuchFileException e) {
      return Optional.empty();
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
    try {
      return new Compose(settings()).composeString(text).map(PyYaml::entries).orElse(Map.of());
    } catch (RefusedException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new RefusedException("not valid YAML: " + OneLine.reason(e), e);
    } catch (StackOverflowError e) {
      // The parser is recursive.
      throw new RefusedException("not valid YAML: nested too deeply", e);
    }
  }

  private static LoadSettings settings() {
    return LoadSettings.builder()
        .setLabel(NAME)
        .setSchema(PyYaml.SCHEMA)
        .setCodePointLimit(MOST_BYTES)
        .build();
  }
}
