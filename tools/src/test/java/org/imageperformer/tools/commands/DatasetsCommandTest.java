package org.imageperformer.tools.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.imageperformer.tools.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsCommandTest {
  private static final List<String> PARTS =
      List.of(
          "train-images-idx3-ubyte",
          "train-labels-idx1-ubyte",
          "t10k-images-idx3-ubyte",
          "t10k-labels-idx1-ubyte");

  @TempDir private Path data;

  @Test
  void listsEveryDatasetWithItsPlace() throws IOException {
    Path mnist = Files.createDirectory(data.resolve("MNIST"));
    for (String part : PARTS.subList(0, 3)) {
      Files.createFile(mnist.resolve(part + ".gz"));
    }

    Cli missingOne = Cli.run("datasets", "--data-path", data.toString());
    Files.createFile(mnist.resolve(PARTS.get(3)));
    Cli complete = Cli.run("datasets", "--data_path=" + data);

    assertThat(missingOne.status()).isZero();
    assertThat(missingOne.err()).isEmpty();
    assertThat(missingOne.out().lines())
        .hasSize(10)
        .anyMatch(
            line -> line.matches("MNIST +not here +missing t10k-labels-idx1-ubyte\\S* in " + mnist))
        .anyMatch(line -> line.startsWith("CIFAR10 ") && line.contains(" not here "))
        .anyMatch(line -> line.startsWith("MNISTSample ") && line.contains(" built in "));
    assertThat(complete.out().lines())
        .anyMatch(line -> line.matches("MNIST +available +" + mnist + " \\(4 files\\)"));
  }

  @Test
  void whatIsThereIsNotDownloadedAgain() throws IOException {
    Path mnist = Files.createDirectory(data.resolve("MNIST"));
    for (String part : PARTS) {
      Files.createFile(mnist.resolve(part));
    }

    assertThat(Cli.run("datasets", "--data_path", data.toString(), "download", "MNIST"))
        .isEqualTo(new Cli(0, mnist + "\n", ""));
    assertThat(Cli.run("datasets", "download", "MNIST", "--data-path", data.toString()))
        .isEqualTo(new Cli(0, mnist + "\n", ""));
  }

  @Test
  void samplesNeedNoDownload() {
    assertThat(Cli.run("datasets", "download", "MNISTSample", "--data_path=" + data))
        .isEqualTo(
            new Cli(1, "", "error: MNISTSample ships with the program: nothing to download.\n"));
  }

  @Test
  void anUnknownNameSuggestsTheNearest() {
    assertThat(Cli.run("datasets", "download", "FashonMNIST"))
        .isEqualTo(
            new Cli(
                2,
                "",
                """
                error: NAME: expected one of MNIST, FashionMNIST, CIFAR10, MNISTSample, FashionMNISTSample, PCam, RotMNIST, RotMNISTMade, RotMNISTSample, folder; found FashonMNIST. Did you mean FashionMNIST?
                ./performer datasets download --help shows the usage.
                """));
    assertThat(Cli.run("datasets", "downlaod").err())
        .startsWith("error: unknown command downlaod. Did you mean download?\n");
  }

  @Test
  void downloadHelpNamesTheDatasets() {
    assertThat(Cli.run("datasets", "download", "--help").out())
        .contains(
            "One of MNIST, FashionMNIST, CIFAR10, MNISTSample, FashionMNISTSample, PCam,\n"
                + " ".repeat(26)
                + "RotMNIST, RotMNISTMade, RotMNISTSample, folder.");
  }
}
