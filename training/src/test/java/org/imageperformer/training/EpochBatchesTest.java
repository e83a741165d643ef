package org.imageperformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EpochBatchesTest {
  @ParameterizedTest
  @CsvSource({
    "23, 5, 1, 5 5 5 5 3",
    "20, 5, 1, 5 5 5 5",
    "21, 5, 1, 5 5 5 5 1",
    "21, 5, 2, 5 5 5 6",
    "22, 5, 2, 5 5 5 5 2",
    "5, 2, 2, 2 3",
    "3, 2, 2, 3",
    "3, 5, 2, 3",
    "2, 5, 2, 2",
    "1, 1, 1, 1",
  })
  void whatIsLeftIsABatchOrJoinsTheOneBefore(int images, int size, int fewest, String expected) {
    EpochBatches batches = new EpochBatches(images, size, fewest);
    List<String> sizes =
        IntStream.range(0, batches.count())
            .mapToObj(batch -> Integer.toString(batches.to(batch) - batches.from(batch)))
            .toList();
    assertThat(String.join(" ", sizes)).isEqualTo(expected);
    assertThat(batches.to(batches.count() - 1)).isEqualTo(images);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 2"})
  void tooFewImagesAreRefused(int images, int fewest) {
    assertThatThrownBy(() -> new EpochBatches(images, 5, fewest))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the model is trained on at least " + fewest + " images, found " + images);
  }
}
