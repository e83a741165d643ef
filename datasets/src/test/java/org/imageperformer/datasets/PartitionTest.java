package org.imageperformer.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PartitionTest {
  private final ImageSet train = numbered(0, 20);
  private final ImageSet own = numbered(100, 6);
  private final ImageSet test = numbered(50, 9);

  @Test
  void splitsAsTheSeedSaysThenLimits() {
    Dataset dataset = dataset(Optional.empty());
    Split split = Split.of(train, 7, 42);
    Partition all = new Partition(42, 7, Partition.ALL, Partition.ALL, Partition.ALL);
    Partition some = new Partition(42, 7, 4, 2, 3);

    assertThat(numbers(all.train(dataset))).isEqualTo(numbers(split.train()));
    assertThat(numbers(all.validation(dataset))).isEqualTo(numbers(split.validation()));
    assertThat(numbers(all.test(dataset))).isEqualTo(numbers(test));
    assertThat(numbers(some.train(dataset))).isEqualTo(numbers(split.train().first(4)));
    assertThat(numbers(some.validation(dataset))).isEqualTo(numbers(split.validation().first(2)));
    assertThat(numbers(some.test(dataset))).containsExactly((byte) 50, (byte) 51, (byte) 52);
    assertThat(some.train(dataset).sharesPixels(train)).isTrue();
  }

  @Test
  void validationImagesOfItsOwnLeaveTheTrainingImagesWhole() {
    Dataset dataset = dataset(Optional.of(own));
    for (int ignored : new int[] {0, 7, 5000}) {
      Partition partition = new Partition(42, ignored, Partition.ALL, 4, Partition.ALL);
      assertThat(numbers(partition.train(dataset))).isEqualTo(numbers(train));
      assertThat(numbers(partition.validation(dataset))).isEqualTo(numbers(own.first(4)));
    }
  }

  @Test
  void refusesASplitThatLeavesNothingButStillTests() {
    Dataset dataset = dataset(Optional.empty());
    Partition partition = new Partition(42, 20, Partition.ALL, Partition.ALL, Partition.ALL);
    String message =
        "A validation split of 20 from 20 training images: expected at least 1 and at most 19, so"
            + " that images are left to train on.";
    assertThatThrownBy(() -> partition.train(dataset))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> partition.validation(dataset))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThat(partition.test(dataset).size()).isEqualTo(9);
  }

  @Test
  void allSetsHaveImagesOfOneSize() {
    ImageSet wide = ImageSet.of(new byte[4], new byte[2], 1, 2, 1);
    assertThatThrownBy(() -> dataset(Optional.of(wide)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Training images are 1x1x1, validation images 1x2x1.");
  }

  private Dataset dataset(Optional<ImageSet> validation) {
    return new Dataset(Datasets.info("MNIST"), train, validation, test, List.of());
  }

  /** Image i is the one pixel from + i. */
  private static ImageSet numbered(int from, int count) {
    byte[] pixels = new byte[count];
    for (int i = 0; i < count; i++) {
      pixels[i] = (byte) (from + i);
    }
    return ImageSet.of(pixels, new byte[count], 1, 1, 1);
  }

  private static byte[] numbers(ImageSet images) {
    byte[] numbers = new byte[images.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = images.image(i).get(0);
    }
    return numbers;
  }
}
