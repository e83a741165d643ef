package org.imageperformer.tools.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imageperformer.tools.Cli;
import org.imageperformer.tools.TinyRun;
import org.imageperformer.tools.cli.ProductVersion;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  @TempDir private static Path folder;
  private static Path run;

  @BeforeAll
  static void train() {
    run = TinyRun.train(folder.resolve("runs"), "RelativePerformer");
  }

  @Test
  void aTrainedRunIsReported() throws IOException {
    Path output = folder.resolve("report.html");

    Cli result =
        Cli.run(
            "report",
            run.toString(),
            "--labels",
            "1",
            "7",
            "--min-shift=1",
            "--angles=0,90",
            "--limit-rotated=40",
            "--output=" + output);

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo("report: " + output + "\n");
    assertThat(result.err()).contains("done: " + run + "\n");
    assertThat(Files.readString(output))
        .contains("<h1>Image Performer: 1 run on MNISTSample</h1>")
        .contains("images of the class 1 or 7 moved sideways by \u22121 to +1 columns")
        .contains("Turned images of MNISTSample")
        .contains("on the first 40 images of the test set")
        .contains("Written by Image Performer " + ProductVersion.product());
  }

  @Test
  void aBrokenRunIsNamedAndTheOthersAreShown() throws IOException {
    Path broken = folder.resolve("nowhere");
    Path output = folder.resolve("partial.html");

    Cli result =
        Cli.run(
            "report",
            broken.toString(),
            run.toString(),
            "--limit_test=10",
            "--angles=none",
            "--output",
            output.toString());

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).isEqualTo("report: " + output + "\n");
    assertThat(result.err())
        .contains("error: " + broken + " is no run directory: not found\n")
        .contains("warning: there are no shift curves for MNISTSample: none of its first 10 test");
    assertThat(Files.readString(output))
        .contains(broken + " is no run directory: not found")
        .doesNotContain("Turned images");
  }

  @Test
  void argumentsAreChecked() {
    Path output = folder.resolve("none.html");

    assertThat(Cli.run("report", run.toString(), "--limit_test=0", "--output=" + output))
        .satisfies(
            result -> {
              assertThat(result.status()).isEqualTo(2);
              assertThat(result.err()).contains("limit_test is 0, must be at least 1");
            });
    assertThat(Cli.run("report", run.toString(), "--min_shift=-1", "--output=" + output))
        .isEqualTo(new Cli(1, "", "error: --min_shift should be 0 or more, found -1\n"));
    assertThat(Cli.run("report", run.toString(), "--angles=0:90", "--output=" + output).err())
        .isEqualTo(
            "error: --angles should be FROM:TO:STEP or A,B,... in degrees, such as 0:345:15, found"
                + " \"0:90\"\n");
    assertThat(Cli.run("report", run.toString(), "--limit_rotated=0", "--output=" + output).err())
        .startsWith("error: limit_rotated is 0, must be at least 1");
    assertThat(Cli.run("report", run.toString()).status()).isEqualTo(2);
    assertThat(output).doesNotExist();
  }
}
