package org.imageperformer.datasets;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.imageperformer.datasets.idx.IdxFiles;

/**
 * Writes the shipped samples: the first images of a data set's four IDX files, as smaller IDX
 * files.
 *
 * <p>Arguments: the label of the data set, the data path it is found below, the folder to write to,
 * how many training and how many test images.
 */
public final class SampleWriter {
  private static final int SIDE = 28;

  private SampleWriter() {}

  /**
   * Runs the tool.
   *
   * @param args as above, such as {@code MNIST data samples/MNISTSample 5000 1000}
   * @throws IOException if a file cannot be written
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 5) {
      throw new IllegalArgumentException("expected: DATASET DATA_PATH OUTPUT TRAIN TEST");
    }
    Dataset full = Datasets.loadOffline(Datasets.info(args[0]), Path.of(args[1]), SIDE);
    Path output = Files.createDirectories(Path.of(args[2]));
    write(full.train().first(Integer.parseInt(args[3])), output, "train");
    write(full.test().first(Integer.parseInt(args[4])), output, "t10k");
  }

  static void write(ImageSet images, Path folder, String prefix) throws IOException {
    writeGzip(folder.resolve(prefix + "-images-idx3-ubyte.gz"), IdxFiles.images(images));
    writeGzip(folder.resolve(prefix + "-labels-idx1-ubyte.gz"), IdxFiles.labels(images));
  }

  private static void writeGzip(Path file, byte[] content) throws IOException {
    try (OutputStream out = new BestGzip(Files.newOutputStream(file))) {
      out.write(content);
    }
  }

  /** gzip without a time stamp, so that the same images give the same file. */
  private static final class BestGzip extends GZIPOutputStream {
    BestGzip(OutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
