package org.imageperformer.tools.report;

import java.util.List;

/**
 * All that the report shows.
 *
 * @param request what was asked for
 * @param runs those that could be evaluated, in the order asked for
 * @param sweeps what the experiments found on each data set, those of an experiment together
 * @param problems what could not be shown
 * @param notes what is left out, and why; which runs were trained on other data than was read
 */
record Findings(
    ReportRequest request,
    List<RunFindings> runs,
    List<SweepFindings> sweeps,
    List<Problem> problems,
    List<String> notes) {}
