package org.imageperformer.datasets.amat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.DatasetSource;
import org.imageperformer.datasets.Datasets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AmatSourceTest {
  private final DatasetSource source = Datasets.source("rotmnist");
  @TempDir private Path folder;

  private static int pixel(Dataset dataset, int image) {
    return dataset.validation().orElseThrow().image(image).get(100) & 0xff;
  }

  @ParameterizedTest
  @ValueSource(strings = {"RotMNIST", "MNIST_rot/raw"})
  void readsTextsAndTheirArchive(String place) throws IOException {
    AmatFiles.write(folder.resolve("texts").resolve(place), 24, 7);
    AmatFiles.zip(folder.resolve("zip").resolve(place), 24, 7);
    Dataset texts = Datasets.loadOffline(source, folder.resolve("texts"), 28);
    Dataset zip = Datasets.loadOffline(source, folder.resolve("zip"), 28);

    for (Dataset dataset : new Dataset[] {texts, zip}) {
      assertThat(dataset.train().size()).isEqualTo(20);
      assertThat(dataset.validation().orElseThrow().size()).isEqualTo(4);
      assertThat(dataset.test().size()).isEqualTo(7);
      assertThat(dataset.validation().orElseThrow().label(0)).as("the last of all").isZero();
      assertThat(dataset.validation().orElseThrow().label(3)).isEqualTo(3);
    }
    assertThat(pixel(zip, 2)).isEqualTo(pixel(texts, 2));
    String[] last = AmatFiles.text(24, 1).lines().toList().get(22).trim().split(" +", -1);
    assertThat(pixel(texts, 2)).isEqualTo((int) Math.rint(256 * Double.parseDouble(last[100])));
  }

  @Test
  void namesFileAndLine() throws IOException {
    Path place = folder.resolve("RotMNIST");
    AmatFiles.write(place, 12, 3);
    String text = Files.readString(place.resolve(AmatFiles.TRAIN));
    Files.writeString(
        place.resolve(AmatFiles.TRAIN), text.replaceFirst("(?s)^(.*?\n.*?\n) *\\S+", "$1"));
    assertThatThrownBy(() -> source.read(folder, 28))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining(
            AmatFiles.TRAIN + ", line 3: expected 785 numbers, the last one the class, found 784");
  }

  @Test
  void refusesDamagedArchives() throws IOException {
    Path place = folder.resolve("RotMNIST");
    AmatFiles.zip(place, 12, 3);
    Path zip = place.resolve(AmatFiles.ZIP);
    byte[] whole = Files.readAllBytes(zip);
    for (int length : new int[] {10, whole.length / 2}) {
      Files.write(zip, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> source.read(folder, 28))
          .isInstanceOf(DatasetException.class)
          .hasMessageContaining(AmatFiles.ZIP);
    }
    Files.writeString(zip, "no archive");
    assertThatThrownBy(() -> source.read(folder, 28)).hasMessageContaining("found neither");
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(source.read(folder, 28)).isEmpty();
    assertThat(source.status(folder).note()).isEqualTo("missing mnist_rotation_new.zip");
    assertThat(source.remedy(folder))
        .contains("mnist_rotation_new.zip", AmatFiles.TEST, folder.resolve("RotMNIST").toString());
  }
}
