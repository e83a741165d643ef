package org.imageperformer.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DatasetInfoTest {
  private static DatasetInfo info(
      int height, List<Float> mean, List<Float> std, Map<String, String> defaults) {
    return new DatasetInfo("Own", List.of("a", "b"), height, 5, mean, std, true, defaults);
  }

  private static DatasetInfo gray(Map<String, String> defaults) {
    return info(4, List.of(0.1f), List.of(0.3f), defaults);
  }

  @Test
  void readsTheSplitFromTheDefaults() {
    assertThat(gray(Map.of("val_split", "70")).defaultValidation()).isEqualTo(70);
    assertThat(gray(Map.of()).defaultValidation()).isZero();
    assertThat(gray(Map.of()).channels()).isEqualTo(1);
  }

  @Test
  void aPartDiffersInNameAndSplitAlone() {
    DatasetInfo whole = gray(Map.of("val_split", "70", "schedule", "cosine"));

    DatasetInfo part = whole.part("OwnSample", 7);

    assertThat(part.name()).isEqualTo("OwnSample");
    assertThat(part.defaults()).isEqualTo(Map.of("val_split", "7", "schedule", "cosine"));
    assertThat(part.part("Own", 70)).isEqualTo(whole);
  }

  @Test
  void refusesWhatDoesNotFitTogether() {
    refuses(() -> info(0, List.of(0f), List.of(1f), Map.of()), "a size of at least 1x1, found 0x5");
    refuses(
        () -> info(4, List.of(0f, 0f), List.of(1f, 1f), Map.of()),
        "a mean for 1 or 3 channels, found [0.0, 0.0]");
    refuses(
        () -> info(4, List.of(0f), List.of(1f, 1f), Map.of()),
        "as many deviations as means, 1, found [1.0, 1.0]");
    refuses(() -> info(4, List.of(0f), List.of(0f), Map.of()), "deviations above 0, found [0.0]");
    refuses(() -> gray(Map.of("val_split", "0")), "val_split of at least 1, found 0");
    refuses(() -> gray(Map.of("val_split", "many")), "val_split of at least 1, found many");
    assertThatThrownBy(
            () -> new DatasetInfo("Own", List.of(), 1, 1, List.of(0f), List.of(1f), true, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Data set Own: expected 1 to 256 classes, found [].");
  }

  private static void refuses(Runnable making, String problem) {
    assertThatThrownBy(making::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Data set Own: expected " + problem + ".");
  }
}
