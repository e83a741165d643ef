package org.imageperformer.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.imageperformer.datasets.augment.Augmentation;
import org.imageperformer.datasets.augment.CropAndMirror;
import org.junit.jupiter.api.Test;

class VariedBatchTest {
  private static final int SIDE = 7;
  private static final Augmentation HOW = new CropAndMirror(2);
  private final ImageSet images = images(5);

  private static ImageSet images(int count) {
    byte[] pixels = new byte[count * SIDE * SIDE * 3];
    new Random(1).nextBytes(pixels);
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) i;
    }
    return ImageSet.of(pixels, labels, SIDE, SIDE, 3);
  }

  private ByteBuffer varied(long seed, long epoch, int image) {
    return VariedBatch.of(images, new int[] {image}, HOW, seed, epoch).image(0);
  }

  /** In other batches, in any order: what a resumed run sees is what it would have seen. */
  @Test
  void followsFromSeedEpochAndImageAlone() {
    ImageSet batch = VariedBatch.of(images, new int[] {3, 1, 4}, HOW, 9, 2);
    assertThat(batch.size()).isEqualTo(3);
    assertThat(batch.label(2)).isEqualTo(4);
    assertThat(batch.image(0)).isEqualTo(varied(9, 2, 3));
    assertThat(batch.image(1)).isEqualTo(varied(9, 2, 1));
    Set<ByteBuffer> kinds = new HashSet<>();
    for (int epoch = 0; epoch < 20; epoch++) {
      kinds.add(varied(9, epoch, 3));
    }
    assertThat(kinds).hasSizeGreaterThan(10);
    Set<ByteBuffer> seeds = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      seeds.add(varied(seed, 0, 3));
    }
    assertThat(seeds).hasSizeGreaterThan(10);
  }

  /** Every one of the 5 x 5 x 2 crops of the padded image comes, about equally often. */
  @Test
  void cropsAndMirrorsUniformly() {
    byte[] image = new byte[SIDE * SIDE];
    image[3 * SIDE + 2] = 1; // left of the middle, so that a mirror shows
    image[3 * SIDE + 3] = 2;
    int[][][] counts = new int[5][5][2];
    int draws = 5000;
    for (int epoch = 0; epoch < draws; epoch++) {
      byte[] varied = HOW.apply(image, SIDE, SIDE, 1, SplitMix.of(5, epoch + 1, 1));
      int middle = 0;
      while (varied[middle] != 2) {
        middle++;
      }
      boolean mirrored = varied[middle + 1] == 1;
      assertThat(varied[mirrored ? middle + 1 : middle - 1]).isEqualTo((byte) 1);
      int row = middle / SIDE;
      int column = middle % SIDE;
      counts[row - 1][column - 1][mirrored ? 1 : 0]++;
    }
    for (int[][] rows : counts) {
      for (int[] cells : rows) {
        for (int count : cells) {
          assertThat(count).isBetween(60, 145); // expected 100, deviation 10
        }
      }
    }
  }

  @Test
  void zerosEnterAndChannelsStayTogether() {
    byte[] white = new byte[SIDE * SIDE * 3];
    for (int i = 0; i < white.length; i++) {
      white[i] = (byte) (1 + i % 3);
    }
    boolean zeros = false;
    for (int epoch = 0; epoch < 50; epoch++) {
      byte[] varied = HOW.apply(white, SIDE, SIDE, 3, SplitMix.of(5, epoch + 1, 1));
      for (int i = 0; i < varied.length; i += 3) {
        boolean outside = varied[i] == 0;
        zeros |= outside;
        assertThat(new byte[] {varied[i], varied[i + 1], varied[i + 2]})
            .isEqualTo(outside ? new byte[3] : new byte[] {1, 2, 3});
      }
    }
    assertThat(zeros).isTrue();
  }

  @Test
  void belongsToCifar10() {
    assertThat(Datasets.source("CIFAR10").augmentation()).contains(new CropAndMirror(4));
    assertThat(Datasets.options("CIFAR10").has(Augmentation.AUGMENT)).isTrue();
    assertThat(Datasets.options("MNIST").has(Augmentation.AUGMENT)).isFalse();
  }
}
