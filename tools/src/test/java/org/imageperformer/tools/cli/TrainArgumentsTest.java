package org.imageperformer.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.options.Option;
import org.imageperformer.tfmodels.gsa.Group;
import org.imageperformer.tfmodels.gsa.GsaOptions;
import org.imageperformer.tfmodels.models.ModelFamilies;
import org.imageperformer.tools.Cli;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.TrainingOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** How the arguments of a training are read, before anything is computed. */
class TrainArgumentsTest {
  private static final String HINT = "./performer train --help shows the usage.\n";

  @TempDir Path folder;

  @Test
  void everyOptionOfATrainingIsThereInItsOrder() {
    List<String> names = TrainingArguments.all().stream().<String>map(Option::name).toList();
    for (String model : ModelFamilies.models()) {
      assertThat(names).containsSubsequence(names(model));
    }
  }

  /** The options of a model that users know. */
  private static List<String> names(String model) {
    return TrainingConfig.options(ModelFamilies.of(model), model).rows().stream()
        .filter(row -> !row.isHidden())
        .<String>map(Option::name)
        .toList();
  }

  static List<String> models() {
    return ModelFamilies.models();
  }

  @Test
  void helpNamesEveryOptionWithItsDefault() {
    String help = Cli.run("train", "--help").out();

    for (Option<?> row : TrainingArguments.all()) {
      assertThat(help).contains("--" + row.name());
      if (!row.isFlag()) {
        assertThat(help).contains("Default: " + row.standardText());
      }
    }
    assertThat(help)
        .startsWith(
"""
Usage: ./performer train MODEL DATASET [OPTIONS]
       ./performer train --resume RUN_DIR [OPTIONS]
""");
  }

