package org.imageperformer.datasets;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.imageperformer.datasets.augment.Augmentation;
import org.imageperformer.options.OptionSet;
import org.imageperformer.options.Words;

/**
 * Finds data sets by name and loads them, from the first of these places that has it (data.md): the
 * data path ({@code DIR/MNIST}, {@code DIR/MNIST/raw}, {@code DIR/CIFAR10/cifar-10-batches-bin},
 * {@code DIR/CIFAR10/*.tar.gz}); for FashionMNIST the folder of Debian's package
 * dataset-fashion-mnist; a download into the data path. The samples are part of this module.
 */
public final class Datasets {
  private static final int MAX_IMAGE_SIZE = 1024;

  private Datasets() {}

  /**
   * Lists the data sets that {@link java.util.ServiceLoader} finds through the thread's context
   * class loader.
   *
   * @return one source for each line of the services files, in their order
   * @throws DatasetException if there is none, one cannot be made or two have the same name in any
   *     case
   */
  public static List<DatasetSource> all() {
    List<DatasetSource> all = new ArrayList<>();
    try {
      for (DatasetSource source : ServiceLoader.load(DatasetSource.class)) {
        for (DatasetSource other : all) {
          if (other.name().equalsIgnoreCase(source.name())) {
            throw new DatasetException(
                "Two data sets are called %s: %s and %s. Rename one."
                    .formatted(
                        source.name(), other.getClass().getName(), source.getClass().getName()));
          }
        }
        all.add(source);
      }
    } catch (ServiceConfigurationError e) {
      throw new DatasetException(
          "A data set on the class path cannot be used: " + e.getMessage() + ".", e);
    }
    if (all.isEmpty()) {
      throw new DatasetException(
          "No data set on the class path: expected META-INF/services/"
              + DatasetSource.class.getName()
              + " with a line for each. Install the program again.");
    }
    return all;
  }

  /**
   * Finds a data set by its name, in any case.
   *
   * @param name such as {@code "FashionMNIST"} or {@code "fashionmnist"}; what follows a colon is
   *     the user's own name for it
   * @return its source, which has the name as files keep it
   * @throws IllegalArgumentException naming the nearest name and all known ones
   * @throws DatasetException as {@link #all} does
   */
  public static DatasetSource source(String name) {
    List<DatasetSource> all = all();
    return all.stream()
        .filter(source -> source.name().equalsIgnoreCase(kind(name)))
        .findFirst()
        .orElseThrow(() -> unknown(name, all.stream().map(DatasetSource::name).toList()));
  }

  private static String kind(String name) {
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }

  /**
   * What a run was trained on.
   *
   * @param name the data set's name as the run keeps it
   * @param dataPath the user's data folder; need not exist
   * @param run what else the run keeps, by name
   * @throws IllegalArgumentException naming the nearest name and all known ones
   * @throws DatasetException if it depends on a folder that is missing or damaged
   */
  public static DatasetInfo info(String name, Path dataPath, Map<String, ?> run) {
    return source(name).info(dataPath, run);
  }

  /**
   * The options that trainings on a data set have, and others do not.
   *
   * @param name of a data set; one that is not known has none
   */
  public static OptionSet options(String name) {
    return all().stream()
        .filter(source -> source.name().equalsIgnoreCase(kind(name)))
        .findFirst()
        .map(Datasets::options)
        .orElse(OptionSet.of());
  }

  /** The options of {@link #options(String)} of all data sets, each name once. */
  public static OptionSet options() {
    OptionSet options = OptionSet.of();
    for (DatasetSource source : all()) {
      options = options.union(options(source));
    }
    return options;
  }

  private static OptionSet options(DatasetSource source) {
    return source.augmentation().isPresent()
        ? source.options().plus(Augmentation.AUGMENT)
        : source.options();
  }

