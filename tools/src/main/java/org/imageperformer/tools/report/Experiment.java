package org.imageperformer.tools.report;

import java.util.List;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.eval.Sweep;

/**
 * A sweep over changes of test images, as the report shows what it finds: in curves over all runs,
 * and by what each run takes the first of the images for.
 */
interface Experiment {
  /** What is done. */
  Sweep sweep();

  /** Whether the images of a data set can be changed in this way. */
  boolean suits(DatasetInfo dataset);

  /** The changes at which the first image is shown, ascending. */
  List<Double> shown();

  /** The heading, to which "of" a data set is added. */
  String title();

  /** What happens to an image, as in "moved". */
  String participle();

  /** How much an image is changed, with its unit where it has one. */
  String numeral(double change);

  /** Why there are no curves for a data set that would suit. */
  String nothingChosen(DatasetInfo dataset);

  /** What the curves are, to stand below them. */
  String caption(SweepFindings found);
}
