package org.imageperformer.datasets.rotate;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
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
import org.imageperformer.datasets.resize.Resize;

/**
 * The images of another data set, each turned by an angle of its own (gsa.md, section 6). It has
 * validation images of its own.
 */
public class RotatedSource implements DatasetSource {
  /** The number of the original's first test image, however many training images it has. */
  private static final int FIRST_TEST = 60_000;

  /**
   * Which of the original's images go where: its training images from 0 in this order, then all its
   * test images.
   *
   * @param train how many are trained on
   * @param validation how many after them validate
   * @param extraTest how many after them are tested on, before the original's test images
   * @param test how many test images the original has
   */
  public record Sizes(int train, int validation, int extraTest, int test) {
    private int ofTraining() {
      return train + validation + extraTest;
    }
  }

  private final DatasetInfo info;
  private final DatasetSource original;
  private final Sizes sizes;
  private final ImageStore store;

  /**
   * Makes the source.
   *
   * @param info what it is; square and gray
   * @param original what is turned
   */
  public RotatedSource(DatasetInfo info, DatasetSource original, Sizes sizes, ImageStore store) {
    this.info = info;
    this.original = original;
    this.sizes = sizes;
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

  @Override
  public final Availability status(Path dataPath) {
    Availability status = original.status(dataPath);
    return new Availability(
        name(), status.place(), status.location(), "made of " + original.name());
  }

  @Override
  public final Optional<Dataset> read(Path dataPath, int imageSize) {
    return original
        .read(dataPath, info.height())
        .map(
            upright -> {
              requireAll(upright);
              return store.read(
                  info,
                  dataPath,
                  imageSize,
                  () ->
                      upright.sources().stream()
                          .map(SourceFile::md5)
                          .collect(Collectors.joining(" ")),
                  reading -> turn(upright, reading, imageSize));
            });
  }

  private void requireAll(Dataset upright) {
    if (upright.train().size() < sizes.ofTraining() || upright.test().size() < sizes.test()) {
      throw DatasetException.mismatch(
          "%s, which is made of %s".formatted(name(), original.name()),
          "at least %s training and %s test images".formatted(sizes.ofTraining(), sizes.test()),
          "%s and %s".formatted(upright.train().size(), upright.test().size()),
          "Use the whole of " + original.name() + ".");
    }
  }

  private ReadImages turn(Dataset upright, ImageReading reading, int imageSize) {
    ImageSet train = upright.train();
    int firstExtra = sizes.train() + sizes.validation();
    return new ReadImages(
        List.of(turn(train, 0, sizes.train(), 0, reading, imageSize)),
        List.of(turn(train, sizes.train(), sizes.validation(), 0, reading, imageSize)),
        List.of(
            turn(train, firstExtra, sizes.extraTest(), 0, reading, imageSize),
            turn(upright.test(), 0, sizes.test(), FIRST_TEST, reading, imageSize)),
        upright.sources());
  }

  /** Turns {@code count} images from {@code from} on, the first of the set being {@code number}. */
  private ReadImages.OfFile turn(
      ImageSet images, int from, int count, int number, ImageReading reading, int imageSize) {
    int side = info.height();
    var resize = Resize.each(side, side, 1, imageSize, imageSize);
    ImageCollector collector = reading.begin(name(), count, count);
    byte[] labels = new byte[count];
    byte[] image = new byte[side * side];
    for (int i = 0; i < count; i++) {
      images.copyImage(from + i, image, 0);
      labels[i] = (byte) images.label(from + i);
      double angle = Rotation.angle(number + from + i);
      collector.add(resize.apply(Rotation.apply(image, side, angle)));
    }
    return collector.finish(labels);
  }

  @Override
  public final String remedy(Path dataPath) {
    return name() + " is made of " + original.name() + ". " + original.remedy(dataPath);
  }

  @Override
  public final Path download(Path dataPath, DownloadListener listener) {
    return original.download(dataPath, listener);
  }
}
