package org.imageperformer.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Standard output on a full disk, or into a program that has ended. */
class LostOutputTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--version",
        "--help",
        "completion",
        "datasets",
        "summary Performer MNIST --dim=8 --depth=1 --heads=2",
        "predict ../pretrained/nopos-mnist src/test/resources/pictures/plain.png",
        "predict ../pretrained/nopos-mnist src/test/resources/pictures/plain.png --json",
      })
  void isAFailure(String words) {
    StringWriter err = new StringWriter();
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };

    int status =
        Main.run(new PrintWriter(full, false, UTF_8), new PrintWriter(err), words.split(" "));

    assertThat(status).isEqualTo(1);
    assertThat(err.toString()).startsWith("error: standard output cannot be written");
  }
}
