package org.imageperformer.tools.authors;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.training.TrainingConfig;

/** The Performers' program, whose runs are folders with {@code hparams.yaml} and checkpoints. */
final class PerformerProgram implements PublishedProgram {

  @Override
  public Trained read(Path source, ImportRequest request) {
    return read(source, request, ReadLimits.standard());
  }

  Trained read(Path source, ImportRequest request, ReadLimits limits) {
    AuthorsRun run = AuthorsRun.read(source, request.checkpoint(), limits);
    if (request.model().isPresent() || request.dataset().isPresent()) {
      throw new AuthorsRunException(
          source
              + ": its hyperparameters name model and data set: leave out --model and --dataset, which"
              + " are for files of weights");
    }
    TrainingConfig config = AuthorsTraining.config(run, request.target(), request.options());
    return new Trained(
        config,
        values(run, config.outline().weights()),
        run.checkpoint(),
        run.checkpointRule().toString(),
        AuthorsTraining.contentSwitchWasLost(run)
            ? List.of(
                "warning: this run asks for content_rel_attn, but its model is one without it: the"
                    + " switch had no effect in the authors' program; imported without it")
            : List.of());
  }

  private static Map<String, float[]> values(AuthorsRun run, Weights weights) {
    try {
      return WeightMapping.map(new PerformerNames(weights), weights, run.tensors());
    } catch (IllegalArgumentException e) {
      throw new AuthorsRunException(
          run.checkpoint()
              + ": the checkpoint does not fit the model of its hyperparameters: "
              + e.getMessage(),
          e);
    }
  }
}
