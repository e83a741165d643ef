package org.imageperformer.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imageperformer.datasets.cifar.CifarFiles;
import org.imageperformer.datasets.idx.IdxFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data folders as people have them: read, or named; never passed over for the network. */
class NearMissTest {
  @TempDir private Path folder;

  private void mnist(String place) throws IOException {
    IdxFiles.write(
        folder.resolve(place), IdxFiles.random(11, 28, 28, 1, 3), IdxFiles.random(5, 28, 28, 1, 5));
  }

  private void refuses(String name, Path dataPath, String... said) {
    assertThatThrownBy(
            () -> Datasets.load(Datasets.source(name), dataPath, 28, DownloadListener.silent()))
        .isInstanceOf(DatasetException.class)
        .hasMessageContainingAll(said);
  }

  private static Dataset read(String name, Path dataPath) {
    return Datasets.source(name).read(dataPath, 28).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "MNIST, mnist",
    "MNIST, Mnist/raw",
    "FashionMNIST, fashion-mnist",
    "FashionMNIST, Fashion_MNIST"
  })
  void foldersMayBeSpeltOtherwise(String name, String place) throws IOException {
    mnist(place);
    assertThat(read(name, folder).train().size()).isEqualTo(11);
    assertThat(Datasets.source(name).status(folder).present()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".gz"})
  void filesMayHaveADot(String end) throws IOException {
    mnist("MNIST");
    Path place = folder.resolve("MNIST");
    for (String part :
        new String[] {"train-images-idx3", "train-labels-idx1", "t10k-images-idx3"}) {
      Path file = place.resolve(part + "-ubyte");
      byte[] content = Files.readAllBytes(file);
      Files.delete(file);
      Files.write(
          place.resolve(part.replace("-idx", ".idx") + "-ubyte" + end),
          end.isEmpty() ? content : IdxFiles.gzip(content));
    }
    assertThat(read("MNIST", folder).train().size()).isEqualTo(11);
  }

  @Test
  void theDataPathMayBeTheFolderItself() throws IOException {
    mnist("MNIST");
    assertThat(read("MNIST", folder.resolve("MNIST")).test().size()).isEqualTo(5);
  }

  @Test
  void filesThatMayBeOfSeveralDataSetsAreNamed() throws IOException {
    mnist(".");
    refuses(
        "MNIST",
        folder,
        folder.resolve("MNIST") + ": expected train-images-idx3-ubyte.gz",
        "found " + folder.resolve("train-images-idx3-ubyte"),
        "Move them into");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mnist.npz", "mnist_train.csv", "training.pt"})
  void otherFilesAreNamed(String file) throws IOException {
    Files.createDirectories(folder.resolve("MNIST"));
    Files.writeString(folder.resolve("MNIST").resolve(file), "x");
    Files.writeString(folder.resolve("MNIST/README.md"), "x");
    refuses("MNIST", folder, "MNIST: expected train-images", "found " + file + ".");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mnist.npz", "MNIST.zip", "Mnist.tar.gz"})
  void otherFilesBesideTheFolderAreNamed(String file) throws IOException {
    Files.writeString(folder.resolve(file), "x");
    Files.writeString(folder.resolve("mnist.txt"), "no data");
    Files.writeString(folder.resolve("mnist_rotation_new.zip"), "of another data set");
    refuses(
        "MNIST",
        folder,
        folder.resolve("MNIST") + ": expected train-images",
        "found " + folder.resolve(file) + ".");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CIFAR10",
        ".",
        "cifar-10-batches-bin",
        "cifar10/cifar-10-batches-bin",
        "cifar-10"
      })
  void binaryFilesMayLieFlat(String place) throws IOException {
    CifarFiles.write(folder.resolve(place), CifarFiles.contents(7));
    assertThat(read("CIFAR10", folder).test().size()).isEqualTo(7);
  }

  @Test
  void theArchiveMayLieInTheDataPath() throws IOException {
    Files.write(
        folder.resolve("cifar-10-binary.tar.gz"),
        IdxFiles.gzip(CifarFiles.tar(CifarFiles.contents(7))));
    assertThat(read("CIFAR10", folder).test().size()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cifar-10-batches-py/data_batch_1", "CIFAR10/cifar-10-batches-py/data_batch_1",
        "CIFAR10/data_batch_1", "cifar-10-python.tar.gz"
      })
  void thePythonVersionIsNamed(String file) throws IOException {
    Path found = folder.resolve(file);
    Files.createDirectories(found.getParent());
    Files.writeString(found, "x");
    refuses(
        "CIFAR10",
        folder,
        "expected CIFAR-10's binary version",
        "found its Python version, ",
        "Use cifar-10-binary.tar.gz instead.");
    assertThat(Datasets.source("CIFAR10").status(folder).note()).contains("Python version");
  }
}
