package org.imageperformer.tools.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.imageperformer.tools.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;

class PlotCommandsTest {
  /** Blue, orange, black: the first three lines. */
  private static final int[] COLORS = {0x0072B2, 0xE69F00, 0x000000};

  @TempDir private Path folder;

  @Test
  void plotShiftDrawsTheAuthorsResultsAsSvg() throws Exception {
    Path output = folder.resolve("shift.svg");

    Cli result =
        Cli.run("plot-shift", published("FashionMNIST"), published("MNIST"), "--output=" + output);

    assertThat(result).isEqualTo(new Cli(0, "", ""));
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    Document svg = factory.newDocumentBuilder().parse(output.toFile());
    assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(Files.readString(output))
        .contains("stroke:rgb(0,114,178)", "stroke:rgb(230,159,0)", "stroke:rgb(204,121,167)");
  }

  @Test
  void plotShiftDrawsPngWhateverTheLocale() throws Exception {
    Path output = folder.resolve("shift.png");
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertThat(Cli.run("plot-shift", published("FashionMNIST"), "--output", output.toString()))
          .isEqualTo(new Cli(0, "", ""));
    } finally {
      Locale.setDefault(before);
    }
    assertColors(ImageIO.read(output.toFile()));
  }

  @Test
  void plotTrainingDrawsSeveralRuns() throws IOException {
    Path output = folder.resolve("training.png");
    Path shortRun = run("a", 3);
    Path longRun = run("b", 113);
    Path oneEpoch = run("c", 1);

    Cli result =
        Cli.run(
            "plot-training",
            shortRun.toString(),
            longRun.toString(),
            oneEpoch.toString(),
            "--output",
            output.toString());

    assertThat(result).isEqualTo(new Cli(0, "", ""));
    assertColors(ImageIO.read(output.toFile()));
  }

  @Test
  void whatCannotBeDrawnIsAnError() throws Exception {
    Path output = Files.writeString(folder.resolve("old.svg"), "<svg>old");
    Path empty = Files.createFile(folder.resolve("empty.csv"));
    Path twice =
        Files.writeString(
            folder.resolve("twice.csv"),
            "run_dir,shift,accuracy_mean,loss_mean\na,1,0.5,2\na,1,0.5,2\n");

    assertThat(Cli.run("plot-shift", empty.toString(), "--output", output.toString()))
        .isEqualTo(
            new Cli(
                1,
                "",
                "error: "
                    + empty
                    + ": expected the columns run_dir, shift, accuracy_mean, loss_mean and at"
                    + " least one row below them, found no rows\n"));
    assertThat(Cli.run("plot-shift", twice.toString(), "--output", output.toString()).err())
        .isEqualTo(
            "error: " + twice + ": the run a has two rows for the shift 1; one was expected\n");
    assertThat(Cli.run("plot-training", folder.toString(), "--output", output.toString()).err())
        .isEqualTo("error: " + folder + ": expected a run directory, found no metrics.csv in it\n");
    assertThat(Cli.run("plot-shift", published("MNIST"), "--output", "shift.pdf"))
        .isEqualTo(new Cli(1, "", "error: shift.pdf: expected a name that ends in .svg or .png\n"));
    assertThat(output).hasContent("<svg>old");
  }

  @Test
  void theOutputMustBeNamed() throws Exception {
    assertThat(Cli.run("plot-shift", "a.csv"))
        .isEqualTo(
            new Cli(
                2,
                "",
                """
                error: Missing required option: '--output=FILE'
                ./performer plot-shift --help shows the usage.
                """));
  }

  @Test
  void helpOfPlotShift() throws IOException {
    try (InputStream in = PlotCommandsTest.class.getResourceAsStream("plot-shift-help.txt")) {
      assertThat(Cli.run("plot-shift", "--help"))
          .isEqualTo(new Cli(0, new String(in.readAllBytes(), UTF_8), ""));
    }
  }

  private static void assertColors(BufferedImage image) {
    int half = image.getWidth() / 2;
    for (int color : COLORS) {
      assertThat(contains(image, color, 0, half)).as("left: %x", color).isTrue();
      assertThat(contains(image, color, half, image.getWidth())).as("right: %x", color).isTrue();
    }
  }

  private static boolean contains(BufferedImage image, int color, int from, int to) {
    return IntStream.range(from, to)
        .anyMatch(
            x ->
                IntStream.range(0, image.getHeight())
                    .anyMatch(y -> (image.getRGB(x, y) & 0xffffff) == color));
  }

  private Path run(String name, int epochs) throws IOException {
    StringBuilder csv =
        new StringBuilder(
            "epoch,step,train/loss,train/acc,val/loss,val/acc,learning_rate,images_per_second,seconds\n");
    for (int epoch = 0; epoch < epochs; epoch++) {
      double loss = 2.0 / (epoch + 1);
      csv.append(
          String.join(
              ",",
              Integer.toString(epoch),
              Integer.toString(100 * (epoch + 1)),
              Double.toString(loss),
              Double.toString(1 - loss / 3),
              epoch == 1 ? "" : Double.toString(loss * 1.2),
              epoch == 1 ? "" : Double.toString(1 - loss / 2.5),
              "0.001,25.0,60.0\n"));
    }
    Path run = Files.createDirectories(folder.resolve("runs").resolve(name));
    Files.writeString(run.resolve("metrics.csv"), csv);
    return run;
  }

  private static String published(String dataset) throws URISyntaxException {
    return Path.of(
            PlotCommandsTest.class
                .getResource("/org/imageperformer/tools/plots/" + dataset + "_1_shift.csv")
                .toURI())
        .toString();
  }

  @ParameterizedTest
  @CsvSource({"plot-shift, shift", "plot-rotation, angle"})
  void oneRunInTwoSpellingsIsOneLine(String command, String axis) throws IOException {
    String header = ",run_dir," + axis + ",accuracy_mean,accuracy_std,loss_mean,loss_std\n";
    String first = header + "0,runs/a,-1,.5,.1,1,.1\n1,runs/a,0,.6,.1,1,.1\n";
    Path table = folder.resolve("names.csv");
    Path picture = folder.resolve("names.png");
    Path alone = folder.resolve("alone.png");
    Files.writeString(table, first);
    assertThat(Cli.run(command, table.toString(), "--output", alone.toString()).status()).isZero();
    Files.writeString(table, first + "2,./runs/a,-1,.5,.1,1,.1\n3,./runs/a,-0,.6,.1,1,.1\n");
    // The file, too, is one in every spelling.
    Cli same =
        Cli.run(
            command,
            table.toString(),
            folder.resolve("./names.csv").toString(),
            "--output",
            picture.toString());
    assertThat(same).isEqualTo(new Cli(0, "", ""));
    assertThat(picture).hasSameBinaryContentAs(alone);

    Files.writeString(table, first + "2,runs/../runs/a,-1,.9,.1,1,.1\n");
    Cli other = Cli.run(command, table.toString(), "--output", picture.toString());
    assertThat(other)
        .isEqualTo(
            new Cli(
                1,
                "",
                "error: "
                    + table
                    + ": runs/a and runs/../runs/a are one run, but have other figures; one of them"
                    + " was expected\n"));
  }

  @ParameterizedTest
  @CsvSource({"plot-shift, shift", "plot-rotation, angle"})
  void whatIsReadIsNotReplaced(String command, String axis) throws IOException {
    String rows = "run_dir," + axis + ",accuracy_mean,loss_mean\na,0,0.5,2\n";
    Path table = Files.writeString(folder.resolve("table.svg"), rows);

    assertThat(Cli.run(command, table.toString(), "--output", table.toString()))
        .isEqualTo(
            new Cli(
                1,
                "",
                "error: cannot write "
                    + table
                    + ": it is what is read, choose another --output\n"));
    assertThat(table).hasContent(rows);
  }

  @Test
  void anglesAreFinite() throws IOException {
    Path table =
        Files.writeString(
            folder.resolve("angles.csv"), "run_dir,angle,accuracy_mean,loss_mean\na,Inf,0.5,2\n");

    assertThat(Cli.run("plot-rotation", table.toString(), "--output", folder + "/a.svg").err())
        .isEqualTo(
            "error: "
                + table
                + ": the run a has the angle Infinity; a finite number was expected\n");
  }

  @Test
  void dataSetsAreToldApartWhereThereAreSeveral() throws IOException {
    String header = "run_dir,shift,accuracy_mean,loss_mean,dataset\n";
    BufferedImage unnamed = drawn(header + "r/a,0,0.5,2,\nr/b,0,0.4,1,\n");
    BufferedImage one = drawn(header + "r/a,0,0.5,2,MNIST\nr/b,0,0.4,1,MNIST\n");
    BufferedImage two = drawn(header + "r/a,0,0.5,2,MNIST\nr/b,0,0.4,1,FashionMNIST\n");
    // Its legend is wider by " on FashionMNIST".
    assertThat(one.getWidth()).isEqualTo(unnamed.getWidth());
    assertThat(two.getWidth()).isGreaterThan(one.getWidth() + 2 * 80);
    assertThat(two.getWidth())
        .isEqualTo(
            drawn(
                    """
                    run_dir,shift,accuracy_mean,loss_mean
                    a on MNIST,0,0.5,2
                    b on FashionMNIST,0,0.4,1
                    """)
                .getWidth());
  }

  private BufferedImage drawn(String table) throws IOException {
    Path file = Files.writeString(folder.resolve("table.csv"), table);
    Path picture = folder.resolve("table.png");
    assertThat(Cli.run("plot-shift", file.toString(), "--output", picture.toString()))
        .isEqualTo(new Cli(0, "", ""));
    return ImageIO.read(picture.toFile());
  }
}
