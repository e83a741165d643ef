package org.imageperformer.datasets.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.SourceFile;

/**
 * All that a reader has read of a data set.
 *
 * @param train the files of training images, in order
 * @param validation the files of validation images; none where they are split off the training
 *     images
 * @param test the files of test images, in order
 * @param sources all files that were read
 */
public record ReadImages(
    List<OfFile> train, List<OfFile> validation, List<OfFile> test, List<SourceFile> sources) {
  /** Takes copies of the lists. */
  public ReadImages {
    train = List.copyOf(train);
    validation = List.copyOf(validation);
    test = List.copyOf(test);
    sources = List.copyOf(sources);
  }

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

  /** Where the pixels of a file's images are. */
  @FunctionalInterface
  interface Buffers {
    List<ByteBuffer> of(OfFile images) throws IOException;
  }

  Dataset assemble(DatasetInfo info, int imageSize, Buffers buffers) throws IOException {
    return new Dataset(
        info,
        images(train, info, imageSize, buffers),
        validation.isEmpty()
            ? Optional.empty()
            : Optional.of(images(validation, info, imageSize, buffers)),
        images(test, info, imageSize, buffers),
        sources);
  }

  private static ImageSet images(
      List<OfFile> files, DatasetInfo info, int imageSize, Buffers buffers) throws IOException {
    List<ByteBuffer> pixels = new ArrayList<>();
    ByteBuffer labels = ByteBuffer.allocate(files.stream().mapToInt(f -> f.labels.length).sum());
    for (OfFile file : files) {
      pixels.addAll(buffers.of(file));
      labels.put(file.labels);
    }
    return ImageSet.over(pixels, labels.array(), imageSize, imageSize, info.channels());
  }
}
