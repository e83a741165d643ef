package org.imageperformer.savedmodels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

  @TempDir Path folder;

  @Test
  void roundTrips() throws IOException {
    Path file = folder.resolve("results.json");
    Results results = new Results(0.1, 0.97, 1.0 / 3, 0.96, 4_742_414);
    results.write(file);
    assertThat(Files.readString(file))
        .isEqualTo(
            """
            {
              "val/loss": 0.1,
              "val/acc": 0.97,
              "test/loss": 0.3333333333333333,
              "test/acc": 0.96,
              "n_parameters": 4742414
            }
            """);
    assertThat(Results.read(file)).isEqualTo(results);
  }

  @Test
  void refusesWhatIsMissingOrNotFinite() throws IOException {
    Path file = folder.resolve("results.json");
    assertThatThrownBy(() -> new Results(Double.NaN, 0, 0, 0, 1).write(file))
        .hasMessage("cannot write " + file + ": \"val/loss\" is not finite: NaN");
    assertThat(file).doesNotExist();
    Files.writeString(file, "{\"val/loss\": 1}");
    assertThatThrownBy(() -> Results.read(file)).hasMessage(file + ": \"val/acc\" is missing");
  }
}
