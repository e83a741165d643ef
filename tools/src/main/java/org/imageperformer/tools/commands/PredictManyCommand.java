package org.imageperformer.tools.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.imageperformer.datasets.pictures.Fit;
import org.imageperformer.datasets.pictures.Invert;
import org.imageperformer.eval.OutputFile;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.OneLine;
import org.imageperformer.savedmodels.SavedModel;
import org.imageperformer.tools.cli.CommandFailure;
import org.imageperformer.tools.cli.PictureArguments;
import org.imageperformer.tools.cluster.ClusterEngine;
import org.imageperformer.tools.cluster.ClusterWatch;
import org.imageperformer.tools.cluster.OutputFolder;
import org.imageperformer.tools.cluster.PredictionInputs;
import org.imageperformer.tools.cluster.PredictionJob;
import org.imageperformer.tools.cluster.PredictionSummary;
import org.imageperformer.tools.cluster.SparkSettings;
import org.imageperformer.tools.natives.StartMessages;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Classifies many pictures. */
@Command(
    name = "predict-many",
    description = {
      "Classifies any number of pictures by Apache Spark, on this machine or a cluster, into a table.",
      "Predictions are those of predict, on the processor. Pictures that cannot be read have a row"
          + " with the reason in the column error, and the others go on.",
      "The first use downloads Spark (about 290 MB)."
    },
    footer = {
      "",
      "Examples:",
      "  ${COMMAND-FULL-NAME} pretrained/performer-mnist --input digits/ --output digits.parquet",
      "  ${COMMAND-FULL-NAME} pretrained/performer-mnist --input images.parquet \\",
      "    --output /shared/predictions.parquet --spark spark://host:7077"
    })
final class PredictManyCommand extends ClusterCommand {
  @Parameters(
      index = "0",
      paramLabel = "RUN_DIR",
      description = "The run, or the folder of its SavedModel.")
  private Path run;

  @Option(
      names = "--input",
      required = true,
      arity = "1..*",
      paramLabel = "DIR|FILE|GLOB|x.parquet",
      description =
          "Pictures, folders with pictures, patterns such as 'x/*.png'; or one Parquet table with a"
              + " column of encoded pictures.")
  private List<String> input;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "y.parquet|y.csv",
      description = "The folder to write, a file for each part of the work, as Spark does.")
  private String output;

  @Option(names = "--overwrite", description = "Replace an output that is there.")
  private boolean overwrite;

  @Option(
      names = "--probabilities",
      description =
          "Write the probabilities of all classes: a list in Parquet, a column for each label in CSV.")
  private boolean probabilities;

  @Option(
      names = "--id_column",
      paramLabel = "NAME",
      defaultValue = "id",
      description = "The column of a Parquet table that names a picture.")
  private String idColumn;

  @Option(
      names = "--image_column",
      paramLabel = "NAME",
      defaultValue = "image",
      description =
          "The column of a Parquet table with the bytes of picture files; a dot leads into a"
              + " structure, image.bytes.")
  private String imageColumn;

  @Mixin private PictureArguments pictures = new PictureArguments();

  private PredictionJob job;

  /** Empty for an output elsewhere, on Hadoop's file systems. */
  private Optional<OutputFolder> folder = Optional.empty();

  @Override
  void check() {
    String name = output.replaceFirst("/+$", "");
    PredictionJob.Format format;
    if (name.endsWith(".parquet")) {
      format = PredictionJob.Format.PARQUET;
    } else if (name.endsWith(".csv")) {
      format = PredictionJob.Format.CSV;
    } else {
      throw wrongUsage("output is " + output + ", must end in .parquet or .csv");
    }
    try {
      Invert invert = pictures.invert(this);
      Optional<Fit> fit = pictures.fit(this);
      if (!PredictionInputs.isAddress(name)) {
        OutputFolder place = new OutputFolder(Path.of(name));
        checkOutput(Path.of(name), place);
        folder = Optional.of(place);
      }
      if (!SavedModel.isPresent(run)) {
        throw new CommandFailure(
            "there is no SavedModel in "
                + run
                + ": write it by export RUN_DIR, or name another run");
      }
      job =
          new PredictionJob(
              run,
              PredictionInputs.parse(input, idColumn, imageColumn),
              name,
              format,
              overwrite,
              probabilities,
              invert,
              fit);
    } catch (InvalidPathException e) {
      throw wrongUsage("output: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw wrongUsage(e.getMessage());
    }
  }

  /** Nothing is replaced unless it is wanted, and then only what looks like an output of Spark. */
  private void checkOutput(Path folder, OutputFolder place) {
    OutputFile.refuseARuns(folder);
    if (!place.wasThere()) {
      return;
    }
    if (!overwrite) {
      throw new CommandFailure(
          "cannot write "
              + folder
              + ": it is there already; choose another --output, or replace it"
              + " by --overwrite");
    }
    if (!Files.isDirectory(folder)) {
      throw new CommandFailure(
          "cannot write " + folder + ": a file is there, and no table of Spark's");
    }
    try {
      Optional<Path> foreign = place.foreign();
      if (foreign.isPresent()) {
        throw new CommandFailure(
            "cannot replace "
                + folder
                + ": it is no table of Spark's, as there is "
                + foreign.get());
      }
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + folder + ": " + OneLine.reason(e, folder), e);
    }
  }

  @Override
  int work(SparkSettings settings, ClusterWatch watch) {
    if (settings.inThisProcess()) {
      StartMessages.keepOff(true, LoadOptions.cpu(1).configuration());
    }
    PredictionSummary done = predict(ClusterEngine.find(), settings, watch);
    watch.note(
        String.format(
            Locale.ROOT,
            "%d pictures in %.1f s, %.1f images/s",
            done.pictures(),
            done.seconds(),
            done.pictures() / done.seconds()));
    if (done.broken() > 0) {
      watch.note(
          "error: %d of %d pictures could not be read, see the column error"
              .formatted(done.broken(), done.pictures()));
    }
    out().println("predictions: " + output);
    return done.broken() > 0 ? ExitCode.SOFTWARE : ExitCode.OK;
  }

  /** Ctrl-C and failures leave nothing in the output's place. */
  private PredictionSummary predict(
      ClusterEngine engine, SparkSettings settings, ClusterWatch watch) {
    try {
      return engine.predict(job, settings, watch);
    } catch (CommandFailure | CancellationException e) {
      try {
        if (folder.isPresent()) {
          folder.get().removeUnfinished();
        }
      } catch (IOException left) {
        watch.note("warning: " + output + " cannot be removed: " + OneLine.reason(left));
      }
      throw e;
    }
  }

  @Override
  String unit() {
    return "pictures";
  }

  @Override
  String interrupted() {
    return folder.filter(OutputFolder::isFinished).isPresent()
        ? output + " was complete by then"
        : "nothing was written to " + output;
  }
}
