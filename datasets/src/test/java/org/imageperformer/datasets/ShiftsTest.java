package org.imageperformer.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShiftsTest {
  private static final int SIDE = 32;

  /** One row of suitable-for-shifting.json. */
  private record Expected(
      String dataset, Set<Integer> labels, int minShift, int count, List<Integer> first) {
    static List<Expected> of(String name) throws IOException {
      List<Expected> rows = new ArrayList<>();
      for (JsonElement element : Golden.json("suitable-for-shifting.json").getAsJsonArray()) {
        JsonObject row = element.getAsJsonObject();
        rows.add(
            new Expected(
                row.get("dataset").getAsString(),
                Set.copyOf(integers(row.get("labels"))),
                row.get("min_shift").getAsInt(),
                row.get("count").getAsInt(),
                integers(row.get("first_indices"))));
      }
      rows.removeIf(row -> !row.dataset().equals(name));
      assertThat(rows).hasSize(35);
      return rows;
    }

    private static List<Integer> integers(JsonElement array) {
      return StreamSupport.stream(array.getAsJsonArray().spliterator(), false)
          .map(JsonElement::getAsInt)
          .toList();
    }

    void check(ImageSet test) {
      int[] found = Shifts.qualifying(test, labels, minShift);
      assertThat(found.length).as("%s", this).isEqualTo(count);
      assertThat(Arrays.stream(found).limit(5).boxed().toList()).as("%s", this).isEqualTo(first);
    }
  }

  /** The complete test sets are not here, but their margins are. */
  @ParameterizedTest
  @ValueSource(strings = {"MNIST", "FashionMNIST"})
  void findsAsManyAsThePublishedProgramByTheMarginsOfTheCompleteSets(String name)
      throws IOException {
    ImageSet test = withMargins(margins(name));
    assertThat(test.size()).isEqualTo(10_000);
    for (Expected row : Expected.of(name)) {
      row.check(test);
    }
  }

  /** Ties the stored margins to pixels: the first 1,000 test images are shipped. */
  @ParameterizedTest
  @ValueSource(strings = {"MNISTSample", "FashionMNISTSample"})
  void theShippedImagesHaveTheStoredMargins(String sample) throws IOException {
    String complete = sample.equals("MNISTSample") ? "MNIST" : "FashionMNIST";
    ImageSet test = Datasets.loadOffline(Datasets.info(sample), Path.of("none"), SIDE).test();

    assertThat(MarginWriter.margins(test)).isEqualTo(Arrays.copyOf(margins(complete), 3 * 1000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"MNIST", "FashionMNIST"})
  void findsAsManyAsThePublishedProgramInTheCompleteSets(String name) throws IOException {
    ImageSet test = Datasets.loadOffline(Datasets.info(name), RealData.with(name), SIDE).test();
    for (Expected row : Expected.of(name)) {
      row.check(test);
    }
    assertThat(MarginWriter.margins(test)).isEqualTo(margins(name));
  }

  @Test
  void countsOnlyColumnsEmptyInEveryRowAndChannel() {
    byte[] pixels = new byte[3 * 7 * 3];
    pixels[(0 * 7 + 4) * 3 + 2] = 1; // row 0, column 4, last channel
    pixels[(2 * 7 + 2) * 3] = (byte) 255; // row 2, column 2, first channel
    ImageSet images = ImageSet.of(pixels, new byte[1], 3, 7, 3);

    assertThat(Shifts.leftMargin(images, 0)).isEqualTo(2);
    assertThat(Shifts.rightMargin(images, 0)).isEqualTo(2);
  }

  @Test
  void anEmptyImageIsAllMargin() {
    ImageSet images = ImageSet.of(new byte[21], new byte[1], 3, 7, 1);

    assertThat(Shifts.leftMargin(images, 0)).isEqualTo(7);
    assertThat(Shifts.rightMargin(images, 0)).isEqualTo(7);
  }

  @Test
  void bothMarginsMustExceedTheShift() {
    ImageSet images = withMargins(new byte[] {1, 5, 6, 1, 4, 9, 1, 9, 4, 2, 9, 9});

    assertThat(Shifts.qualifying(images, Set.of(1), 4)).containsExactly(0);
    assertThat(Shifts.qualifying(images, Set.of(1), 3)).containsExactly(0, 1, 2);
    assertThat(Shifts.qualifying(images, Set.of(1, 2), 5)).containsExactly(3);
    assertThat(Shifts.qualifying(images, Set.of(7), 0)).isEmpty();
  }

  @Test
  void movesRightForPositiveAndLeftForNegative() {
    byte[] pixels = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}; // 2 rows of 5
    ImageSet images = ImageSet.of(pixels, new int[] {3}, 2, 5, 1);

    assertThat(row(Shifts.shifted(images, 2))).containsExactly(0, 0, 1, 2, 3, 0, 0, 6, 7, 8);
    assertThat(row(Shifts.shifted(images, -1))).containsExactly(2, 3, 4, 5, 0, 7, 8, 9, 10, 0);
    assertThat(row(Shifts.shifted(images, 5))).containsOnly(0);
    assertThat(row(Shifts.shifted(images, Integer.MIN_VALUE))).containsOnly(0);
    assertThat(row(Shifts.shifted(images, Integer.MAX_VALUE))).containsOnly(0);
    assertThat(Shifts.shifted(images, 0)).isSameAs(images);
    assertThat(Shifts.shifted(images, 2).label(0)).isEqualTo(3);
  }

  @Test
  void movesWholePixelsOfSeveralChannelsInEveryImageOfAView() {
    byte[] pixels = {1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16}; // 2 images of 1x2x3
    ImageSet images = ImageSet.of(pixels, new int[] {3, 5}, 1, 2, 3).subset(new int[] {1, 0});

    ImageSet moved = Shifts.shifted(images, 1);

    assertThat(row(moved)).containsExactly(0, 0, 0, 11, 12, 13);
    assertThat(row(moved.subset(new int[] {1}))).containsExactly(0, 0, 0, 1, 2, 3);
    assertThat(moved.label(0)).isEqualTo(5);
  }

  /** What qualifies loses nothing when moved there and back. */
  @Test
  void qualifyingImagesLoseNothing() {
    ImageSet test =
        Datasets.loadOffline(Datasets.info("MNISTSample"), Path.of("none"), SIDE).test();
    ImageSet chosen = test.subset(Shifts.qualifying(test, Set.of(1), 8));

    assertThat(chosen.size()).isPositive();
    for (int columns : new int[] {-8, 8}) {
      ImageSet back = Shifts.shifted(Shifts.shifted(chosen, columns), -columns);
      for (int i = 0; i < chosen.size(); i++) {
        assertThat(back.image(i)).isEqualTo(chosen.image(i));
      }
    }
  }

  @Test
  void refusesWhatHasNoMeaning() {
    ImageSet images = ImageSet.of(new byte[21], new byte[1], 3, 7, 1);

    assertThatThrownBy(() -> Shifts.qualifying(images, Set.of(1), -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("A shift of -1: must not be negative.");
    assertThatThrownBy(() -> Shifts.qualifying(images, Set.of(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("No labels: expected at least one class to be shifted.");
    assertThatThrownBy(() -> Shifts.requireShiftable(Datasets.info("CIFAR10")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "The shift experiment needs images with empty margins: expected MNIST, FashionMNIST or"
                + " one of their samples, found CIFAR10.");
    Shifts.requireShiftable(Datasets.info("FashionMNISTSample"));
  }

  private static byte[] row(ImageSet images) {
    byte[] row = new byte[images.imageBytes()];
    images.copyImage(0, row, 0);
    return row;
  }

  /** Images of one row with the given margins. */
  private static ImageSet withMargins(byte[] margins) {
    int count = margins.length / 3;
    byte[] pixels = new byte[count * SIDE];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = margins[3 * i];
      if (margins[3 * i + 1] < SIDE) {
        pixels[i * SIDE + margins[3 * i + 1]] = 1;
        pixels[i * SIDE + SIDE - 1 - margins[3 * i + 2]] = 1;
      }
    }
    return ImageSet.of(pixels, labels, 1, SIDE, 1);
  }

  private static byte[] margins(String name) throws IOException {
    try (InputStream in =
        new GZIPInputStream(
            Objects.requireNonNull(
                ShiftsTest.class.getResourceAsStream("margins-" + name + ".gz")))) {
      return in.readAllBytes();
    }
  }

  @Test
  void movesDownAndDiagonallyWithinTheMargins() {
    byte[] pixels = new byte[6 * 7];
    pixels[2 * 7 + 3] = 5;
    pixels[3 * 7 + 3] = 6;
    ImageSet images = ImageSet.of(pixels, new int[] {4}, 6, 7, 1);

    assertThat(Shifts.upperMargin(images, 0)).isEqualTo(2);
    assertThat(Shifts.lowerMargin(images, 0)).isEqualTo(2);
    assertThat(Shifts.most(images, 0, ShiftDirection.HORIZONTAL)).isEqualTo(2);
    assertThat(Shifts.most(images, 0, ShiftDirection.VERTICAL)).isEqualTo(1);
    assertThat(Shifts.most(images, 0, ShiftDirection.DIAGONAL)).isEqualTo(1);
    assertThat(Shifts.qualifying(images, Set.of(4), 2, ShiftDirection.HORIZONTAL)).hasSize(1);
    assertThat(Shifts.qualifying(images, Set.of(4), 2, ShiftDirection.DIAGONAL)).isEmpty();

    byte[] moved = new byte[6 * 7];
    Shifts.shifted(images, 1, -2).copyImage(0, moved, 0);
    byte[] expected = new byte[6 * 7];
    expected[3 * 7 + 1] = 5;
    expected[4 * 7 + 1] = 6;
    assertThat(moved).containsExactly(expected);
    assertThat(Shifts.shifted(images, 1, -2).label(0)).isEqualTo(4);
    Shifts.shifted(images, 3, 0).copyImage(0, moved, 0);
    assertThat(moved[5 * 7 + 3]).isEqualTo((byte) 5);
    assertThat(moved).containsOnlyOnce((byte) 5).doesNotContain((byte) 6);
    assertThat(Shifts.shifted(images, Integer.MIN_VALUE, 0).image(0).get(2 * 7 + 3)).isZero();
  }
}
