package org.imageperformer.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DatasetNameTest {
  @ParameterizedTest
  @EnumSource
  void isFoundByItsLabel(DatasetName name) {
    assertThat(DatasetName.of(name.label())).isEqualTo(name);
    assertThat(name).hasToString(name.label());
  }

  @ParameterizedTest
  @CsvSource({
    "mnist,MNIST",
    "FashonMNIST,FashionMNIST",
    "fashion-mnist,FashionMNIST",
    "CIFAR-10,CIFAR10",
    "MNISTSamples,MNISTSample",
    "FashionSample,FashionMNISTSample"
  })
  void suggestsTheNearestLabel(String wanted, String nearest) {
    assertThatThrownBy(() -> DatasetName.of(wanted))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Unknown data set '"
                + wanted
                + "': did you mean "
                + nearest
                + "? Known are MNIST, FashionMNIST, CIFAR10, MNISTSample, FashionMNISTSample.");
  }

  @Test
  void survivesAnAbsurdLabel() {
    assertThatThrownBy(() -> DatasetName.of("x".repeat(1_000_000)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DatasetName.of("")).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource
  void hasOneMeanAndDeviationPerChannelAndTenClasses(DatasetName name) {
    assertThat(name.mean()).hasSize(name.channels());
    assertThat(name.std()).hasSize(name.channels());
    assertThat(name.classNames()).hasSize(10).doesNotHaveDuplicates();
  }

  @Test
  void normalisesAsTheSpecificationSays() {
    assertThat(DatasetName.MNIST.mean()).containsExactly(0f);
    assertThat(DatasetName.MNIST.std()).containsExactly(1f);
    assertThat(DatasetName.CIFAR10.mean()).containsExactly(0.4914f, 0.4822f, 0.4465f);
    assertThat(DatasetName.CIFAR10.std()).containsExactly(0.2023f, 0.1994f, 0.2010f);
    assertThat(DatasetName.CIFAR10.shiftable()).isFalse();
    assertThat(DatasetName.FASHION_MNIST.shiftable()).isTrue();
    assertThat(DatasetName.MNIST.defaultValidation()).isEqualTo(5000);
    assertThat(DatasetName.MNIST_SAMPLE.defaultValidation()).isEqualTo(500);
  }

  @Test
  void handsOutCopies() {
    DatasetName.CIFAR10.mean()[0] = 7;
    assertThat(DatasetName.CIFAR10.mean()[0]).isEqualTo(0.4914f);
  }
}
