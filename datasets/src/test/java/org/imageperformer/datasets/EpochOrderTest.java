package org.imageperformer.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochOrderTest {
  @Test
  void visitsEveryImageOnce() {
    for (int size : new int[] {0, 1, 2, 3, 55_001}) {
      int[] order = EpochOrder.permutation(size, 7, 3);
      Arrays.sort(order);
      assertThat(order).isEqualTo(IntStream.range(0, size).toArray());
    }
  }

  /** Pinned: a resumed run must go on in the same order on any JVM. */
  @Test
  void isAPureFunctionOfSeedAndEpoch() {
    assertThat(EpochOrder.permutation(11, 42, 0)).containsExactly(5, 1, 3, 7, 2, 8, 10, 4, 0, 6, 9);
    assertThat(EpochOrder.permutation(11, 42, 1)).containsExactly(0, 10, 3, 2, 7, 8, 5, 9, 4, 1, 6);
    assertThat(EpochOrder.permutation(11, -43, 1L << 40))
        .containsExactly(2, 5, 0, 9, 1, 3, 6, 8, 10, 7, 4);
  }

  @Test
  void differsBetweenEpochsSeedsAndFromTheSplit() {
    int[] one = EpochOrder.permutation(1000, 1, 1);
    assertThat(EpochOrder.permutation(1000, 1, 2)).isNotEqualTo(one);
    assertThat(EpochOrder.permutation(1000, 2, 1)).isNotEqualTo(one);
    assertThat(EpochOrder.permutation(1000, 1, 0))
        .isNotEqualTo(SplitMix.of(1, 0).permutation(1000));
  }

  @Test
  void putsEveryImageAtEveryPlaceEquallyOften() {
    int[][] seen = new int[5][5];
    for (int epoch = 0; epoch < 10_000; epoch++) {
      int[] order = EpochOrder.permutation(5, 9, epoch);
      for (int place = 0; place < 5; place++) {
        seen[order[place]][place]++;
      }
    }
    // 2,000 expected, standard deviation 40
    for (int[] places : seen) {
      for (int count : places) {
        assertThat(count).isBetween(1_800, 2_200);
      }
    }
  }

  /** The generator's published test values for the seed 1234567. */
  @Test
  void drawsFromSplitMix64() {
    SplitMix random = new SplitMix(1234567);
    assertThat(new long[] {random.nextLong(), random.nextLong(), random.nextLong()})
        .containsExactly(
            6457827717110365317L,
            3203168211198807973L,
            Long.parseUnsignedLong("9817491932198370423"));
  }

  /** A run draws from many streams: none may be another's. */
  @Test
  void streamsAreApart() {
    Set<Long> first = new HashSet<>();
    for (long seed = 0; seed < 5; seed++) {
      first.add(SplitMix.of(seed, 0).nextLong());
      for (long epoch = 0; epoch < 20; epoch++) {
        first.add(SplitMix.of(seed, epoch + 1).nextLong());
        for (long image = 0; image < 20; image++) {
          first.add(SplitMix.of(seed, epoch + 1, image + 1).nextLong());
        }
      }
    }
    assertThat(first).hasSize(5 * (1 + 20 + 400));
    assertThat(SplitMix.of(3, 4).nextLong()).isEqualTo(SplitMix.of(3, 4).nextLong());
  }

  @Test
  void refusesNegativeNumbers() {
    assertThatThrownBy(() -> EpochOrder.permutation(-1, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Order of -1 images in epoch 0: must not be negative.");
    assertThatThrownBy(() -> EpochOrder.permutation(3, 1, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
