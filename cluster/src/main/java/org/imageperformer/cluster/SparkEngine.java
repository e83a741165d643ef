package org.imageperformer.cluster;

import org.imageperformer.tools.cluster.ClusterEngine;
import org.imageperformer.tools.cluster.ClusterWatch;
import org.imageperformer.tools.cluster.PredictionJob;
import org.imageperformer.tools.cluster.PredictionSummary;
import org.imageperformer.tools.cluster.SparkSettings;

/** What commands find by {@link java.util.ServiceLoader}. */
public final class SparkEngine implements ClusterEngine {

  @Override
  public PredictionSummary predict(PredictionJob job, SparkSettings settings, ClusterWatch watch) {
    try (SparkWork work = SparkWork.start(settings, "predict-many", watch)) {
      return new PredictionRun(job, work, watch).run();
    }
  }
}
