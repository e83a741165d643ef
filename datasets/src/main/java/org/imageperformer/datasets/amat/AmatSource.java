package org.imageperformer.datasets.amat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.imageperformer.datasets.Availability;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.DatasetSource;
import org.imageperformer.datasets.DownloadListener;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.datasets.cache.ImageCollector;
import org.imageperformer.datasets.cache.ImageReading;
import org.imageperformer.datasets.cache.ImageStore;
import org.imageperformer.datasets.cache.ReadImages;
import org.imageperformer.datasets.fetch.Published;
import org.imageperformer.datasets.files.ContentStream;
import org.imageperformer.datasets.files.Md5;
import org.imageperformer.datasets.resize.Resize;

/**
 * A data set of two {@code .amat} texts, unpacked or in their archive, in {@code DIR/NAME} or in
 * {@code DIR/MNIST_rot/raw}. The last sixth of the training text validates, 2,000 of 12,000.
 */
public class AmatSource implements DatasetSource {
  private static final int VALIDATION_SHARE = 6;

  /** Sixteen times RotMNIST: what has more is something else. */
  private static final int MOST_IMAGES = 1_000_000;

  private static final int BUFFER = 1 << 16;

  private final DatasetInfo info;
  private final Published published;
  private final String archive;
  private final String trainFile;
  private final String testFile;
  private final ImageStore store;

  /**
   * Makes the source.
   *
   * @param published the archive
   * @param trainFile name of the text of training and validation images
   * @param testFile name of the text of test images
   */
  public AmatSource(
      DatasetInfo info, Published published, String trainFile, String testFile, ImageStore store) {
    this.info = info;
    this.published = published;
    this.archive = published.files().get(0).name();
    this.trainFile = trainFile;
    this.testFile = testFile;
    this.store = store;
  }

  @Override
  public final String name() {
    return info.name();
  }

  @Override
  public final DatasetInfo info(Path dataPath) {
    return info;
  }

  private List<Path> folders(Path dataPath) {
    return List.of(dataPath.resolve(name()), dataPath.resolve("MNIST_rot").resolve("raw"));
  }

  /** The folder with both texts, or the archive. */
  private Optional<Path> place(Path dataPath) {
    for (Path folder : folders(dataPath)) {
      if (Files.exists(folder.resolve(trainFile)) && Files.exists(folder.resolve(testFile))) {
        return Optional.of(folder);
      }
      if (Files.exists(folder.resolve(archive))) {
        return Optional.of(folder.resolve(archive));
      }
    }
    return Optional.empty();
  }

  @Override
  public final Availability status(Path dataPath) {
    return place(dataPath)
        .map(
            place ->
                new Availability(
                    name(),
                    Availability.Place.DATA_PATH,
                    place.toString(),
                    Files.isDirectory(place) ? "2 files" : "1 archive"))
        .orElseGet(
            () ->
                new Availability(
                    name(),
                    Availability.Place.ABSENT,
                    folders(dataPath).get(0).toString(),
                    "missing " + archive));
  }

  @Override
  public final Optional<Dataset> read(Path dataPath, int imageSize) {
    return place(dataPath).map(place -> read(place, dataPath, imageSize));
  }

  private Dataset read(Path place, Path dataPath, int imageSize) {
    boolean unpacked = Files.isDirectory(place);
    List<Path> files =
        unpacked ? List.of(place.resolve(trainFile), place.resolve(testFile)) : List.of(place);
    List<SourceFile> sources =
        files.stream()
            .map(file -> new SourceFile(file.getFileName().toString(), file.toString(), md5(file)))
            .toList();
    return store.read(
        info,
        dataPath,
        imageSize,
        () -> sources.stream().map(SourceFile::md5).collect(Collectors.joining(" ")),
        reading -> {
          Map<String, ImageSet> texts = unpacked ? texts(files) : unzip(place);
          ImageSet train = texts.get(trainFile);
          int count = train.size();
          int validation = Math.max(1, count / VALIDATION_SHARE);
          Collecting collecting = new Collecting(reading, imageSize);
          return new ReadImages(
              List.of(collecting.part(trainFile, train, 0, count - validation)),
              List.of(collecting.part(trainFile, train, count - validation, count)),
              List.of(
                  collecting.part(testFile, texts.get(testFile), 0, texts.get(testFile).size())),
              sources);
        });
  }

