package org.imageperformer.tools.authors;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.imageperformer.datasets.DatasetName;
import org.imageperformer.tfmodels.models.ModelConfig;
import org.imageperformer.tfmodels.models.ModelKind;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.schedule.ScheduleKind;

/**
 * The training that a run of the authors' program describes. Hparams of older runs lack keys: the
 * authors' defaults apply, which are ours.
 */
public final class AuthorsTraining {

  /** Of all published runs. */
  private static final int IMAGE_SIZE = 32;

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
  public static TrainingConfig config(
      AuthorsRun run, Path target, UnaryOperator<TrainingConfig.Builder> more) {
    Map<String, Object> hparams = new HashMap<>(run.hparams());
    if (contentSwitchWasLost(run)) {
      hparams.put(CONTENT_REL_ATTN, false);
    }
    TrainingConfig.Builder builder;
    try {
      // The size of the images decides about none of the hyperparameters.
      builder = builder(hparams, AuthorsModel.config(hparams, IMAGE_SIZE), target);
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
  public static boolean contentSwitchWasLost(AuthorsRun run) {
    return Boolean.TRUE.equals(run.hparams().get(CONTENT_REL_ATTN))
        && run.tensors().keySet().stream().noneMatch(name -> name.endsWith(CONTENT_ROTATION));
  }

  private static TrainingConfig.Builder builder(
      Map<String, Object> hparams, ModelConfig model, Path target) {
    HparamsReader reader = new HparamsReader(hparams);
    DatasetName dataset = reader.parsed("dataset", DatasetName::of, null);
    reader.check();
    checkFits(model, dataset);
    TrainingConfig.Builder builder = TrainingConfig.builder(model.kind(), dataset);
    TrainingConfig defaults = builder.build();
    Path folder = target.toAbsolutePath().normalize();
    Optional<Path> parent = Optional.ofNullable(folder.getParent());
    builder
        .version(folder.getFileName().toString())
        .batchSize(reader.integer("batch_size", defaults.batchSize()))
        .embeddingType(model.embeddingType())
        .learningRate(reader.number("learning_rate", defaults.learningRate()))
        .warmup(reader.integer("warmup", 0))
        .schedule(reader.parsed("schedule", ScheduleKind::of, defaults.schedule()))
        .dim(model.dim())
        .depth(model.depth())
        .heads(model.heads())
        .attnDropout(model.attnDropout())
        .ffDropout(model.ffDropout())
        .featureRedrawInterval(
            reader.integer("feature_redraw_interval", defaults.featureRedrawInterval()))
        .noProjection(model.noProjection())
        .keyStabilizer(model.keyStabilizer())
        .imageSize(IMAGE_SIZE)
        .seed(reader.longInteger("seed", defaults.seed()));
    parent.map(Path::getFileName).ifPresent(name -> builder.expName(name.toString()));
    parent.map(Path::getParent).ifPresent(builder::logPath);
    if (model.kind() == ModelKind.RELATIVE_PERFORMER) {
      builder.posScales(model.posScales()).contentRelAttn(model.contentRelAttn());
    }
    if (model.kind() == ModelKind.CLIPPED_RELATIVE_PERFORMER) {
      builder.clippingDist(model.clippingDist()).classTokenPosition(model.classTokenPosition());
    }
    reader.check();
    return builder;
  }

  private static void checkFits(ModelConfig model, DatasetName dataset) {
    List<String> problems = new ArrayList<>();
    if (model.channels() != dataset.channels()) {
      problems.add(
          "in_features is " + model.channels() + ", but " + dataset + " has " + dataset.channels());
    }
    int classes = dataset.classNames().size();
    if (model.numClasses() != classes) {
      problems.add("num_classes is " + model.numClasses() + ", but " + dataset + " has " + classes);
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException("hparams.yaml: " + String.join("; ", problems));
    }
  }
}
