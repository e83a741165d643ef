package org.imageperformer.datasets;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads the four files of a data set in MNIST's format, wherever they are. */
final class IdxDataset {
  private final DatasetName name;
  private final Function<IdxPart, ContentStream> files;
  private final int imageSize;
  private final List<SourceFile> sources = new ArrayList<>();

  /**
   * Prepares reading.
   *
   * @param files opens one of the four
   */
  IdxDataset(DatasetName name, Function<IdxPart, ContentStream> files, int imageSize) {
    this.name = name;
    this.files = files;
    this.imageSize = imageSize;
  }

  Dataset read() {
    ImageSet train = images(IdxPart.TRAIN_IMAGES, IdxPart.TRAIN_LABELS);
    ImageSet test = images(IdxPart.TEST_IMAGES, IdxPart.TEST_LABELS);
    return new Dataset(name, train, test, sources);
  }

  private ImageSet images(IdxPart imagePart, IdxPart labelPart) {
    // Labels first: they are small, so a wrong pair of files is found at once.
    SourceFile labelSource;
    byte[] labels;
    try (ContentStream in = files.apply(labelPart)) {
      labels = IdxReader.readLabels(in, name.classNames().size());
      labelSource = new SourceFile(labelPart.fileName(), in.file(), in.md5());
    }
    try (ContentStream in = files.apply(imagePart)) {
      PixelCollector images = IdxReader.readImages(in, imageSize);
      if (images.count() != labels.length) {
        throw DatasetException.mismatch(
            in.file(),
            labels.length + " images, as many as " + labelSource.location() + " has labels",
            Integer.toString(images.count()),
            "Put the two files of one set together.");
      }
      sources.add(new SourceFile(imagePart.fileName(), in.file(), in.md5()));
      sources.add(labelSource);
      return new ImageSet(images.finish(), labels, imageSize, imageSize, 1);
    }
  }
}
