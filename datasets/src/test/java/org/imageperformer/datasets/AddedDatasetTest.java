package org.imageperformer.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user adds a data set by one class and one line. */
class AddedDatasetTest {
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();
  private final List<URLClassLoader> opened = new ArrayList<>();
  @TempDir private Path folder;

  @AfterEach
  void end() throws IOException {
    Thread.currentThread().setContextClassLoader(before);
    for (URLClassLoader loader : opened) {
      loader.close();
    }
  }

  /** The class: stripes, named in a file of its folder, with validation images of its own. */
  public static final class Stripes implements DatasetSource {
    @Override
    public String name() {
      return "Stripes";
    }

    @Override
    public DatasetInfo info(Path dataPath) {
      try {
        return new DatasetInfo(
            name(),
            Files.readAllLines(file(dataPath)),
            2,
            2,
            List.of(0.25f),
            List.of(0.5f),
            false,
            Map.of("schedule", "cosine"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Availability status(Path dataPath) {
      return new Availability(
          name(), Availability.Place.DATA_PATH, file(dataPath).toString(), "1 file");
    }

    @Override
    public Optional<Dataset> read(Path dataPath, int imageSize) {
      return Files.exists(file(dataPath))
          ? Optional.of(
              new Dataset(
                  info(dataPath),
                  images(5, imageSize),
                  Optional.of(images(3, imageSize)),
                  images(4, imageSize),
                  List.of()))
          : Optional.empty();
    }

    @Override
    public String remedy(Path dataPath) {
      return "Write the names of the stripes to " + file(dataPath) + ".";
    }

    private static Path file(Path dataPath) {
      return dataPath.resolve("stripes.txt");
    }

    private static ImageSet images(int count, int side) {
      return ImageSet.of(new byte[count * side * side], new byte[count], side, side, 1);
    }
  }

  /** Another one of the same name. */
  public static final class Again implements DatasetSource {
    private final Stripes stripes = new Stripes();

    @Override
    public String name() {
      return stripes.name();
    }

    @Override
    public DatasetInfo info(Path dataPath) {
      return stripes.info(dataPath);
    }

    @Override
    public Availability status(Path dataPath) {
      return stripes.status(dataPath);
    }

    @Override
    public Optional<Dataset> read(Path dataPath, int imageSize) {
      return stripes.read(dataPath, imageSize);
    }

    @Override
    public String remedy(Path dataPath) {
      return stripes.remedy(dataPath);
    }
  }

  /** The line. */
  private void register(String... classes) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.write(services.resolve(DatasetSource.class.getName()), List.of(classes));
    URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before);
    opened.add(loader);
    Thread.currentThread().setContextClassLoader(loader);
  }

  @Test
  void isListedFoundReadAndPartitioned() throws IOException {
    Files.write(folder.resolve("stripes.txt"), List.of("along", "across"));
    register(Stripes.class.getName());

    assertThat(Datasets.all().stream().map(DatasetSource::name))
        .containsExactly(
            "MNIST",
            "FashionMNIST",
            "CIFAR10",
            "MNISTSample",
            "FashionMNISTSample",
            "PCam",
            "RotMNIST",
            "RotMNISTMade",
            "RotMNISTSample",
            "folder",
            "Stripes");
    assertThat(Datasets.status(folder).get(10).dataset()).isEqualTo("Stripes");
    DatasetSource source = Datasets.source("Stripes");
    assertThat(source).isInstanceOf(Stripes.class);
    assertThat(source.augmentation()).isEmpty();
    assertThat(source.info(folder).classNames()).containsExactly("along", "across");
    assertThat(source.info(folder).defaults()).containsExactly(Map.entry("schedule", "cosine"));
    Dataset dataset = Datasets.load(source, folder, 7, DownloadListener.silent());
    assertThat(dataset.train()).hasToString("5 images of 7x7x1");
    Partition partition = new Partition(1, source.info(folder).defaultValidation(), 4, 2, 3);
    assertThat(partition.train(dataset).size()).isEqualTo(4);
    assertThat(partition.validation(dataset).size()).isEqualTo(2);
    assertThat(partition.test(dataset).size()).isEqualTo(3);
  }

  @Test
  void saysWhatToDoWhereItIsNot() throws IOException {
    register(Stripes.class.getName());
    DatasetSource source = Datasets.source("Stripes");
    String remedy = "Write the names of the stripes to " + folder.resolve("stripes.txt") + ".";

    assertThatThrownBy(() -> Datasets.loadOffline(source, folder, 7))
        .isInstanceOf(DatasetException.class)
        .hasMessage("Stripes is not on this machine. " + remedy);
    assertThatThrownBy(() -> Datasets.load(source, folder, 7, DownloadListener.silent()))
        .isInstanceOf(DatasetException.class)
        .hasMessage("Stripes cannot be downloaded. " + remedy);
    assertThatThrownBy(() -> Datasets.source("Stripe"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Unknown data set 'Stripe': did you mean Stripes? Known are MNIST, FashionMNIST,"
                + " CIFAR10, MNISTSample, FashionMNISTSample,"
                + " PCam, RotMNIST, RotMNISTMade, RotMNISTSample, folder, Stripes.");
  }

  @Test
  void refusesANameTwice() throws IOException {
    register(Stripes.class.getName(), Again.class.getName());
    assertThatThrownBy(Datasets::all)
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "Two data sets are called Stripes: %s and %s. Rename one."
                .formatted(Stripes.class.getName(), Again.class.getName()));
  }

  @Test
  void refusesALineThatNamesNoDataSet() throws IOException {
    register("com.example.Missing");
    assertThatThrownBy(Datasets::all)
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith("A data set on the class path cannot be used: ")
        .hasMessageContaining("com.example.Missing");
  }

  @Test
  void saysWhenThereIsNone() {
    Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
    assertThatThrownBy(() -> Datasets.source("MNIST"))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("META-INF/services/org.imageperformer.datasets.DatasetSource");
  }
}
