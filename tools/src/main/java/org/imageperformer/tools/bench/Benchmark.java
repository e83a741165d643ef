package org.imageperformer.tools.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures settings against each other. Each setting works in a process of its own, all of them are
 * alive at the same time, and they take turns: whatever else the machine does meets them alike.
 */
public final class Benchmark {

  /** What a worker does. */
  public enum Phase {
    /** Steps of the optimizer. */
    TRAINING,
    /** Predictions of the exported SavedModel. */
    INFERENCE
  }

  /**
   * Something to measure.
   *
   * @param model name of the model
   * @param variant which settings, empty if there is only one
   * @param operations floating-point operations of the work per image
   * @param bfloat16 whether its matrix products are in bfloat16
   * @param settings data set and options, for people
   * @param words that make a worker of the program, for each process that takes part
   * @param environment variables of the workers besides those of this process
   */
  public record Subject(
      String model,
      String variant,
      Phase phase,
      double operations,
      boolean bfloat16,
      String settings,
      List<List<String>> words,
      Map<String, String> environment) {
    /**
     * This setting in several processes.
     *
     * @param more words for each of them, behind those of this one
     */
    public Subject by(List<List<String>> more) {
      List<List<String>> all = new ArrayList<>();
      for (List<String> own : more) {
        List<String> process = new ArrayList<>(words.get(0));
        process.addAll(own);
        all.add(process);
      }
      return new Subject(model, variant, phase, operations, bfloat16, settings, all, environment);
    }

    String name() {
      return (model + " " + variant).strip();
    }

    /** As figures have it. */
    String phaseName() {
      return phase.name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What was measured, medians over the rounds.
   *
   * @param model name of the model
   * @param variant which settings
   * @param phase what was done
   * @param settings data set and options
   * @param imagesPerSecond speed
   * @param slowest images per second of the slowest round
   * @param fastest images per second of the fastest round
   * @param gflops model work per second, in 1e9 operations
   * @param matrixGflops rate of large products of float32 matrices in the same processes
   * @param matrixGflopsBf16 the same for bfloat16
   * @param bf16 whether the setting's matrix products are in bfloat16
   * @param fraction of the rate for the precision of the setting
   * @param firstSeconds from the start of the process to the end of the first step or batch
   * @param peakMiB largest resident memory of the processes
   * @param gpuMiB memory of the GPU in use, by other processes too; 0 without a GPU
   */
  public record Figures(
      String model,
      String variant,
      String phase,
      String settings,
      double imagesPerSecond,
      double slowest,
      double fastest,
      double gflops,
      double matrixGflops,
      double matrixGflopsBf16,
      boolean bf16,
      double fraction,
      double firstSeconds,
      double peakMiB,
      double gpuMiB) {}

  /**
   * Where the time of one thread goes.
   *
   * @param model name of the model
   * @param variant which settings
   * @param phase what was done
   * @param settings data set and options
   * @param milliseconds an image takes, while TensorFlow makes no notes
   * @param byKind milliseconds of an image by kind of operation, as TensorFlow noted them
   * @param byOperation the same by operation
   */
  public record Profile(
      String model,
      String variant,
      String phase,
      String settings,
      double milliseconds,
      Map<String, Double> byKind,
      Map<String, Double> byOperation) {}

  private record Turn(double speed, Worker.Rates rates) {}

  private record Running(Subject subject, WorkerTeam team, List<Turn> turns) {}

  private static final double MIB = 1024 * 1024;

  private final String mainClass;
  private final int rounds;
  private final double seconds;

  /**
   * Sets how to measure.
   *
   * @param mainClass of the program
   * @param rounds turns of every setting
   * @param seconds of a turn
   */
  public Benchmark(String mainClass, int rounds, double seconds) {
    this.mainClass = mainClass;
    this.rounds = rounds;
    this.seconds = seconds;
  }

  /**
   * Measures settings.
   *
   * @param progress told what is being done
   * @return the figures, in the order of the subjects
   */
  public List<Figures> run(List<Subject> subjects, Progress progress) {
    List<Running> running = new ArrayList<>();
    try {
      List<Double> first = new ArrayList<>();
      for (Subject subject : subjects) {
        progress.starting(subject.name());
        WorkerTeam team =
            new WorkerTeam(subject.name(), mainClass, subject.words(), subject.environment());
        running.add(new Running(subject, team, new ArrayList<>()));
        first.add(team.first()); // one at a time: starting is measured, too
      }
      for (int round = 0; round < rounds; round++) {
        for (Running each : running) {
          progress.measuring(each.subject().name(), round + 1, rounds);
          Worker.Rates rates = each.team().rates();
          each.turns().add(new Turn(each.team().work(seconds), rates));
        }
      }
      List<Figures> figures = new ArrayList<>();
      for (int i = 0; i < running.size(); i++) {
        figures.add(figures(running.get(i), first.get(i)));
      }
      return figures;
    } finally {
      running.forEach(each -> each.team().close());
    }
  }

  /**
   * Shows where the time goes, of settings with one thread, one after the other.
   *
   * @param progress told what is being done
   * @return the profiles, in the order of the subjects
   */
  public List<Profile> profile(List<Subject> subjects, Progress progress) {
    List<Profile> profiles = new ArrayList<>();
    for (Subject subject : subjects) {
      progress.starting(subject.name());
      try (WorkerTeam team =
          new WorkerTeam(subject.name(), mainClass, subject.words(), subject.environment())) {
        team.first();
        double[] speeds = new double[rounds];
        for (int round = 0; round < rounds; round++) {
          progress.measuring(subject.name(), round + 1, rounds);
          speeds[round] = team.work(seconds);
        }
        Worker.Profile noted = team.profiles().get(0);
        profiles.add(
            new Profile(
                subject.model(),
                subject.variant(),
                subject.phaseName(),
                subject.settings(),
                1e3 / median(speeds),
                ofAnImage(noted.byKind(), noted.images()),
                ofAnImage(noted.byOperation(), noted.images())));
        team.end();
      }
    }
    return profiles;
  }

  private static Map<String, Double> ofAnImage(Map<String, Double> all, long images) {
    Map<String, Double> each = new LinkedHashMap<>();
    all.forEach((name, milliseconds) -> each.put(name, milliseconds / images));
    return each;
  }

  /** Hears what a benchmark is doing. */
  public interface Progress {
    /** A worker is being started. */
    void starting(String subject);

    /** A worker has its turn. */
    void measuring(String subject, int round, int rounds);
  }

  private static Figures figures(Running running, double first) {
    Subject subject = running.subject();
    List<Turn> turns = running.turns();
    double[] speeds = turns.stream().mapToDouble(Turn::speed).sorted().toArray();
    double float32 = median(turns.stream().mapToDouble(turn -> turn.rates().float32()).toArray());
    double bfloat16 = median(turns.stream().mapToDouble(turn -> turn.rates().bfloat16()).toArray());
    double work = median(speeds) * subject.operations();
    Worker.Memory memory = running.team().end();
    return new Figures(
        subject.model(),
        subject.variant(),
        subject.phaseName(),
        subject.settings(),
        median(speeds),
        speeds[0],
        speeds[speeds.length - 1],
        work / 1e9,
        float32 / 1e9,
        bfloat16 / 1e9,
        subject.bfloat16(),
        work / (subject.bfloat16() ? bfloat16 : float32),
        first,
        memory.peakBytes() / MIB,
        memory.gpuBytes() / MIB);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
