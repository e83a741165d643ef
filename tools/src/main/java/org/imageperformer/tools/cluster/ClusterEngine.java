package org.imageperformer.tools.cluster;

import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CancellationException;
import org.imageperformer.tools.cli.CommandFailure;

/**
 * Work that is spread over processes and machines. It is found on the class path, by {@link
 * ServiceLoader}, as its libraries are too large for everybody.
 */
public interface ClusterEngine {

  /**
   * Classifies pictures.
   *
   * @param job what is to be done
   * @param spark where
   * @param watch is told how it goes, and may end it
   * @return what became of it
   * @throws CommandFailure when it cannot be done
   * @throws CancellationException when the watch has ended it; no part of the output is in its
   *     place
   */
  PredictionSummary predict(PredictionJob job, SparkSettings spark, ClusterWatch watch);

  /**
   * Trains, each run in a process of its own, and goes on with runs that were begun.
   *
   * @param job what is to be done
   * @param spark where
   * @param watch is told how it goes, and may end it
   * @return the runs that failed, by name, and why
   * @throws CommandFailure when it cannot be done
   * @throws CancellationException when the watch has ended it; runs that were begun are gone on
   *     with the next time
   */
  Map<String, String> sweep(SweepJob job, SparkSettings spark, ClusterWatch watch);

  /**
   * Returns the engine.
   *
   * @throws CommandFailure when there is none on the class path, with what to do
   */
  static ClusterEngine find() {
    return ServiceLoader.load(ClusterEngine.class)
        .findFirst()
        .orElseThrow(
            () ->
                new CommandFailure(
                    "Apache Spark and the module cluster are not on the class path: start this command"
                        + " by ./performer, which builds them at its first use, or build them by mvn"
                        + " -Pcluster package (docs/cluster.md)"));
  }
}
