package org.imageperformer.tools.authors;

import static org.imageperformer.training.TrainingOptions.EXP_NAME;
import static org.imageperformer.training.TrainingOptions.IMAGE_SIZE;
import static org.imageperformer.training.TrainingOptions.LOG_PATH;
import static org.imageperformer.training.TrainingOptions.PLAIN;
import static org.imageperformer.training.TrainingOptions.PRECISION;
import static org.imageperformer.training.TrainingOptions.VERSION;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.options.Affects;
import org.imageperformer.options.Option;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.imageperformer.training.TrainingConfig;

/**
 * The training that a run of the authors' program describes. Hparams of older runs lack keys: the
 * authors' defaults apply, which are ours.
 */
final class AuthorsTraining {

  /** Of all published runs, whose hparams do not say it. */
  private static final int PUBLISHED_SIZE = 32;

  /** What their files call by the names of these is something else. */
  private static final List<Option<?>> OURS = List.of(PRECISION, PLAIN);

  private static final String CONTENT_REL_ATTN = "content_rel_attn";

  /** Only a model with this weight has the second relative attention. */
  private static final String CONTENT_ROTATION = ".content_to_rel_matrix.weight";

  private AuthorsTraining() {}

  /**
   * The training of a run, as a run of ours.
   *
   * @param run what was read
   * @param target the run directory of ours
   * @param more sets what the authors' program did not save
   * @throws AuthorsRunException naming every value that is missing, of the wrong type or out of
   *     range
   */
  static TrainingConfig config(
      AuthorsRun run, Path target, UnaryOperator<TrainingConfig.Builder> more) {
    Map<String, Object> hparams = new HashMap<>(run.hparams());
    if (contentSwitchWasLost(run)) {
      hparams.put(CONTENT_REL_ATTN, false);
    }
    TrainingConfig.Builder builder;
    try {
      builder = builder(hparams, AuthorsModel.spec(hparams, PUBLISHED_SIZE), target);
      builder.build();
    } catch (IllegalArgumentException e) {
      throw new AuthorsRunException(run.directory() + ": " + e.getMessage(), e);
    }
    return more.apply(builder).build();
  }

  /**
   * Whether a run asks for content_rel_attn but its model does not have it: in the authors' program
   * the switch never reached the layers (models.md section 4).
   */
  static boolean contentSwitchWasLost(AuthorsRun run) {
    return Boolean.TRUE.equals(run.hparams().get(CONTENT_REL_ATTN))
        && run.tensors().keySet().stream().noneMatch(name -> name.endsWith(CONTENT_ROTATION));
  }

  private static TrainingConfig.Builder builder(
      Map<String, Object> hparams, ModelSpec model, Path target) {
    HparamsReader reader = new HparamsReader(hparams);
    DatasetInfo dataset = reader.parsed("dataset", Datasets::info, null);
    reader.check();
    checkFits(model, dataset);
    TrainingConfig.Builder builder = TrainingConfig.builder(model.model(), dataset);
    builder.set(IMAGE_SIZE, model.shape().height());
    place(builder, target);
    for (Option<?> row : builder.rows()) {
      if (row.affects() == Affects.TRAINING && !OURS.contains(row)) {
        reader.value(row).ifPresent(value -> set(builder, row, value));
      }
    }
    model.options().set().rows().forEach(row -> set(builder, row, model.options().get(row)));
    reader.check();
    return builder;
  }

  /** Sets the options that say the folder of a run. */
  static void place(TrainingConfig.Builder builder, Path target) {
    Path folder = target.toAbsolutePath().normalize();
    Optional<Path> parent = Optional.ofNullable(folder.getParent());
    builder.set(VERSION, folder.getFileName().toString());
    parent.map(Path::getFileName).ifPresent(name -> builder.set(EXP_NAME, name.toString()));
    parent.map(Path::getParent).ifPresent(path -> builder.set(LOG_PATH, path));
  }

  @SuppressWarnings("unchecked") // A value that was read for the row.
  private static <T> void set(TrainingConfig.Builder builder, Option<T> row, Object value) {
    builder.set(row, (T) value);
  }

  private static void checkFits(ModelSpec model, DatasetInfo dataset) {
    List<String> problems = new ArrayList<>();
    if (model.shape().channels() != dataset.channels()) {
      problems.add(
          "in_features is "
              + model.shape().channels()
              + ", but "
              + dataset
              + " has "
              + dataset.channels());
    }
    int classes = dataset.classNames().size();
    if (model.classes() != classes) {
      problems.add("num_classes is " + model.classes() + ", but " + dataset + " has " + classes);
    }
    int height = model.shape().height();
    int width = model.shape().width();
    if (height != width) {
      problems.add(
          "height is "
              + height
              + " and width is "
              + width
              + ", but a run takes the square images of its data set: its model can be built in"
              + " Java alone");
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException("hyperparameters: " + String.join("; ", problems));
    }
  }
}
