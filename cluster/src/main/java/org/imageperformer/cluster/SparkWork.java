package org.imageperformer.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.SparkSession;
import org.imageperformer.savedmodels.AtomicFiles;
import org.imageperformer.savedmodels.OneLine;
import org.imageperformer.tools.cli.CommandFailure;
import org.imageperformer.tools.cluster.ClusterWatch;
import org.imageperformer.tools.cluster.SparkSettings;

/**
 * Spark at work: a session with this product's configuration, and its folder for temporary files.
 */
final class SparkWork implements AutoCloseable {
  private static final String MASTER = "spark.master";

  /** Native tensors live outside the Java heap, JavaCPP's default limits count them. */
  private static final List<String> JAVA_OPTIONS =
      List.of(
          "-Djava.awt.headless=true",
          "-Dfile.encoding=UTF-8",
          "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
          "-Dorg.bytedeco.javacpp.maxBytes=0");

  private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\*|\\d{1,6})(?:,\\d+)?\\])?");
  private static final long PAUSE_MILLIS = 500;
  private static final int REMOVALS = 10;

  private final SparkSession session;
  private final Path temporary;
  private final ClusterWatch watch;

  private SparkWork(SparkSession session, Path temporary, ClusterWatch watch) {
    this.session = session;
    this.temporary = temporary;
    this.watch = watch;
  }

  /**
   * Starts Spark, or reaches its cluster.
   *
   * @param name of the application
   * @param threads of each task
   * @throws CommandFailure when that fails
   */
  static SparkWork start(SparkSettings settings, String name, int threads, ClusterWatch watch) {
    SparkConf given = new SparkConf();
    String master =
        settings.master().orElseGet(() -> given.contains(MASTER) ? given.get(MASTER) : "local[*]");
    requireCores(master, threads);
    Path temporary;
    try {
      temporary = Files.createTempDirectory("performer-spark");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      SparkConf conf = usual(master, temporary);
      for (scala.Tuple2<String, String> property : given.getAll()) {
        conf.set(property._1(), property._2());
      }
      settings.properties().forEach(conf::set);
      conf.setMaster(master).setAppName(name).set("spark.task.cpus", Integer.toString(threads));
      SparkSession session = SparkSession.builder().config(conf).getOrCreate();
      session.sparkContext().setInterruptOnCancel(true);
      watch.onCancel(session.sparkContext()::cancelAllJobs);
      return new SparkWork(session, temporary, watch);
    } catch (Exception e) {
      // Scala's methods do not declare what they throw.
      ModelFiles.delete(temporary);
      throw new CommandFailure("Spark cannot start at " + master + ": " + reason(e), e);
    }
  }

  /** A task that wants more than there are would wait for ever. */
  private static void requireCores(String master, int threads) {
    Matcher local = LOCAL.matcher(master);
    if (local.matches()) {
      String cores = local.group(1);
      int all =
          cores == null
              ? 1
              : cores.equals("*")
                  ? Runtime.getRuntime().availableProcessors()
                  : Integer.parseInt(cores);
      if (all < threads) {
        throw new CommandFailure(
            "each run has %d threads, but %s has %d: take fewer --threads, or more in --spark"
                .formatted(threads, master, all));
      }
    }
  }

  /** Whether all is done within this process. */
  private static boolean isOneProcess(String master) {
    return master.equals("local") || master.startsWith("local[");
  }

  private static SparkConf usual(String master, Path temporary) {
    SparkConf conf = new SparkConf(false);
    // Nobody is let in who was not asked for: the page of a running application listens everywhere.
    conf.set("spark.ui.enabled", "false");
    conf.set("spark.ui.showConsoleProgress", "false");
    conf.set("spark.local.dir", temporary.toString());
    conf.set("spark.sql.warehouse.dir", temporary.resolve("warehouse").toUri().toString());
    // A second attempt beside a slow one would be a second writer.
    conf.set("spark.speculation", "false");
    if (master.startsWith("local")) {
      conf.set("spark.driver.host", "127.0.0.1");
      conf.set("spark.driver.bindAddress", "127.0.0.1");
    }
    if (!isOneProcess(master)) {
      conf.set("spark.jars", String.join(",", ownJars()));
      conf.set(
          "spark.executor.extraJavaOptions",
          JavaModuleOptions.defaultModuleOptions() + " " + String.join(" ", JAVA_OPTIONS));
      for (String name : List.of("GLIBC_TUNABLES", "TF_CPP_MIN_LOG_LEVEL", "LC_ALL")) {
        String value = System.getenv(name);
        if (value != null) {
          conf.set("spark.executorEnv." + name, value);
        }
      }
    }
    return conf;
  }

  /** What executors lack: the jars of the class path without Spark's. */
  private static List<String> ownJars() {
    String home = System.getenv("SPARK_HOME");
    Path sparks = home == null ? null : Path.of(home, "jars").toAbsolutePath().normalize();
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().normalize())
        .filter(entry -> entry.toString().endsWith(".jar") && !entry.getParent().equals(sparks))
        .map(entry -> entry.toUri().toString())
        .collect(Collectors.toList());
  }

  SparkSession session() {
    return session;
  }

  JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(session.sparkContext());
  }

  /** How many tasks run at a time, as far as is known. */
  int parallelism() {
    return session.sparkContext().defaultParallelism();
  }

  /**
   * Lets Spark do something.
   *
   * @param progress is called every half a second meanwhile
   * @throws CommandFailure when it fails
   * @throws CancellationException when its end was wished for
   */
  <T> T run(Supplier<T> action, Runnable progress) {
    watch.check();
    Timer clock = new Timer("progress", true);
    try {
      TimerTask tick =
          new TimerTask() {
            @Override
            public void run() {
              progress.run();
            }
          };
      clock.schedule(tick, PAUSE_MILLIS, PAUSE_MILLIS);
      T result = action.get();
      watch.check();
      return result;
    } catch (CommandFailure | CancellationException e) {
      throw e;
    } catch (Exception e) {
      // Scala's methods do not declare what they throw.
      watch.check();
      if (session.sparkContext().isStopped()) {
        throw new CommandFailure(
            "Spark's cluster has ended the work: it could not be reached, or could not start its"
                + " executors; what they said is in the folders work of its workers",
            e);
      }
      throw new CommandFailure(reason(e), e);
    } finally {
      clock.cancel();
    }
  }

  /** The innermost reason that says something: what Spark puts around it are its own affairs. */
  static String reason(Throwable failure) {
    Throwable inner = failure;
    while (inner.getCause() != null && inner.getCause() != inner) {
      inner = inner.getCause();
    }
    String message = inner.getMessage();
    if (inner instanceof SparkException && message != null) {
      // The failure of a task arrives as text: "Lost task ... : kind: what it said", then its
      // stack.
      message = message.replaceFirst("(?s)^.*?Lost task [^:]*: ", "").replaceFirst("(?s)\n.*", "");
    }
    return message == null || message.isBlank()
        ? OneLine.kind(inner)
        : message.lines().findFirst().orElse("");
  }

  @Override
  public void close() {
    watch.onCancel(() -> {});
    session.stop();
    ProcessModels.close();
    removeTemporary();
  }

  /** Executors on this machine are still ending, and have a part of the folder. */
  private void removeTemporary() {
    IOException failure = null;
    for (int attempt = 0; attempt < REMOVALS; attempt++) {
      try {
        if (attempt > 0) {
          Thread.sleep(PAUSE_MILLIS);
        }
        AtomicFiles.deleteTree(temporary);
        return;
      } catch (IOException e) {
        failure = e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    // The work is done all the same.
    watch.note(
        "note: the temporary folder "
            + temporary
            + " could not be removed"
            + (failure == null ? "" : ": " + OneLine.reason(failure)));
  }
}
