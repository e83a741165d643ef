package org.imageperformer.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitTest {
  /** Image i is the one pixel i. */
  private final ImageSet train = numbered(101);

  @Test
  void isDisjointAndComplete() {
    Split split = Split.of(train, 17, 5);

    assertThat(split.validation().size()).isEqualTo(17);
    assertThat(split.train().size()).isEqualTo(84);
    List<Integer> all = numbers(split.train());
    all.addAll(numbers(split.validation()));
    assertThat(all).containsExactlyInAnyOrderElementsOf(numbers(train));
    assertThat(numbers(split.train())).isSorted();
    assertThat(split.train().sharesPixels(train)).isTrue();
  }

  /** Pinned: a saved run must see the same validation images for ever. */
  @Test
  void dependsOnTheSeedAloneOnEveryMachine() {
    assertThat(numbers(Split.of(train, 7, 42).validation()))
        .isEqualTo(numbers(Split.of(train, 7, 42).validation()))
        .isNotEqualTo(numbers(Split.of(train, 7, 43).validation()))
        .containsExactly(24, 37, 50, 54, 56, 93, 95);
  }

  @Test
  void takesEveryImageEquallyOften() {
    int[] taken = new int[10];
    for (int seed = 0; seed < 10_000; seed++) {
      for (int number : numbers(Split.of(numbered(10), 3, seed).validation())) {
        taken[number]++;
      }
    }
    // 3,000 expected, standard deviation 46
    for (int count : taken) {
      assertThat(count).isBetween(2_770, 3_230);
    }
  }

  @Test
  void leavesImagesForBothParts() {
    assertThat(Split.of(train, 100, 1).train().size()).isEqualTo(1);
    for (int wrong : new int[] {-1, 0, 101, 5000}) {
      assertThatThrownBy(() -> Split.of(train, wrong, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "A validation split of "
                  + wrong
                  + " from 101 training images: expected at least 1 and at most 100, so that images"
                  + " are left to train on.");
    }
  }

  private static ImageSet numbered(int count) {
    byte[] pixels = new byte[count];
    for (int i = 0; i < count; i++) {
      pixels[i] = (byte) i;
    }
    return ImageSet.of(pixels, new byte[count], 1, 1, 1);
  }

  private static List<Integer> numbers(ImageSet images) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      numbers.add((int) images.image(i).get(0));
    }
    return numbers;
  }
}
