package org.imageperformer.datasets.cache;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.SourceFile;

/**
 * All that a reader has read of a data set.
 *
 * @param train the files of training images, in order
 * @param validation the files of its own validation images, if it has any
 * @param test the files of test images, in order
 * @param sources all files that were read
 */
public record ReadImages(
    List<OfFile> train, List<OfFile> validation, List<OfFile> test, List<SourceFile> sources) {

  /** The images of one file, from {@link ImageCollector#finish}. */
  public static final class OfFile {
    final byte[] labels;
    final byte[] heap; // may be longer; null: in the cache
    final long offset; // in the cache

    OfFile(byte[] labels, byte[] heap, long offset) {
      this.labels = labels;
      this.heap = heap;
      this.offset = offset;
    }
  }

  Dataset assemble(DatasetInfo info, int imageSize, Function<OfFile, List<ByteBuffer>> pixelsOf) {
    Function<List<OfFile>, ImageSet> images =
        files -> {
          List<ByteBuffer> pixels = new ArrayList<>();
          ByteBuffer labels =
              ByteBuffer.allocate(files.stream().mapToInt(file -> file.labels.length).sum());
          for (OfFile file : files) {
            pixels.addAll(pixelsOf.apply(file));
            labels.put(file.labels);
          }
          return ImageSet.over(pixels, labels.array(), imageSize, imageSize, info.channels());
        };
    return new Dataset(
        info,
        images.apply(train),
        validation.isEmpty() ? Optional.empty() : Optional.of(images.apply(validation)),
        images.apply(test),
        sources);
  }
}
