package org.imageperformer.tools.report;

import java.util.List;

/**
 * All that the report shows.
 *
 * @param request what was asked for
 * @param runs those that could be evaluated, in the order asked for
 * @param shifts an experiment for each data set
 * @param problems what could not be shown
 * @param notes what is left out, and why
 */
record Findings(
    ReportRequest request,
    List<RunFindings> runs,
    List<ShiftFindings> shifts,
    List<Problem> problems,
    List<String> notes) {}
