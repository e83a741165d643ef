package org.imageperformer.tools.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imageperformer.tools.cli.CommandFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunMetricsTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("metrics.csv");
  }

  @Test
  void stepsAreThoseOfTheLastEpoch() throws IOException {
    Files.writeString(file, "epoch,step,seconds\n1,10,2.5\n2,20,5.0\n");
    assertThat(RunMetrics.read(file).steps()).isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.7739", "", "-1", "x", "99999999999999999999999999"})
  void aStepThatIsNoNumberIsNamedWithFileAndLine(String step) throws IOException {
    Files.writeString(file, "epoch,step,seconds\n1,10,2.5\n2," + step + ",5.0\n");
    assertThatThrownBy(() -> RunMetrics.read(file))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(file + ": line 3: expected a number of steps, found \"" + step + "\"");
  }
}
