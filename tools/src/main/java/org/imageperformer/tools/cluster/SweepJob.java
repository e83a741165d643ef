package org.imageperformer.tools.cluster;

import java.nio.file.Path;
import java.util.List;

/**
 * Trainings to be done.
 *
 * @param folder of all runs, which all machines find under this name; there already
 * @param runs those that are not finished
 * @param threads of each
 */
public record SweepJob(Path folder, List<SweepPlan.Run> runs, int threads) {

  /** Copies the runs. */
  public SweepJob {
    runs = List.copyOf(runs);
  }

  /** Returns the file with what the process of a run says. */
  public static Path log(Path folder, String run) {
    return folder.resolve("logs").resolve(run + ".log");
  }
}
