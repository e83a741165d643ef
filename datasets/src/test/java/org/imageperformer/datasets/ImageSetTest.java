package org.imageperformer.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageSetTest {
  /** 3 images of 2x1x3. */
  private final byte[] pixels = {1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16, 21, 22, 23, 24, 25, 26};

  private final ImageSet images = ImageSet.of(pixels, new int[] {7, 0, 255}, 2, 1, 3);

  @Test
  void keepsImagesAndLabels() {
    assertThat(images.size()).isEqualTo(3);
    assertThat(images.height()).isEqualTo(2);
    assertThat(images.width()).isEqualTo(1);
    assertThat(images.channels()).isEqualTo(3);
    assertThat(images.imageBytes()).isEqualTo(6);
    assertThat(images.label(2)).isEqualTo(255);
    assertThat(bytes(images, 1)).containsExactly(11, 12, 13, 14, 15, 16);
    assertThat(images).hasToString("3 images of 2x1x3");
  }

  @Test
  void copiesIntoBuffersOfAnyKindAtTheirPosition() {
    for (ByteBuffer target :
        new ByteBuffer[] {ByteBuffer.allocate(13), ByteBuffer.allocateDirect(13)}) {
      target.put((byte) 99);
      images.copyImage(2, target);
      images.copyImage(0, target);

      assertThat(target.position()).isEqualTo(13);
      byte[] content = new byte[13];
      target.flip().get(content);
      assertThat(content).containsExactly(99, 21, 22, 23, 24, 25, 26, 1, 2, 3, 4, 5, 6);
    }
    assertThatThrownBy(() -> images.copyImage(0, ByteBuffer.allocate(5)))
        .isInstanceOf(BufferOverflowException.class);
  }

  @Test
  void viewsOneImageReadOnly() {
    ByteBuffer view = images.image(1);

    assertThat(view.isReadOnly()).isTrue();
    assertThat(view.position()).isZero();
    assertThat(view.remaining()).isEqualTo(6);
    assertThat(view.get(0)).isEqualTo((byte) 11);
  }

  @Test
  void takesCopiesOfAUsersArrays() {
    byte[] labels = {1, 2, 3};
    ImageSet own = ImageSet.of(pixels, labels, 2, 1, 3);
    pixels[0] = 77;
    labels[0] = 77;

    assertThat(bytes(own, 0)[0]).isEqualTo((byte) 1);
    assertThat(own.label(0)).isEqualTo(1);
  }

  @Test
  void subsetsAreViewsInTheGivenOrderAlsoOfSubsets() {
    int[] indices = {2, 0, 2};
    ImageSet view = images.subset(indices);
    indices[0] = 1;
    ImageSet inner = view.subset(new int[] {1, 2});

    assertThat(view.size()).isEqualTo(3);
    assertThat(view.label(0)).isEqualTo(255);
    assertThat(inner.label(0)).isEqualTo(7);
    assertThat(bytes(inner, 1)).containsExactly(21, 22, 23, 24, 25, 26);
    assertThat(inner.image(0).get(5)).isEqualTo((byte) 6);
    assertThat(inner.sharesPixels(images)).isTrue();
    assertThat(view.subset(new int[0]).size()).isZero();
  }

  @Test
  void firstTakesAtMostWhatIsThere() {
    assertThat(images.first(2).size()).isEqualTo(2);
    assertThat(images.first(2).label(1)).isZero();
    assertThat(images.first(2).sharesPixels(images)).isTrue();
    assertThat(images.first(0).size()).isZero();
    assertThat(images.first(99)).isSameAs(images);
    assertThat(images.subset(new int[] {2, 1}).first(1).label(0)).isEqualTo(255);
    assertThatThrownBy(() -> images.first(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The first -1 images: must not be negative.");
  }

  @Test
  void refusesImagesThatAreNotThere() {
    ImageSet view = images.first(2);
    assertThatThrownBy(() -> view.label(2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> images.image(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> view.subset(new int[] {0, 2}))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void refusesWhatDoesNotFitTogether() {
    assertThatThrownBy(() -> ImageSet.of(pixels, new byte[3], 2, 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 labels and images of 2x2x3 need 36 bytes of pixels, found 18.");
    assertThatThrownBy(() -> ImageSet.of(pixels, new byte[3], 1, 3, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Images of 1x3x2: height and width must be at least 1, channels 1 or 3.");
    assertThatThrownBy(() -> ImageSet.of(pixels, new int[] {1, 256, 3}, 2, 1, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Label 256 of image 1 is not within 0..255.");
    assertThatThrownBy(() -> ImageSet.of(new byte[0], new byte[2], 1 << 16, 1 << 16, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("need 8589934592 bytes");
  }

  @Test
  void mayLieInSeveralBuffers() {
    ByteBuffer empty = ByteBuffer.allocate(0);
    ImageSet parts =
        ImageSet.over(
            List.of(ByteBuffer.wrap(pixels, 0, 6), empty, ByteBuffer.wrap(pixels).slice(6, 12)),
            new byte[] {7, 0, -1},
            2,
            1,
            3);
    for (int i = 0; i < 3; i++) {
      assertThat(parts.image(i)).isEqualTo(images.image(i));
      assertThat(bytes(parts, i)).isEqualTo(bytes(images, i));
      assertThat(parts.label(i)).isEqualTo(images.label(i));
    }
    assertThat(parts.image(2).isReadOnly()).isTrue();
    assertThat(ImageSet.over(List.of(), new byte[0], 2, 1, 3).size()).isZero();
    assertThatThrownBy(
            () ->
                ImageSet.over(
                    List.of(ByteBuffer.allocate(9), ByteBuffer.allocate(9)), new byte[3], 2, 1, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Buffers of images of 6 bytes: expected whole images in each.");
  }

  private static byte[] bytes(ImageSet images, int i) {
    byte[] bytes = new byte[images.imageBytes()];
    images.copyImage(i, bytes, 0);
    return bytes;
  }
}