  /**
   * What is fixed about a data set whose images need not be looked at for that.
   *
   * @throws IllegalArgumentException naming the nearest name and all known ones
   */
  public static DatasetInfo info(String name) {
    return source(name).info(Path.of("data"));
  }

  static IllegalArgumentException unknown(String name, List<String> known) {
    return new IllegalArgumentException(
        "Unknown data set '%s': did you mean %s? Known are %s."
            .formatted(name, Words.closest(name, known), String.join(", ", known)));
  }

  /**
   * Loads a data set, downloading it if it is nowhere on this machine.
   *
   * @param source which one
   * @param dataPath the user's data folder; need not exist
   * @param imageSize rows and columns of the images, 1 to 1024; other sizes are {@linkplain
   *     org.imageperformer.datasets.resize.Resize resized}
   * @param listener is told of downloads
   * @return the images and labels
   * @throws DatasetException if it cannot be had or is damaged
   * @throws IllegalArgumentException if the image size is out of range
   */
  public static Dataset load(
      DatasetSource source, Path dataPath, int imageSize, DownloadListener listener) {
    return load(source, () -> source.read(dataPath, imageSize), dataPath, imageSize, listener);
  }

  /** As {@link #load(DatasetSource, Path, int, DownloadListener)} does. */
  public static Dataset load(
      DatasetInfo info, Path dataPath, int imageSize, DownloadListener listener) {
    DatasetSource source = source(info.name());
    return load(
        source, () -> source.read(info, dataPath, imageSize), dataPath, imageSize, listener);
  }

  private static Dataset load(
      DatasetSource source,
      Supplier<Optional<Dataset>> reader,
      Path dataPath,
      int imageSize,
      DownloadListener listener) {
    checkImageSize(imageSize);
    return reader
        .get()
        .orElseGet(
            () -> {
              source.download(dataPath, listener);
              return found(source, reader.get(), dataPath);
            });
  }

  /**
   * Loads a data set without using the network.
   *
   * @param source which one
   * @param dataPath the user's data folder; need not exist
   * @param imageSize rows and columns of the images, 1 to 1024
   * @return the images and labels
   * @throws DatasetException if it is not on this machine or is damaged
   * @throws IllegalArgumentException if the image size is out of range
   */
  public static Dataset loadOffline(DatasetSource source, Path dataPath, int imageSize) {
    checkImageSize(imageSize);
    return found(source, source.read(dataPath, imageSize), dataPath);
  }

  /** As {@link #loadOffline(DatasetSource, Path, int)} does. */
  public static Dataset loadOffline(DatasetInfo info, Path dataPath, int imageSize) {
    checkImageSize(imageSize);
    DatasetSource source = source(info.name());
    return found(source, source.read(info, dataPath, imageSize), dataPath);
  }

  private static Dataset found(DatasetSource source, Optional<Dataset> read, Path dataPath) {
    return read.orElseThrow(
        () ->
            new DatasetException(
                source.name() + " is not on this machine. " + source.remedy(dataPath)));
  }

  /**
   * Says for every data set where it would be loaded from. No file is read.
   *
   * @param dataPath the user's data folder; need not exist
   * @return one element for each of {@link #all}, in its order
   */
  public static List<Availability> status(Path dataPath) {
    return all().stream().map(source -> source.status(dataPath)).toList();
  }

  /**
   * Downloads the published files that the data path does not have yet.
   *
   * @param info which one
   * @param dataPath the user's data folder; made if need be
   * @param listener is told how it goes
   * @return the folder with the files
   * @throws DatasetException if a file cannot be had, or for the samples, which need no download
   */
  public static Path download(DatasetInfo info, Path dataPath, DownloadListener listener) {
    return source(info.name()).download(dataPath, listener);
  }

  private static void checkImageSize(int imageSize) {
    if (imageSize < 1 || imageSize > MAX_IMAGE_SIZE) {
      throw new IllegalArgumentException(
          "An image size of " + imageSize + ": expected 1 to " + MAX_IMAGE_SIZE + ".");
    }
  }
}
