package org.imageperformer.tools.commands;

import static org.imageperformer.training.TrainingOptions.SEED;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.imageperformer.options.Affects;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.imageperformer.tools.authors.AuthorsRun;
import org.imageperformer.tools.authors.AuthorsTraining;
import org.imageperformer.tools.authors.WeightMapping;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.cli.CommandFailure;
import org.imageperformer.tools.cli.Processor;
import org.imageperformer.tools.cli.ProductVersion;
import org.imageperformer.tools.cli.TrainingArguments;
import org.imageperformer.training.Device;
import org.imageperformer.training.RunImport;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.engine.CheckpointWeights;
import org.imageperformer.training.engine.ModelExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns a run of the authors' program into a run of ours. */
@Command(
    name = "import",
    modelTransformer = ImportCommand.Arguments.class,
    description = {
      "Turns a run of the authors' program (hparams.yaml and checkpoints/*.ckpt) into a run of ours,",
      "which can be tested, exported and trained further."
    })
final class ImportCommand extends BaseCommand implements Callable<Integer> {
  /** Adds what the authors' program did not save, the choice of images; it counts from now on. */
  static final class Arguments implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      TrainingArguments.add(command, row -> row.affects() == Affects.DATA);
      return command;
    }
  }

  @Parameters(paramLabel = "AUTHORS_RUN_DIR", description = "The run to read.")
  private Path authorsRun;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "RUN_DIR",
      description = "The run directory to make; must not exist.")
  private Path output;

  @Override
  public Integer call() throws IOException {
    if (Files.exists(output)) {
      throw new CommandFailure(output + " exists already: choose another --output");
    }
    AuthorsRun run = AuthorsRun.read(authorsRun);
    TrainingConfig config =
        AuthorsTraining.config(run, output, builder -> TrainingArguments.apply(this, builder));
    ModelSpec model = config.spec();
    Weights weights = model.outline().weights();
    Map<String, float[]> values = values(run, weights);
    if (AuthorsTraining.contentSwitchWasLost(run)) {
      err()
          .println(
              "warning: this run asks for content_rel_attn, but its model is one without it: the"
                  + " switch had no effect in the authors' program; imported without it");
    }
    Path parent = output.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    RunImport importer =
        new RunImport(
            new ModelExport(ProductVersion.product()), Processor.provenance(config, Device.CPU));
    importer.write(
        config,
        weights.parameters(),
        directory ->
            CheckpointWeights.write(
                model, values, config.updateRule(), config.updateParameters(), directory),
        Map.of("imported_from", run.checkpoint().toString()),
        output);
    out()
        .println(
            config.model()
                + " on "
                + config.dataset().name()
                + ", "
                + weights.parameters()
                + " parameters, from "
                + run.checkpoint()
                + " ("
                + run.checkpointRule()
                + ")");
    out().println("run directory: " + output);
    err()
        .println(
            "note: which images the authors' program validated on cannot be known; test takes a"
                + " split of its own, by the seed "
                + config.get(SEED));
    return ExitCode.OK;
  }

  private static Map<String, float[]> values(AuthorsRun run, Weights weights) {
    try {
      return WeightMapping.map(weights, run.tensors());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(run.checkpoint() + ": " + e.getMessage(), e);
    }
  }
}
