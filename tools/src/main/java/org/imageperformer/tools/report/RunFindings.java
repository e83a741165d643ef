package org.imageperformer.tools.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.imageperformer.eval.RunData;
import org.imageperformer.eval.SweepAxis;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.Results;
import org.imageperformer.tools.plots.RunLook;
import org.imageperformer.tools.plots.TrainingCurves;

/**
 * What the report says about one run.
 *
 * @param look its name and its looks
 * @param data what it was trained on, and how
 * @param hparams its hyperparameters, with the data that was read here in the place of the
 *     training's
 * @param classes names of the classes, by label
 * @param training its curves; empty when it did not leave any
 * @param recorded results.json; empty when there is none
 * @param test on the test images
 * @param opinions what it takes the first image of an experiment for, by how much that is changed;
 *     without the axes of experiments that do not suit its data set or choose none of its images
 */
record RunFindings(
    RunLook look,
    RunData data,
    HParams hparams,
    List<String> classes,
    Optional<TrainingCurves> training,
    Optional<Results> recorded,
    TestFindings test,
    Map<SweepAxis, SortedMap<Double, Opinion>> opinions) {

  /**
   * How the run does on test images.
   *
   * @param images how many
   * @param whole whether these are all that the run is usually tested on
   * @param loss mean cross-entropy, nats
   * @param accuracy 0 to 1
   * @param confusion empty when there are too many classes to be shown
   * @param mistakes those of which the model is surest
   */
  record TestFindings(
      int images,
      boolean whole,
      double loss,
      double accuracy,
      Optional<ConfusionMatrix> confusion,
      List<Mistake> mistakes) {}

  /** The number of trainable parameters, as far as the run says. */
  Optional<Long> parameters() {
    return recorded
        .map(Results::nParameters)
        .or(() -> hparam(Results.N_PARAMETERS).map(value -> value instanceof Long n ? n : null));
  }

  /** The value of a hyperparameter, of whatever type; empty when it is missing or null. */
  Optional<Object> hparam(String name) {
    return Optional.ofNullable(hparams.values().get(name));
  }

  /** The name of a class, or its number where the model has no name for it. */
  String className(int label) {
    return label < classes.size() ? Numerals.shortened(classes.get(label)) : "class " + label;
  }
}
