package org.imageperformer.tools.report;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.imageperformer.eval.SweepRow;
import org.imageperformer.tools.plots.RunLook;

/**
 * A shift experiment on one data set.
 *
 * @param dataset its name
 * @param classNames the classes of the images moved
 * @param images how many are moved
 * @param actual the class of the image shown
 * @param pictures that image, by shift
 * @param rows results of each run, from the leftmost shift to the rightmost
 */
record ShiftFindings(
    String dataset,
    List<String> classNames,
    int images,
    String actual,
    SortedMap<Integer, Png> pictures,
    Map<RunLook, List<SweepRow>> rows) {}
