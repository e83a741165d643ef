package org.imageperformer.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What TensorFlow writes to standard error by itself. */
class NativeLinesTest {
  private static final String ABSEIL = "absl::InitializeLog";

  @TempDir private Path temp;

  @Test
  void trainingPredictingAndTheDoctorHaveNone() throws Exception {
    List<String> training =
        Arrays.asList(TinyRun.arguments(temp, "RelativePerformer", "--max_steps=1"));
    assertThat(standardError(training, "2")).doesNotContain(ABSEIL, "I0000", "XLA");

    List<String> prediction =
        List.of("predict", "../pretrained/nopos-mnist", "src/test/resources/pictures/plain.png");
    assertThat(standardError(prediction, "2")).doesNotContain(ABSEIL, "I0000");
    assertThat(standardError(List.of("doctor"), "1")).doesNotContain(ABSEIL, "I0000");
    // There is something to leave out, and who asks for it gets it.
    assertThat(standardError(prediction, "0")).contains(ABSEIL, "I0000");
  }

  private String standardError(List<String> words, String level)
      throws IOException, InterruptedException {
    Path log = temp.resolve("standard-error");
    ProcessBuilder builder =
        new ProcessBuilder(TinyRun.process(words))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(log.toFile());
    builder.environment().put("TF_CPP_MIN_LOG_LEVEL", level);
    int status = builder.start().waitFor();
    String text = Files.readString(log);
    // The doctor may find something on the machine.
    assertThat(status).as(words + ": " + text).isIn(0, words.get(0).equals("doctor") ? 1 : 0);
    return text;
  }
}
