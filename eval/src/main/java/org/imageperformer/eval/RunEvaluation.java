package org.imageperformer.eval;

import java.nio.file.Path;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.savedmodels.Results;
import org.imageperformer.savedmodels.SavedModel;

/**
 * Validation and test loss and accuracy of a run, from its hparams.json and SavedModel alone
 * (cli.md, {@code test}). The validation images are those of its training: the same split of the
 * training set ({@code val_split}, {@code seed}), of which the first {@code limit_val} count.
 */
public final class RunEvaluation {

  private final EvalOptions options;
  private final DataCache data;

  /**
   * An evaluation that keeps the data set last used, for runs that share it.
   *
   * @param options how
   */
  public RunEvaluation(EvalOptions options) {
    this.options = options;
    this.data = new DataCache(options.datasets());
  }

  /**
   * Evaluates a run.
   *
   * @param run its folder
   * @return losses and accuracies
   * @throws EvalException when run and data do not fit together
   * @throws org.imageperformer.savedmodels.RunException when the folder is no run, or its
   *     hyperparameters or SavedModel are missing or damaged
   * @throws org.imageperformer.datasets.DatasetException when the data set cannot be had
   */
  public RunResult evaluate(Path run) {
    return evaluate(RunData.read(run, options.dataPath()));
  }

  RunResult evaluate(RunData run) {
    Path path = run.run().path();
    long parameters = run.hparams().longInteger(Results.N_PARAMETERS);
    SavedModel model = run.loadModel(options.load()); // whose errors name the run
    try (model) {
      Dataset dataset = data.get(run.key());
      run.difference(dataset).ifPresent(text -> options.listener().warned(path, text));
      Evaluator evaluator = new Evaluator(model);
      Evaluation validation = evaluate(evaluator, path, "validation", run.validation(dataset));
      Evaluation test = evaluate(evaluator, path, "test", run.test(dataset));
      return new RunResult(
          path,
          run.evaluatedOn(dataset),
          new Results(
              validation.loss(), validation.accuracy(), test.loss(), test.accuracy(), parameters));
    } catch (IllegalArgumentException | EvalException e) {
      throw new EvalException(path + ": " + e.getMessage(), e);
    }
  }

  private Evaluation evaluate(Evaluator evaluator, Path run, String part, ImageSet images) {
    return evaluator.evaluate(
        images, done -> options.listener().progress(run, part, done, images.size()));
  }
}
