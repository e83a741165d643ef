package org.imageperformer.datasets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imageperformer.datasets.idx.IdxFiles;

/**
 * Writes what {@link ShiftsTest} needs to know of a complete test set: three bytes for each image
 * after the resize to 32x32, its label, its left margin and its right margin, gzipped.
 *
 * <p>Arguments: the label of the data set, the data path it is found below, the file to write.
 */
public final class MarginWriter {
  private MarginWriter() {}

  /**
   * Runs the tool.
   *
   * @param args as above, such as {@code MNIST data margins-MNIST.gz}
   * @throws IOException if the file cannot be written
   */
  public static void main(String[] args) throws IOException {
    ImageSet test = Datasets.loadOffline(Datasets.info(args[0]), Path.of(args[1]), 32).test();
    Files.write(Path.of(args[2]), IdxFiles.gzip(margins(test)));
  }

  static byte[] margins(ImageSet images) {
    byte[] margins = new byte[3 * images.size()];
    for (int i = 0; i < images.size(); i++) {
      margins[3 * i] = (byte) images.label(i);
      margins[3 * i + 1] = (byte) Shifts.leftMargin(images, i);
      margins[3 * i + 2] = (byte) Shifts.rightMargin(images, i);
    }
    return margins;
  }
}
