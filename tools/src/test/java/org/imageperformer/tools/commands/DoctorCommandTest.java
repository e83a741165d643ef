package org.imageperformer.tools.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import org.imageperformer.tools.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On this machine, with the real TensorFlow. */
class DoctorCommandTest {
  @TempDir private Path folder;

  @Test
  void aMachineThatCanTrainIsHealthy() {
    Cli result = Cli.run("doctor", "--data_path", folder.resolve("data").toString());

    assertThat(result.status()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines())
        .anyMatch(line -> line.matches("TensorFlow +\\d+\\.\\d+\\.\\d+"))
        .anyMatch(line -> line.matches("natives +cpu"))
        .anyMatch(line -> line.matches("device +/job:\\S+/device:CPU:0"))
        .anyMatch(line -> line.startsWith("libcudnn.so.9 "))
        .anyMatch(line -> line.matches("data path +" + folder.resolve("data")));
  }

  @Test
  void jsonHoldsTheSame() {
    Cli result = Cli.run("doctor", "--json", "--data-path=" + folder);

    assertThat(result.status()).isZero();
    JsonObject answer = JsonParser.parseString(result.out()).getAsJsonObject();
    assertThat(answer.getAsJsonArray("versions")).hasSize(3);
    JsonObject found = answer.getAsJsonObject("found");
    assertThat(found.get("cpuWorks").getAsBoolean()).isTrue();
    assertThat(found.get("natives").getAsString()).isEqualTo("cpu");
    assertThat(found.getAsJsonArray("libraries")).hasSize(9);
    assertThat(found.getAsJsonArray("devices").get(0).getAsJsonObject().get("type").getAsString())
        .isEqualTo("CPU");
  }
}
