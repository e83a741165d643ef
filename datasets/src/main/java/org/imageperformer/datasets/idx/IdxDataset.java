package org.imageperformer.datasets.idx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.datasets.cache.ImageCollector;
import org.imageperformer.datasets.cache.ImageReading;
import org.imageperformer.datasets.cache.ImageStore;
import org.imageperformer.datasets.cache.ReadImages;
import org.imageperformer.datasets.files.ContentStream;

/**
 * Reads the four files of a data set in MNIST's format, wherever they are.
 *
 * @param info which data set
 * @param open opens one of the four
 */
record IdxDataset(DatasetInfo info, Function<IdxPart, ContentStream> open) {
  Dataset read(ImageStore store, Path dataPath, int imageSize) {
    return store.read(
        info, dataPath, imageSize, this::checksum, reading -> readAll(reading, imageSize));
  }

  private String checksum() {
    StringBuilder all = new StringBuilder();
    for (IdxPart part : IdxPart.values()) {
      try (ContentStream in = open.apply(part)) {
        all.append(in.readToEnd(ImageSet.MAX_ARRAY)).append(' ');
      }
    }
    return all.toString();
  }

  private ReadImages readAll(ImageReading reading, int imageSize) {
    List<SourceFile> sources = new ArrayList<>();
    ReadImages.OfFile train =
        read(IdxPart.TRAIN_IMAGES, IdxPart.TRAIN_LABELS, reading, imageSize, sources);
    ReadImages.OfFile test =
        read(IdxPart.TEST_IMAGES, IdxPart.TEST_LABELS, reading, imageSize, sources);
    return new ReadImages(List.of(train), List.of(), List.of(test), sources);
  }

  private ReadImages.OfFile read(
      IdxPart imagePart,
      IdxPart labelPart,
      ImageReading reading,
      int imageSize,
      List<SourceFile> sources) {
    // Labels first: they are small, so a wrong pair of files is found at once.
    SourceFile labelSource;
    byte[] labels;
    try (ContentStream in = open.apply(labelPart)) {
      labels = IdxReader.readLabels(in, info.classNames().size());
      labelSource = new SourceFile(labelPart.fileName(), in.file(), in.md5());
    }
    try (ContentStream in = open.apply(imagePart)) {
      ImageCollector images = IdxReader.readImages(in, imageSize, reading);
      if (images.count() != labels.length) {
        throw DatasetException.mismatch(
            in.file(),
            labels.length + " images, as many as " + labelSource.location() + " has labels",
            Integer.toString(images.count()),
            "Put the two files of one set together.");
      }
      sources.add(new SourceFile(imagePart.fileName(), in.file(), in.md5()));
      sources.add(labelSource);
      return images.finish(labels);
    }
  }
}
