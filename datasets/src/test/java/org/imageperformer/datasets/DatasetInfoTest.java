package org.imageperformer.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DatasetInfoTest {
  static List<DatasetInfo> all() {
    return Datasets.all().stream()
        .filter(source -> !source.name().equals("folder")) // described by what lies there
        .map(source -> source.info(Path.of("none")))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("all")
  void isFoundByItsLabel(DatasetInfo name) {
    assertThat(Datasets.info(name.name())).isEqualTo(name);
    assertThat(name).hasToString(name.name());
  }

  @ParameterizedTest
  @CsvSource({
    "MNITS,MNIST",
    "FashonMNIST,FashionMNIST",
    "fashion-mnist,FashionMNIST",
    "CIFAR-10,CIFAR10",
    "MNISTSamples,MNISTSample",
    "FashionSample,FashionMNISTSample"
  })
  void suggestsTheNearestLabel(String wanted, String nearest) {
    assertThatThrownBy(() -> Datasets.info(wanted))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Unknown data set '"
                + wanted
                + "': did you mean "
                + nearest
                + "? Known are MNIST, FashionMNIST, CIFAR10, MNISTSample, FashionMNISTSample,"
                + " PCam, RotMNIST, RotMNISTMade, RotMNISTSample, folder.");
  }

  @ParameterizedTest
  @CsvSource({"rotmnistsample,RotMNISTSample", "mnist,MNIST", "Cifar10,CIFAR10"})
  void namesCountInAnyCase(String written, String name) {
    assertThat(Datasets.source(written).name()).isEqualTo(name);
    assertThat(Datasets.info(written).name()).isEqualTo(name);
  }

  @Test
  void survivesAnAbsurdLabel() {
    assertThatThrownBy(() -> Datasets.info("x".repeat(1_000_000)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Datasets.info("")).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @MethodSource("all")
  void hasOneMeanAndDeviationPerChannelAndItsClasses(DatasetInfo name) {
    assertThat(name.mean()).hasSize(name.channels());
    assertThat(name.std()).hasSize(name.channels());
    assertThat(name.classNames())
        .hasSize(name.name().equals("PCam") ? 2 : 10)
        .doesNotHaveDuplicates();
  }

  @Test
  void normalisesAsTheSpecificationSays() {
    assertThat(Datasets.info("MNIST").mean()).containsExactly(0f);
    assertThat(Datasets.info("MNIST").std()).containsExactly(1f);
    assertThat(Datasets.info("CIFAR10").mean()).containsExactly(0.4914f, 0.4822f, 0.4465f);
    assertThat(Datasets.info("CIFAR10").std()).containsExactly(0.2023f, 0.1994f, 0.2010f);
    assertThat(Datasets.info("CIFAR10").shiftable()).isFalse();
    assertThat(Datasets.info("FashionMNIST").shiftable()).isTrue();
    assertThat(Datasets.info("MNIST").defaultValidation()).isEqualTo(5000);
    assertThat(Datasets.info("MNISTSample").defaultValidation()).isEqualTo(500);
  }
}
