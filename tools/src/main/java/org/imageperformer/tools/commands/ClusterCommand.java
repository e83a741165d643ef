package org.imageperformer.tools.commands;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.cli.Interrupts;
import org.imageperformer.tools.cli.ProgressDisplay;
import org.imageperformer.tools.cluster.ClusterWatch;
import org.imageperformer.tools.cluster.SparkSettings;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What the commands have in common that work by Apache Spark. */
abstract class ClusterCommand extends BaseCommand implements Callable<Integer> {
  /** What a shell says of a process that Ctrl-C has ended. */
  private static final int INTERRUPTED = 130;

  @Option(
      names = "--spark",
      paramLabel = "URL",
      description = {
        "Where to work: local[N], N at a time in this process; spark://host:7077, a standalone"
            + " cluster; or another address of Spark's.",
        "  Default: what spark-submit says, else local[*]: all cores of this machine"
      })
  private String spark;

  @Option(
      names = "--spark_conf",
      paramLabel = "KEY=VALUE",
      showDefaultValue = CommandLine.Help.Visibility.NEVER,
      description = "A property of Spark's configuration; may be given several times.")
  private List<String> properties = List.of();

  /** Does the work and returns the exit status. */
  abstract int work(SparkSettings settings, ClusterWatch watch);

  /** What is counted, for the display of progress. */
  abstract String unit();

  /** What was interrupted, and how to go on. */
  abstract String interrupted();

  /** All that can be checked before anything is started. */
  abstract void check();

  @Override
  public final Integer call() {
    SparkSettings settings = new SparkSettings(Optional.ofNullable(spark), properties());
    check();
    try (Watch watch = new Watch(progress());
        Interrupts interrupts =
            Interrupts.listen(
                () -> {
                  watch.note("ending; Ctrl-C once more quits at once");
                  watch.cancel();
                })) {
      Objects.requireNonNull(interrupts);
      try {
        return work(settings, watch);
      } catch (CancellationException e) {
        watch.note("interrupted: " + interrupted());
        return INTERRUPTED;
      }
    }
  }

  private Map<String, String> properties() {
    Map<String, String> all = new LinkedHashMap<>();
    for (String word : properties) {
      int equals = word.indexOf('=');
      String key = equals < 0 ? word : word.substring(0, equals);
      if (equals < 0 || !key.startsWith("spark.")) {
        throw wrongUsage(
            "spark_conf is "
                + word
                + ", must be KEY=VALUE with a key such as spark.executor.memory");
      }
      if (all.put(key, word.substring(equals + 1)) != null) {
        throw wrongUsage("spark_conf has " + key + " twice: drop one");
      }
    }
    return all;
  }

  /** Shows it on standard error. */
  private final class Watch extends ClusterWatch implements AutoCloseable {
    private final ProgressDisplay display;
    private final long start = System.nanoTime();

    Watch(ProgressDisplay display) {
      this.display = display;
    }

    @Override
    public synchronized void progress(long done, long total) {
      double seconds = (System.nanoTime() - start) / 1e9;
      display.show(unit(), done, total, clock(seconds));
    }

    @Override
    public synchronized void note(String line) {
      display.clear();
      err().println(line);
      err().flush();
    }

    @Override
    public synchronized void close() {
      display.close();
    }
  }

  private static String clock(double seconds) {
    long all = Math.round(seconds);
    return "%d:%02d:%02d".formatted(all / 3600, all / 60 % 60, all % 60);
  }
}
