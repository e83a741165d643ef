package org.imageperformer.cluster;

import java.util.Map;
import org.imageperformer.tools.cluster.ClusterEngine;
import org.imageperformer.tools.cluster.ClusterWatch;
import org.imageperformer.tools.cluster.PredictionJob;
import org.imageperformer.tools.cluster.PredictionSummary;
import org.imageperformer.tools.cluster.SparkSettings;
import org.imageperformer.tools.cluster.SweepJob;

/** What commands find by {@link java.util.ServiceLoader}. */
public final class SparkEngine implements ClusterEngine {

  @Override
  public PredictionSummary predict(PredictionJob job, SparkSettings settings, ClusterWatch watch) {
    try (SparkWork work = SparkWork.start(settings, "predict-many", 1, watch)) {
      return work.run(new PredictionRun(job, work, watch)::run, () -> {});
    }
  }

  @Override
  public Map<String, String> sweep(SweepJob job, SparkSettings settings, ClusterWatch watch) {
    try (SparkWork work = SparkWork.start(settings, "sweep", job.threads(), watch)) {
      return work.run(new SweepRun(job, work, watch)::run, () -> {});
    }
  }
}
