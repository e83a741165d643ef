package org.imageperformer.tools.commands;

import static org.imageperformer.training.TrainingOptions.SEED;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.imageperformer.options.Affects;
import org.imageperformer.tools.authors.ImportRequest;
import org.imageperformer.tools.authors.PublishedProgram;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.cli.CommandFailure;
import org.imageperformer.tools.cli.Processor;
import org.imageperformer.tools.cli.ProductVersion;
import org.imageperformer.tools.cli.TrainingArguments;
import org.imageperformer.tools.natives.StartMessages;
import org.imageperformer.training.Device;
import org.imageperformer.training.RunImport;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.engine.CheckpointWeights;
import org.imageperformer.training.engine.ModelExport;
import org.tensorflow.proto.ConfigProto;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns what a published program trained into a run of ours. */
@Command(
    name = "import",
    modelTransformer = ImportCommand.Arguments.class,
    description = {
      "Turns what a published program trained into a run of ours, which can be tested, exported and"
          + " trained further.",
      "SOURCE is a Performer's run (a folder with hparams.yaml and checkpoints/*.ckpt, or a .ckpt"
          + " with its hyperparameters inside) or a GSA-Net's file of weights (.pt).",
      "Options count for what the program did not save; those of a GSA-Net's data set are the"
          + " defaults."
    })
final class ImportCommand extends BaseCommand implements Callable<Integer> {
  /** Adds all options of a training but the run's place, which --output says. */
  static final class Arguments implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      TrainingArguments.add(command, row -> row.affects() != Affects.NAME);
      return command;
    }
  }

  @Parameters(paramLabel = "SOURCE", description = "The folder or file to read.")
  private Path source;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "RUN_DIR",
      description = "The run directory to make; must not exist.")
  private Path output;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description =
          "Of a run, the checkpoint to read (default: that of the highest epoch and step).")
  private Path checkpoint;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "Of a file of weights, where its name does not say it.")
  private String model;

  @Option(
      names = "--dataset",
      paramLabel = "DATASET",
      description = "Of a file of weights, where its name does not say it.")
  private String dataset;

  @Override
  public Integer call() throws IOException {
    if (Files.exists(output)) {
      throw new CommandFailure(output + " exists already: choose another --output");
    }
    PublishedProgram.Trained trained =
        PublishedProgram.of(source)
            .read(
                source,
                new ImportRequest(
                    output,
                    Optional.ofNullable(model),
                    Optional.ofNullable(dataset),
                    Optional.ofNullable(checkpoint),
                    TrainingArguments.texts(this),
                    builder -> TrainingArguments.apply(this, builder)));
    trained.remarks().forEach(err()::println);
    write(trained);
    TrainingConfig config = trained.config();
    out()
        .println(
            config.model()
                + " on "
                + config.dataset().name()
                + ", "
                + config.outline().weights().parameters()
                + " parameters, from "
                + trained.file()
                + " ("
                + trained.why()
                + ")");
    out().println("run directory: " + output);
    err()
        .println(
            "note: which images the authors' program validated on cannot be known; test takes a"
                + " split of its own, by the seed "
                + config.get(SEED));
    return ExitCode.OK;
  }

  private void write(PublishedProgram.Trained trained) throws IOException {
    TrainingConfig config = trained.config();
    Path parent = output.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    StartMessages.keepOff(false, ConfigProto.getDefaultInstance());
    RunImport importer =
        new RunImport(
            new ModelExport(ProductVersion.product()), Processor.provenance(config, Device.CPU));
    importer.write(
        config,
        config.outline().weights().parameters(),
        directory ->
            CheckpointWeights.write(
                config.spec(),
                trained.values(),
                config.updateRule(),
                config.updateParameters(),
                directory),
        Map.of("imported_from", trained.file().toString()),
        output);
  }
}
