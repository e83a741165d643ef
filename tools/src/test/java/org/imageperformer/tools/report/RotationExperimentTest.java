package org.imageperformer.tools.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.eval.Angles;
import org.imageperformer.eval.EvalListener;
import org.imageperformer.eval.SweepRow;
import org.imageperformer.tools.plots.RunLook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RotationExperimentTest {
  @ParameterizedTest
  @CsvSource({
    "'90,0,-22.5', '-22.5,0,90'",
    "0:330:30, 0:315:45",
    "0:345:15, 0:315:45",
    "0:360:15, 0:360:45",
    "-180:180:15, -180:180:45",
    "-360:360:15, -360:360:90",
    "-30:30:5, '-30,-25,-15,-10,0,5,15,20,30'",
    "10:20:1, '10,11,12,13,15,16,17,18,20'"
  })
  void aFewTellingAnglesAreShown(String angles, String shown) {
    assertThat(experiment(angles).shown()).isEqualTo(Angles.parse(shown));
  }

  @Test
  void runsThatQuarterTurnsDoNotDisturbAreNamed() {
    RotationExperiment experiment = experiment("0:315:45");
    Map<RunLook, List<SweepRow>> rows = new LinkedHashMap<>();
    rows.put(new RunLook("level", 0), rows(0, 45, 90, 135, 180, 225, 270, 315));
    rows.put(new RunLook("tilted", 1), rows(0, 45, 90, 135, 181, 225, 270, 315));
    rows.put(new RunLook("half", 2), rows(0, 90, 180));
    SweepFindings found =
        new SweepFindings(experiment, Datasets.info("MNIST"), 17, "7", new TreeMap<>(), rows);

    assertThat(experiment.caption(found))
        .startsWith("Accuracy and mean loss on the first 17 images of the test set, ")
        .endsWith(
            " With the same loss to four digits at all multiples of 90\u00b0, as runs have that know"
                + " quarter turns: level.");
    rows.keySet().removeIf(look -> look.label().equals("level"));
    assertThat(experiment.caption(found)).endsWith("which way the images point.");
  }

  @Test
  void anglesAndImagesAreOneOrMore() {
    assertThatThrownBy(() -> new ReportRequest.Rotation(List.of(), 1, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected one or more angles, found none");
    assertThatThrownBy(() -> new ReportRequest.Rotation(List.of(0.0), 0, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit_rotated is 0, must be at least 1");
  }

  private static RotationExperiment experiment(String angles) {
    return new RotationExperiment(
        new ReportRequest.Rotation(Angles.parse(angles), 17, false),
        TinyRuns.options(EvalListener.silent()));
  }

  /** A loss of 1 at multiples of 90 degrees, of 2 elsewhere; 181 stands for another at 180. */
  private static List<SweepRow> rows(int... angles) {
    return IntStream.of(angles)
        .mapToObj(
            angle ->
                angle == 181
                    ? new SweepRow("r", 180, 0.5, 0.5, 1.0002, 0.5)
                    : new SweepRow("r", angle, 0.5, 0.5, angle % 90 == 0 ? 1.00001 : 2, 0.5))
        .toList();
  }
}
