package org.imageperformer.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.imageperformer.tools.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

class UsageErrorsTest {
  private enum Schedule {
    CONSTANT,
    NOAM
  }

  @Test
  void aValueOutsideAChoiceNamesTheChoiceAndTheNearest() {
    assertThat(errorOf("--schedule", "naom"))
        .isEqualTo(
            "error: --schedule: expected one of CONSTANT, NOAM; found naom. Did you mean NOAM?");
    assertThat(errorOf("CONSTANTLY"))
        .isEqualTo(
            "error: SCHEDULE: expected one of CONSTANT, NOAM; found CONSTANTLY."
                + " Did you mean CONSTANT?");
  }

  @Test
  void aMissingValueIsNamed() {
    assertThat(errorOf("--schedule")).startsWith("error: ").contains("--schedule");
  }

  @Test
  void aNumberThatIsNoneIsNamed() {
    assertThat(errorOf("--dim", "many"))
        .isEqualTo("error: --dim: expected a whole number below 2^31; found many.");
    assertThat(errorOf("--dim", "99999999999"))
        .isEqualTo("error: --dim: expected a whole number below 2^31; found 99999999999.");
    assertThat(errorOf("--rate", "fast"))
        .isEqualTo("error: --rate: expected a number; found fast.");
  }

  @Test
  void whatIsNoNameOfAFileIsSaidSo() {
    assertThat(errorOf("--file", "a\u0000b"))
        .isEqualTo(
            "error: --file: expected the name of a file or folder in the locale's characters;"
                + " found a?b.");
  }

  @ParameterizedTest
  @CsvSource({
    "RUN_DIR, test ''",
    "IMAGE, predict run ''",
    "--output, test run --output ''",
    "--output, test run --output=",
  })
  void anEmptyPathIsNamed(String argument, String line) {
    Cli result =
        Cli.run(
            Stream.of(line.split(" ")).map(word -> word.replace("''", "")).toArray(String[]::new));

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err())
        .startsWith(
            "error: "
                + argument
                + ": expected the name of a file or folder in the locale's characters; found ''.");
    assertThat(Cli.run("test", "a\u0000b").err()).contains("characters; found a?b.");
  }

  private static String errorOf(String... args) {
    StringWriter err = new StringWriter();
    CommandSpec spec =
        CommandSpec.create()
            .name("x")
            .addOption(OptionSpec.builder("--schedule").type(Schedule.class).build())
            .addOption(OptionSpec.builder("--dim").type(int.class).build())
            .addOption(OptionSpec.builder("--rate").type(double.class).build())
            .addOption(OptionSpec.builder("--file").type(Path.class).build())
            .addPositional(
                PositionalParamSpec.builder()
                    .paramLabel("SCHEDULE")
                    .arity("0..1")
                    .type(Schedule.class)
                    .build());
    int status =
        new CommandLine(spec)
            .setErr(new PrintWriter(err, true))
            .setParameterExceptionHandler(new UsageErrors())
            .execute(args);
    assertThat(status).isEqualTo(2);
    return err.toString().lines().findFirst().orElseThrow();
  }

  @Test
  void aFileWhoseNameBeginsWithADashIsNamed() {
    Cli result = Cli.run("predict", "run", "-x.png");

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("error: unknown option -x.png; a file of that name is written ./-x.png\n");
    assertThat(Cli.run("predict", "run").err()).contains("IMAGE");
    assertThat(Cli.run("predict", "run", "--jsn").err()).startsWith("error: unknown option --jsn.");
  }

  /** Two dashes are more often an option misspelt: only a file that is there is spoken of. */
  @Test
  void aFileWhoseNameBeginsWithTwoDashesIsNamed() throws IOException {
    String advice = "error: unknown option --y.png; a file of that name is written ./--y.png\n";
    Path file = Files.createFile(Path.of("--y.png"));
    try {
      assertThat(Cli.run("predict", "run", "--y.png").err()).startsWith(advice);
      assertThat(Cli.run("predict", "run", "a.png", "--y.png").err()).startsWith(advice);
    } finally {
      Files.delete(file);
    }
    assertThat(Cli.run("predict", "run", "--y.png").err())
        .startsWith("error: unknown option --y.png.");
  }
}
