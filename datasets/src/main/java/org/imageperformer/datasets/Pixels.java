package org.imageperformer.datasets;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** The pixels of images one after the other, in one or more buffers of whole images. */
final class Pixels {
  private final ByteBuffer[] buffers; // read-only
  private final int[] starts; // the first image of each
  private final int imageBytes;

  /** Takes the buffers over, each from position 0 to its limit, none of them empty. */
  Pixels(List<ByteBuffer> buffers, int imageBytes) {
    this.buffers = buffers.stream().map(ByteBuffer::asReadOnlyBuffer).toArray(ByteBuffer[]::new);
    this.imageBytes = imageBytes;
    starts = new int[this.buffers.length];
    for (int i = 1; i < starts.length; i++) {
      starts[i] = starts[i - 1] + this.buffers[i - 1].limit() / imageBytes;
    }
  }

  /** One image, read-only. */
  ByteBuffer image(int i) {
    int found = Arrays.binarySearch(starts, i);
    int buffer = found < 0 ? -found - 2 : found;
    return buffers[buffer].slice((i - starts[buffer]) * imageBytes, imageBytes);
  }
}
