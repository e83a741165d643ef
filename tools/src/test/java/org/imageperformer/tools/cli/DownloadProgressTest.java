package org.imageperformer.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DownloadProgressTest {
  @Test
  void aDownloadIsAFewPlainLines() {
    StringWriter err = new StringWriter();
    DownloadProgress progress = new DownloadProgress(new PrintWriter(err));
    URI mirror = URI.create("https://example.org/mnist/a.gz");

    progress.started("a.gz", mirror, 1_500_000, 9_900_000);
    for (int percent = 0; percent < 100; percent++) {
      progress.progress("a.gz", percent * 99_000L, 9_900_000);
    }
    progress.failed("a.gz", mirror, "the connection broke");
    progress.finished("a.gz", Path.of("data", "a.gz"));

    assertThat(err)
        .hasToString(
            """
            a.gz: downloading from example.org, 1.5 MB are here
            a.gz: example.org: the connection broke
            a.gz: complete
            """);
  }
}
