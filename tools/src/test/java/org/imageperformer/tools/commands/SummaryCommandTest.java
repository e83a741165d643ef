package org.imageperformer.tools.commands;

import static org.assertj.core.api.Assertions.assertThat;

import org.imageperformer.tools.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SummaryCommandTest {
  /** The table of models.md section 7. */
  @ParameterizedTest
  @CsvSource({
    "Performer, '794,794', --dim 128",
    "NoposPerformer, '794,762', --dim 128",
    "RelativePerformer, '795,022', --pos_scales 4",
    "ClippedRelativePerformer, '762,890', --clipping_dist 8",
    "Performer, '4,741,962', --dim 256 --depth 6 --heads 8",
    "NoposPerformer, '4,741,898', --dim 256 --depth 6 --heads 8",
    "RelativePerformer, '4,742,670', --dim 256 --depth 6 --heads 8",
    "ClippedRelativePerformer, '4,545,482', --dim 256 --depth 6 --heads 8 --clipping_dist 4",
  })
  void countsTheParameters(String model, String parameters, String options) {
    Cli result = Cli.run(("summary " + model + " MNIST " + options).split(" "));

    assertThat(result.status()).isZero();
    assertThat(result.out()).containsPattern("\ntotal +" + parameters + " ");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void showsEveryPart() {
    assertThat(Cli.run("summary", "Performer", "MNIST", "--depth", "2"))
        .isEqualTo(
            new Cli(
                0,
"""
Performer on MNIST
part                  parameters  MFLOP per image
embedding                    256            0.262
positions                     32
class_query                  128
block 0 attention         66,304          249.805
block 0 feed-forward     131,968          268.698
block 1 attention         66,304          125.024
block 1 feed-forward     131,968            0.262
output                     1,290            0.003
total                    398,250          644.054
and 7,040 numbers in random projections, not trained
work per image: 0.64 GFLOP forward, 1.93 GFLOP in training
""",
                ""));
  }

  @Test
  void optionsAreCheckedAsForATraining() {
    assertThat(Cli.run("summary", "Performer", "CIFAR10", "--heads", "7", "--clipping-dist", "3"))
        .isEqualTo(
            new Cli(
                2,
                "",
"""
error: clipping_dist is an option of ClippedRelativePerformer, not of Performer; heads 7 does not \
divide dim 128
./performer summary --help shows the usage.
"""));
  }
}
