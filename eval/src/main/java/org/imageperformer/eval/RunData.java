package org.imageperformer.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.Partition;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.RunDirectory;
import org.imageperformer.savedmodels.SavedModel;

/**
 * What a run was trained on, by its hparams.json.
 *
 * @param run the run
 * @param hparams its hyperparameters
 * @param key its data set
 */
public record RunData(RunDirectory run, HParams hparams, Key key) {

  /** What defined a model for the version that did not write it down; new options do not join. */
  private static final List<String> DEFINING_OPTIONS_OF_0_1_0 =
      List.of(
          "model",
          "dataset",
          "seed",
          "image_size",
          "embedding_type",
          "dim",
          "depth",
          "heads",
          "no_projection",
          "key_stabilizer",
          "pos_scales",
          "content_rel_attn",
          "clipping_dist",
          "class_token_position");

  private static final String DATA_PATH = "data_path";
  private static final String DATA_PREFIX = "data/";

  /** The default of cli.md for runs that do not say. */
  private static final int IMAGE_SIZE = 32;

  /**
   * What has to be loaded for a run; equal for runs that share it.
   *
   * @param dataset which one
   * @param dataPath the user's data folder
   * @param imageSize rows and columns
   */
  public record Key(DatasetInfo dataset, Path dataPath, int imageSize) {}

  /**
   * Reads the hyperparameters of a run.
   *
   * @param path its folder
   * @param dataPath the user's data folder; empty for the one the run was trained with
   * @return what it was trained on
   * @throws org.imageperformer.savedmodels.RunException when the folder is no run, or its
   *     hyperparameters are damaged
   * @throws EvalException when its data set is not known
   */
  public static RunData read(Path path, Optional<Path> dataPath) {
    RunDirectory run = RunDirectory.open(path);
    HParams hparams = HParams.read(run.hparams());
    Path folder = dataPath.orElseGet(() -> Path.of(hparams.findString(DATA_PATH).orElse("data")));
    DatasetInfo dataset;
    try {
      dataset = Datasets.info(hparams.string("dataset"), folder, hparams.values());
    } catch (IllegalArgumentException e) {
      throw new EvalException(run.hparams() + ": " + e.getMessage(), e);
    }
    int imageSize = hparams.findInteger("image_size").orElse(IMAGE_SIZE);
    return new RunData(run, hparams, new Key(dataset, folder, imageSize));
  }

  /**
   * Loads the run's SavedModel.
   *
   * @param options how it will be run
   * @return the model, to be closed
   * @throws org.imageperformer.savedmodels.RunException when there is none, or it is damaged
   * @throws EvalException listing the differences, when it is the model of another run
   */
  public SavedModel loadModel(LoadOptions options) {
    SavedModel model = SavedModel.load(run.path(), options);
    Map<String, Object> exported = model.info().hparams().values();
    List<String> differences = new ArrayList<>();
    Set<String> defining = model.info().definingOptions();
    for (String name : defining.isEmpty() ? DEFINING_OPTIONS_OF_0_1_0 : defining) {
      Object expected = hparams.values().get(name);
      Object found = exported.get(name);
      if (expected != null && found != null && !expected.equals(found)) {
        differences.add(
            name + " is " + expected + " in hparams.json, but " + found + " in model.json");
      }
    }
    if (!differences.isEmpty()) {
      model.close();
      throw new EvalException(
          run.savedModel()
              + " is not the model of this run: "
              + String.join("; ", differences)
              + ". Write it again by ./performer export "
              + run);
    }
    return model;
  }

  /**
   * Returns the images that the run's training validated on: the same split, then the same limit.
   *
   * @param dataset that of {@link #key}
   * @throws IllegalArgumentException when it is too small for the run's split
   */
  public ImageSet validation(Dataset dataset) {
    return partition(dataset, hparams.longInteger("seed")).validation(dataset);
  }

  /**
   * Returns the images that the run is tested on, the first {@code limit_test} of the test set.
   *
   * @param dataset that of {@link #key}
   */
  public ImageSet test(Dataset dataset) {
    return partition(dataset, 0).test(dataset); // nothing of it is drawn
  }

  /**
   * Returns the hyperparameters with the data that was read in the place of the training's.
   *
   * @param dataset what was read
   */
  public HParams evaluatedOn(Dataset dataset) {
    Map<String, Object> all = new LinkedHashMap<>(hparams.values());
    all.keySet().removeIf(name -> name.startsWith(DATA_PREFIX));
    if (all.containsKey(DATA_PATH)) {
      all.put(DATA_PATH, key.dataPath().toString());
    }
    dataset.sources().forEach(source -> all.put(DATA_PREFIX + source.name(), source.md5()));
    return HParams.of(all);
  }

  /**
   * Says how data differs from what the run was trained on.
   *
   * @param dataset what was read
   * @return one line that names the run; empty where it is the same, or the run does not say
   */
  public Optional<String> difference(Dataset dataset) {
    Map<String, Object> trained = new TreeMap<>();
    hparams
        .values()
        .forEach(
            (name, value) -> {
              if (name.startsWith(DATA_PREFIX)) {
                trained.put(name.substring(DATA_PREFIX.length()), value);
              }
            });
    Map<String, Object> read = new TreeMap<>();
    dataset.sources().forEach(source -> read.put(source.name(), source.md5()));
    if (trained.isEmpty() || trained.equals(read)) {
      return Optional.empty();
    }
    return Optional.of(
        "%s was trained on other data than is read here: files with MD5 %s, found %s"
            .formatted(run, trained, read));
  }

  private Partition partition(Dataset dataset, long seed) {
    return new Partition(
        seed,
        hparams.findInteger("val_split").orElse(dataset.info().defaultValidation()),
        hparams.findInteger("limit_train").orElse(Partition.ALL),
        hparams.findInteger("limit_val").orElse(Partition.ALL),
        hparams.findInteger("limit_test").orElse(Partition.ALL));
  }
}
