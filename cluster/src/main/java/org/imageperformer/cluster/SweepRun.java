package org.imageperformer.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.util.CollectionAccumulator;
import org.imageperformer.tools.cluster.ClusterWatch;
import org.imageperformer.tools.cluster.SweepJob;
import org.imageperformer.tools.cluster.SweepPlan;

/** Many trainings, a task each. */
final class SweepRun {
  private final SweepJob job;
  private final SparkWork work;
  private final ClusterWatch watch;
  private int told;

  SweepRun(SweepJob job, SparkWork work, ClusterWatch watch) {
    this.job = job;
    this.work = work;
    this.watch = watch;
  }

  Map<String, String> run() {
    List<RunTask> tasks = new ArrayList<>();
    CollectionAccumulator<String> ended =
        work.session().sparkContext().collectionAccumulator("runs");
    for (SweepPlan.Run run : job.runs()) {
      tasks.add(
          new RunTask(
              run.name(),
              job.folder().toString(),
              Path.of("").toAbsolutePath().toString(),
              new ArrayList<>(run.words()),
              job.threads()));
    }
    List<String> failures =
        work.run(
            () ->
                work.context()
                    .parallelize(tasks, tasks.size())
                    .map(
                        task -> {
                          String problem = task.failure();
                          ended.add((problem.isEmpty() ? "finished: " : "failed: ") + task.name());
                          return problem;
                        })
                    .collect(),
            () -> tell(ended));
    tell(ended);
    Map<String, String> failed = new LinkedHashMap<>();
    for (int i = 0; i < tasks.size(); i++) {
      if (!failures.get(i).isEmpty()) {
        failed.put(tasks.get(i).name(), failures.get(i));
      }
    }
    return failed;
  }

  private synchronized void tell(CollectionAccumulator<String> ended) {
    List<String> lines = new ArrayList<>(ended.value());
    while (told < lines.size()) {
      watch.note(lines.get(told));
      told++;
    }
    watch.progress(told, job.runs().size());
  }
}