  /** Gives images away, resized. */
  private final class Collecting {
    private final ImageReading reading;
    private final UnaryOperator<byte[]> resize;

    Collecting(ImageReading reading, int imageSize) {
      this.reading = reading;
      this.resize = Resize.each(info.height(), info.width(), 1, imageSize, imageSize);
    }

    ReadImages.OfFile part(String file, ImageSet images, int from, int to) {
      if (to <= from) {
        throw DatasetException.mismatch(
            file, "two images or more, to train and to validate on", "one", "Add images.");
      }
      ImageCollector collector = reading.begin(file, to - from, to - from);
      byte[] labels = new byte[to - from];
      byte[] image = new byte[images.imageBytes()];
      for (int i = from; i < to; i++) {
        images.copyImage(i, image, 0);
        collector.add(resize.apply(image));
        labels[i - from] = (byte) images.label(i);
      }
      return collector.finish(labels);
    }
  }

  private ImageSet text(String file, InputStream in) throws IOException {
    return new AmatReader(file, in, info.height(), info.width(), info.classNames().size())
        .read(MOST_IMAGES);
  }

  private Map<String, ImageSet> texts(List<Path> files) {
    Map<String, ImageSet> texts = new HashMap<>();
    for (Path file : files) {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
        texts.put(file.getFileName().toString(), text(file.toString(), in));
      } catch (IOException e) {
        throw ContentStream.unreadable(file.toString(), e);
      }
    }
    return texts;
  }

  /** Straight from the archive: nothing is unpacked to disk. */
  private Map<String, ImageSet> unzip(Path file) {
    Map<String, ImageSet> texts = new HashMap<>();
    try (ZipInputStream zip =
        new ZipInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
      for (ZipEntry entry = zip.getNextEntry();
          entry != null && texts.size() < 2;
          entry = zip.getNextEntry()) {
        String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
        if (name.equals(trainFile) || name.equals(testFile)) {
          texts.put(
              name, text(file + "!/" + entry.getName(), new BufferedInputStream(zip, BUFFER)));
        }
      }
    } catch (IOException | IllegalArgumentException e) { // of names in no known encoding
      throw new DatasetException(
          file
              + ": not a readable .zip archive ("
              + e.getMessage()
              + "). Copy or download it again.",
          e);
    }
    if (texts.size() < 2) {
      throw DatasetException.mismatch(
          file.toString(),
          "the files " + trainFile + " and " + testFile,
          texts.isEmpty() ? "neither" : "only " + String.join("", texts.keySet()),
          "Copy or download the archive again.");
    }
    return texts;
  }

  private static String md5(Path file) {
    if (!Files.isRegularFile(file)) {
      throw DatasetException.mismatch(
          file.toString(), "a file", "something else", "Replace it with the original.");
    }
    try {
      return Md5.of(file);
    } catch (IOException e) {
      throw ContentStream.unreadable(file.toString(), e);
    }
  }

  @Override
  public final String remedy(Path dataPath) {
    return Published.putThere(
        List.of(archive),
        "or, unpacked, %s and %s".formatted(trainFile, testFile),
        folders(dataPath).get(0));
  }

  @Override
  public final Path download(Path dataPath, DownloadListener listener) {
    return place(dataPath)
        .orElseGet(
            () ->
                published.fetch(
                    name(),
                    List.of(archive),
                    folders(dataPath).get(0),
                    listener,
                    remedy(dataPath)));
  }
}
