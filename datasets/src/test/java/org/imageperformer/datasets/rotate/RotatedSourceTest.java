package org.imageperformer.datasets.rotate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.imageperformer.datasets.Availability;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.DatasetSource;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.DownloadListener;
import org.imageperformer.datasets.Golden;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.RealData;
import org.imageperformer.datasets.Shifts;
import org.imageperformer.datasets.idx.IdxFiles;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Turned digits against the published examples, pixel for pixel. */
class RotatedSourceTest {
  private static final int SIDE = 28;
  private static final int FIRST_TEST = 60_000;

  @TempDir private Path folder;

  /** An example of gsa.md, section 6; not all have pixels. */
  private record Example(int source, int label, double angle, int sum, List<List<Integer>> pixels) {
    void check(ImageSet images, int position) {
      byte[] image = new byte[SIDE * SIDE];
      images.copyImage(position, image, 0);
      int found = 0;
      for (byte pixel : image) {
        found += pixel & 0xff;
      }
      assertThat(images.label(position)).as("label of %s", source).isEqualTo(label);
      assertThat(found).as("sum of %s", source).isEqualTo(sum);
      if (pixels != null) {
        for (int i = 0; i < SIDE * SIDE; i++) {
          assertThat(image[i] & 0xff)
              .as("pixel %s of %s", i, source)
              .isEqualTo(pixels.get(i / SIDE).get(i % SIDE));
        }
      }
    }
  }

  private static List<Example> examples() throws IOException {
    return List.of(new Gson().fromJson(Golden.json("rotated-mnist.json"), Example[].class));
  }

  @Test
  void anglesFollowFromTheNumberAlone() throws IOException {
    assertThat(examples()).hasSize(11);
    for (Example example : examples()) {
      assertThat(Rotation.angle(example.source())).isCloseTo(example.angle(), within(1e-14));
    }
  }

  @Test
  void theSampleIsThePublishedOnePixelForPixel() throws IOException {
    Dataset sample = Datasets.loadOffline(Datasets.source("RotMNISTSample"), folder, SIDE);

    assertThat(sample.train().size()).isEqualTo(4500);
    assertThat(sample.validation().orElseThrow().size()).isEqualTo(500);
    assertThat(sample.test().size()).isEqualTo(1000);
    int checked = 0;
    for (Example example : examples()) {
      if (example.source() < 4500) {
        example.check(sample.train(), example.source());
        checked++;
      } else if (example.source() == FIRST_TEST) {
        example.check(sample.test(), 0);
        checked++;
      }
    }
    assertThat(checked).isEqualTo(6);
  }

  /** Skipped where MNIST is not. */
  @Tag("slow")
  @Test
  void allOfMnistIsThePublishedOnePixelForPixel() throws IOException {
    Dataset made =
        Datasets.loadOffline(Datasets.source("RotMNISTMade"), RealData.with("MNIST"), SIDE);

    assertThat(made.train().size()).isEqualTo(10_000);
    assertThat(made.validation().orElseThrow().size()).isEqualTo(2_000);
    assertThat(made.test().size()).isEqualTo(50_000);
    for (Example example : examples()) {
      int k = example.source();
      if (k < 10_000) {
        example.check(made.train(), k);
      } else if (k < 12_000) {
        example.check(made.validation().orElseThrow(), k - 10_000);
      } else {
        example.check(made.test(), k < FIRST_TEST ? k - 12_000 : k - FIRST_TEST + 40_000);
      }
    }
  }

  @Test
  void aQuarterTurnMovesPixelsOnly() {
    byte[] image = {1, 2, 3, 4};
    assertThat(Rotation.apply(image, 2, 0)).containsExactly(1, 2, 3, 4);
    assertThat(Rotation.apply(image, 2, Math.PI / 2)).containsExactly(3, 1, 4, 2);
  }

  @Test
  void tooFewImagesAreRefused() throws IOException {
    IdxFiles.write(
        folder.resolve("MNIST"),
        IdxFiles.random(11, SIDE, SIDE, 1, 3),
        IdxFiles.random(7, SIDE, SIDE, 1, 5));

    assertThatThrownBy(() -> Datasets.loadOffline(Datasets.source("RotMNISTMade"), folder, SIDE))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "RotMNISTMade, which is made of MNIST: expected at least 52000 training and 10000 test"
                + " images, found 11 and 7. Use the whole of MNIST.");
  }

  @Test
  void leadsToTheOriginal() {
    DatasetSource made = Datasets.source("RotMNISTMade");
    assertThat(made.status(folder))
        .isEqualTo(
            new Availability(
                "RotMNISTMade",
                Availability.Place.ABSENT,
                folder.resolve("MNIST").toString(),
                "made of MNIST"));
    assertThat(Datasets.source("RotMNISTSample").status(folder).place())
        .isEqualTo(Availability.Place.SHIPPED);
    assertThatThrownBy(() -> Datasets.loadOffline(made, folder, SIDE))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith(
            "RotMNISTMade is not on this machine. RotMNISTMade is made of MNIST. Put train-images");
    assertThatThrownBy(
            () -> Datasets.source("RotMNISTSample").download(folder, DownloadListener.silent()))
        .isInstanceOf(DatasetException.class)
        .hasMessage("MNISTSample ships with the program: nothing to download.");
  }

  @Test
  void haveMarginsToBeShiftedIn() {
    Shifts.requireShiftable(Datasets.info("RotMNISTSample"));
  }
}
