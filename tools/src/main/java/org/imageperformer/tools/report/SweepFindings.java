package org.imageperformer.tools.report;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.eval.SweepRow;
import org.imageperformer.tools.plots.RunLook;

/**
 * What an experiment found on one data set.
 *
 * @param experiment what was done
 * @param dataset whose images were changed
 * @param images how many
 * @param actual the class of the image shown
 * @param pictures that image, by how much it is changed
 * @param rows results of each run, in the order of the changes
 */
record SweepFindings(
    Experiment experiment,
    DatasetInfo dataset,
    int images,
    String actual,
    SortedMap<Double, Png> pictures,
    Map<RunLook, List<SweepRow>> rows) {}
