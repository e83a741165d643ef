package org.imageperformer.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

class PixelCollectorTest {
  @Test
  void growsWhenMoreImagesComeThanWereLikely() {
    PixelCollector collector = new PixelCollector("x", 7, 2, 2, 1, 2, 1);
    for (byte i = 0; i < 7; i++) {
      collector.add(new byte[] {i, 1, 2, i});
    }

    assertThat(collector.count()).isEqualTo(7);
    byte[] pixels = collector.finish();
    assertThat(pixels).hasSize(28);
    assertThat(pixels[24]).isEqualTo((byte) 6);
    assertThat(pixels[27]).isEqualTo((byte) 6);
  }

  @Test
  void saysWhenTheHeapIsTooSmall() {
    assumeTrue(Runtime.getRuntime().maxMemory() <= 2L << 30, "the heap is large enough");
    int images = (1 << 21) - 1;

    assertThatThrownBy(() -> new PixelCollector("x", images, 32, 32, 1, 32, images))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "x: its images need 2047 MiB of memory, more than Java has left. Choose a smaller image"
                + " size or allow more memory (-Xmx).");
  }
}
