package org.imageperformer.tools.plots;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineLookTest {
  @Test
  void thirtyFiveLinesAllDiffer() {
    assertThat(first(35)).doesNotHaveDuplicates();
  }

  @Test
  void looksComeAgainAfterAllHaveBeenUsed() {
    assertThat(first(LineLook.DIFFERENT)).doesNotHaveDuplicates();
    assertThat(LineLook.of(LineLook.DIFFERENT)).isEqualTo(LineLook.of(0));
  }

  @Test
  void picturesOfMoreLinesThanCanBeToldApartSaySo() {
    assertThat(RunLook.crowdNote(LineLook.DISTINCT)).isEmpty();
    assertThat(RunLook.crowdNote(26))
        .contains("26 runs: more than 25 lines are hard to tell apart. Draw fewer at a time.");
    assertThat(RunLook.crowdNote(176))
        .contains("176 runs: lines look alike again after every 175. Draw fewer at a time.");
  }

  @Test
  void twentyFiveDifferWithoutColour() {
    assertThat(first(25))
        .extracting(look -> List.of(look.marker(), look.stroke()))
        .doesNotHaveDuplicates();
  }

  @Test
  void theFirstFiveDifferInEveryRespect() {
    assertThat(first(5)).extracting(LineLook::color).doesNotHaveDuplicates();
    assertThat(first(5)).extracting(LineLook::marker).doesNotHaveDuplicates();
    assertThat(first(5)).extracting(LineLook::stroke).doesNotHaveDuplicates();
  }

  @Test
  void neighboursDifferInBrightness() {
    List<LineLook> looks = first(7);
    for (int i = 1; i < looks.size(); i++) {
      assertThat(Math.abs(brightness(looks.get(i)) - brightness(looks.get(i - 1))))
          .as("%d and %d", i - 1, i)
          .isGreaterThan(0.08);
    }
  }

  private static List<LineLook> first(int n) {
    return IntStream.range(0, n).mapToObj(LineLook::of).toList();
  }

  private static double brightness(LineLook look) {
    return (0.299 * look.color().getRed()
            + 0.587 * look.color().getGreen()
            + 0.114 * look.color().getBlue())
        / 255;
  }
}
