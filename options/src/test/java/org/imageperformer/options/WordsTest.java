package org.imageperformer.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
  private static final List<String> MODELS =
      List.of("Performer", "NoposPerformer", "RelativePerformer", "ClippedRelativePerformer");

  @ParameterizedTest
  @CsvSource({
    "Preformer, Performer",
    "performer, Performer",
    "nopos_performer, NoposPerformer",
    "RelativPerformer, RelativePerformer",
    "clip, ClippedRelativePerformer",
  })
  void findsTheNearest(String typed, String meant) {
    assertThat(Words.nearest(typed, MODELS)).contains(meant);
  }

  @Test
  void nothingIsNearAWordOfAnotherKind() {
    assertThat(Words.nearest("ResNet50", MODELS)).isEmpty();
  }

  @Test
  void aBeginningThatFitsSeveralSuggestsNone() {
    assertThat(Words.nearest("te", List.of("test-shifted", "test-recursive")))
        .isEqualTo(Optional.empty());
  }
}
