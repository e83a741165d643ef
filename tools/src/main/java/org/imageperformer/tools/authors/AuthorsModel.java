package org.imageperformer.tools.authors;

import static org.imageperformer.tfmodels.performer.PerformerFamily.CLIPPED_RELATIVE_PERFORMER;
import static org.imageperformer.tfmodels.performer.PerformerOptions.KEY_STABILIZER;
import static org.imageperformer.tfmodels.performer.PerformerOptions.NO_PROJECTION;

import java.util.Map;
import org.imageperformer.options.Option;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelFamilies;
import org.imageperformer.tfmodels.models.ModelFamily;
import org.imageperformer.tfmodels.models.ModelSpec;

/**
 * The model that a run of the authors' program describes. Hparams of older runs lack keys: the
 * authors' defaults apply, which are ours.
 */
public final class AuthorsModel {

  private AuthorsModel() {}

  /**
   * The model of such hparams, with the key stabilizer of the authors' program.
   *
   * @param hparams of a run, its hyperparameters
   * @param imageSize height and width that the model was trained at, where the hparams say neither
   * @throws IllegalArgumentException naming every value that is missing, of the wrong type or out
   *     of range
   */
  public static ModelSpec spec(Map<String, Object> hparams, int imageSize) {
    HparamsReader reader = new HparamsReader(hparams);
    ModelFamily family = reader.parsed("model", ModelFamilies::of, null);
    int channels = reader.integer("in_features", 1);
    int classes = reader.integer("num_classes", 10);
    int height = reader.integer("height", imageSize);
    int width = reader.integer("width", imageSize);
    reader.check();
    String model = hparams.get("model").toString();
    Options options = family.options(model).defaults();
    for (Option<?> row : options.set().rows()) {
      options = read(reader, row, options);
    }
    reader.check();
    if (model.equals(CLIPPED_RELATIVE_PERFORMER)) {
      // Theirs has no exact kernel, whatever the file says.
      options = options.with(NO_PROJECTION, false);
    }
    if (options.set().has(KEY_STABILIZER)) {
      options = options.with(KEY_STABILIZER, KeyStabilizer.BATCH);
    }
    return new ModelSpec(family, model, new ImageShape(height, width, channels), classes, options);
  }

  private static <T> Options read(HparamsReader reader, Option<T> row, Options options) {
    return reader.value(row).map(value -> options.with(row, value)).orElse(options);
  }
}
