package org.imageperformer.training.engine;

import java.nio.ByteBuffer;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.tfmodels.graph.Run;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/** Images and their classes on the way into a graph. */
public final class ImageBatch {

  /** Feeds images {@code from} to {@code to - 1} into a tower. */
  @FunctionalInterface
  private interface Feeder {
    void feed(Run run, Tower tower, int from, int to);
  }

  private final int size;
  private final Feeder feeder;

  private ImageBatch(int size, Feeder feeder) {
    this.size = size;
    this.feeder = feeder;
  }

  /** Images of a set, by index. */
  public static ImageBatch of(ImageSet images, int[] indices) {
    return new ImageBatch(
        indices.length,
        (run, tower, from, to) -> {
          int count = to - from;
          byte[] bytes = new byte[count * images.height() * images.width() * images.channels()];
          ByteBuffer buffer = ByteBuffer.wrap(bytes);
          int[] labels = new int[count];
          for (int i = 0; i < count; i++) {
            images.copyImage(indices[from + i], buffer);
            labels[i] = images.label(indices[from + i]);
          }
          TUint8 tensor =
              TUint8.tensorOf(
                  Shape.of(count, images.height(), images.width(), images.channels()),
                  DataBuffers.of(bytes));
          run.feed(tower.images(), tensor).feed(tower.labels(), TInt32.vectorOf(labels));
        });
  }

  /**
   * Values that enter the pixel embedding as they are, past the scaling.
   *
   * @param pixels [image][height * width * channels]
   * @param labels [image]
   */
  public static ImageBatch ofPixels(
      float[][] pixels, int[] labels, int height, int width, int channels) {
    return new ImageBatch(
        labels.length,
        (run, tower, from, to) -> {
          int count = to - from;
          int length = height * width * channels;
          float[] values = new float[count * length];
          int[] classes = new int[count];
          for (int i = 0; i < count; i++) {
            System.arraycopy(pixels[from + i], 0, values, i * length, length);
            classes[i] = labels[from + i];
          }
          TFloat32 tensor =
              TFloat32.tensorOf(Shape.of(count, height, width, channels), DataBuffers.of(values));
          run.feed(tower.pixels(), tensor).feed(tower.labels(), TInt32.vectorOf(classes));
        });
  }

  /** Number of images. */
  public int size() {
    return size;
  }

  void feed(Run run, Tower tower, int from, int to) {
    feeder.feed(run, tower, from, to);
  }
}