  @ParameterizedTest
  @MethodSource("models")
  void helpBesideAModelListsItsOptionsOnly(String model) {
    Cli result = Cli.run("train", model, "MNIST", "--help");

    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("Options of " + model + ":");
    for (Option<?> row : TrainingArguments.all()) {
      assertThat(
              result.out().contains("--" + row.name() + "=")
                  || result.out().contains("--" + row.name() + " "))
          .as(row.name())
          .isEqualTo(names(model).contains(row.name()) || Datasets.options().has(row));
    }
    assertThat(Cli.run("train", model, "--help")).isEqualTo(result);
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    assertThat(
            Cli.run(
                ("train Performer MNIST --heads 3 --attn-dropout 1 --pos_scales 3 --schedule naom"
                        + " --dim a --batch_size 99999999999 --max_time soon --log_path "
                        + folder.resolve("runs"))
                    .split(" ")))
        .isEqualTo(
            new Cli(
                2,
                "",
                "error: batch_size is 99999999999, too large a number; schedule is naom, must be"
                    + " one of constant, linear_warmup_cosine, multistep, noam (noam?); dim is a, must"
                    + " be a whole number; max_time:"
                    + " 'soon' is no time: expected something like 90s, 30m, 1h30m or 2d, above 0;"
                    + " pos_scales is an option of RelativePerformer, not of Performer; heads 3"
                    + " does not divide dim 128; attn_dropout is 1.0, must be in [0, 1)\n"
                    + HINT));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void unknownModelsAndDataSetsAreNamedWithTheNearest() {
    assertThat(Cli.run("train", "Preformer", "MNISTSampel"))
        .isEqualTo(
            new Cli(
                2,
                "",
                "error: unknown MODEL Preformer, did you mean Performer? Known are Performer,"
                    + " NoposPerformer, RelativePerformer, ClippedRelativePerformer,"
                    + " EquivariantPerformer, GroupSelfAttention, Z2CNN, AlexNet,"
                    + " ResNet18, VGG16; unknown"
                    + " DATASET MNISTSampel, did you mean MNISTSample? Known are MNIST,"
                    + " FashionMNIST, CIFAR10, MNISTSample, FashionMNISTSample,"
                    + " PCam, RotMNIST, RotMNISTMade, RotMNISTSample, folder\n"
                    + HINT));
  }

  @Test
  void aMissingModelIsSaid() {
    assertThat(Cli.run("train"))
        .isEqualTo(
            new Cli(
                2,
                "",
                "error: MODEL is missing. Known are Performer, NoposPerformer, RelativePerformer,"
                    + " ClippedRelativePerformer, EquivariantPerformer, GroupSelfAttention,"
                    + " Z2CNN, AlexNet, ResNet18, VGG16; DATASET is missing. Known are MNIST,"
                    + " FashionMNIST, CIFAR10, MNISTSample, FashionMNISTSample,"
                    + " PCam, RotMNIST, RotMNISTMade, RotMNISTSample, folder\n"
                    + HINT));
  }

  /** Any command about a model, up to what it makes of its arguments. */
  @Command(name = "any")
  static final class AnyCommand extends ModelCommand {
    static TrainingConfig config(String line) {
      AnyCommand command = new AnyCommand();
      CommandLine parser = new CommandLine(command);
      parser.parseArgs(new Spellings(parser.getCommandSpec()).ours(line.split(" ")));
      return command.config();
    }
  }

  @Test
  void thePublishedProgramOfGsaNetsIsUnderstood() {
    TrainingConfig config =
        AnyCommand.config(
            "--config.dataset cifar10 --config.model p4sa --config.attention_type Local"
                + " --config.patch_size 5 --config.norm_type LayerNorm"
                + " --config.activation_function=Swish --config.dropout_att 0.1"
                + " --config.dropout_values 0.1 --config.whitening_scale 1.41421356"
                + " --config.optimizer SGD --config.lr=0.02 --config.optimizer_momentum 0.9"
                + " --config.weight_decay 0.0001 --config.scheduler multistep"
                + " --config.sched_decay_steps (150,300) --config.sched_decay_factor 5"
                + " --config.batch_size 8 --config.epochs 320 --config.seed 0"
                + " --config.device cuda");

    assertThat(config)
        .isEqualTo(
            AnyCommand.config(
                "GroupSelfAttention CIFAR10 --group p4 --attention_type Local --patch_size 5"
                    + " --norm_type LayerNorm --activation_function Swish --dropout_att 0.1"
                    + " --dropout_values 0.1 --whitening_scale 1.41421356 --optimizer sgd"
                    + " --learning_rate 0.02 --optimizer_momentum 0.9 --weight_decay 0.0001"
                    + " --schedule multistep --sched_decay_steps 150,300 --sched_decay_factor 5"
                    + " --batch_size 8 --max_epochs 320 --seed 0 --device gpu"));
    assertThat(AnyCommand.config("p8msa --dataset mnist --image_size 28").get(GsaOptions.GROUP))
        .isEqualTo(Group.P8M);
    assertThat(AnyCommand.config("--model z2cnn MNIST --config.scheduler constants"))
        .satisfies(cnn -> assertThat(cnn.model()).isEqualTo("Z2CNN"))
        .satisfies(cnn -> assertThat(cnn.get(TrainingOptions.SCHEDULE)).isEqualTo("constant"));
  }

  @Test
  void aModelsOtherNameLeavesNoRoomForAnotherGroup() {
    assertThat(AnyCommand.config("p4sa MNIST --group P4").get(GsaOptions.GROUP))
        .isEqualTo(Group.P4);
    assertThat(Cli.run("train", "p4sa", "MNIST", "--group", "p8").err())
        .isEqualTo("error: group is p8, but the model's name says p4: drop one\n" + HINT);
    assertThat(Cli.run("train", "--model", "p4sa", "CIFAR10", "MNIST").err())
        .isEqualTo("error: unexpected argument MNIST\n" + HINT);
  }

  @Test
  void optionsOfThePublishedProgramAloneLeadToOurs() {
    assertThat(Cli.run("train", "p4sa", "MNIST", "--config.comment", "x").err())
        .isEqualTo(
            "error: unknown option --comment: name the run with --exp_name and --version.\n"
                + HINT);
    assertThat(Cli.run("train", "p4sa", "MNIST", "--config.pretrained=True").err())
        .isEqualTo(
            "error: unknown option --pretrained: test tests a run, import makes one of a published"
                + " model.\n"
                + HINT);
    assertThat(Cli.run("train", "--config.model", "p4sa", "--help").out())
        .contains("Options of GroupSelfAttention:")
        .doesNotContain("--model", "--lr");
  }

  @Test
  void anUnknownOptionSuggestsTheNearest() {
    assertThat(Cli.run("train", "Performer", "MNIST", "--batchsize", "3").err())
        .isEqualTo("error: unknown option --batchsize. Did you mean --batch_size?\n" + HINT);
  }

  @Test
  void lookupNeedsDimDivisibleByTheChannels() {
    assertThat(Cli.run("train", "NoposPerformer", "CIFAR10", "--embedding_type", "lookup").err())
        .isEqualTo(
            "error: embedding_type lookup needs dim divisible by the channels: dim is 128, channels"
                + " are 3\n"
                + HINT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--log_path", "--exp_name", "--version"})
  void aRunThatGoesOnKeepsItsFolder(String option) {
    assertThat(Cli.run("train", "--resume", folder.toString(), option, "x"))
        .isEqualTo(
            new Cli(
                2,
                "",
                "error: --resume goes on in the run's own folder: leave out "
                    + option
                    + "\n"
                    + HINT));
  }

  @Test
  void aRunThatGoesOnKeepsItsModel() {
    assertThat(Cli.run("train", "--resume", folder.toString(), "Performer"))
        .isEqualTo(
            new Cli(
                2,
                "",
                "error: --resume goes on with the run's own model and data set: leave out MODEL and"
                    + " DATASET\n"
                    + HINT));
  }

  @Test
  void whatIsNoRunCannotGoOn() {
    assertThat(Cli.run("train", "--resume", folder.toString()))
        .isEqualTo(
            new Cli(1, "", "error: " + folder + " is no run directory: it has no hparams.json\n"));
  }

  @Test
  void choicesAreThoseOfTheCompletion() {
    assertThat(
            TrainingArguments.all().stream()
                .filter(row -> row.name().equals("embedding_type"))
                .map(Option::choices))
        .containsExactly(List.of("linear", "MLP", "lookup"));
    assertThat(Arrays.asList(Cli.run("completion").out().split("\\s+")))
        .contains("'--clipping_dist'");
  }
}
