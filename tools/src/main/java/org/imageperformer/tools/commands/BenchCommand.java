package org.imageperformer.tools.commands;

import static org.imageperformer.training.TrainingOptions.DEVICE;
import static org.imageperformer.training.TrainingOptions.PRECISION;
import static org.imageperformer.training.TrainingOptions.THREADS;
import static org.imageperformer.training.workers.WorkerOptions.TASK;
import static org.imageperformer.training.workers.WorkerOptions.WORKERS;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.imageperformer.savedmodels.JsonText;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.ModelFamilies;
import org.imageperformer.tools.bench.Benchmark;
import org.imageperformer.tools.bench.Benchmark.Figures;
import org.imageperformer.tools.bench.Benchmark.Phase;
import org.imageperformer.tools.bench.Benchmark.Profile;
import org.imageperformer.tools.bench.Benchmark.Subject;
import org.imageperformer.tools.bench.EarlierFigures;
import org.imageperformer.tools.bench.EarlierFigures.Change;
import org.imageperformer.tools.bench.EarlierFigures.Verdict;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.cli.LocalWorkers;
import org.imageperformer.tools.cli.Processor;
import org.imageperformer.tools.cli.ProgressDisplay;
import org.imageperformer.tools.cli.Spellings;
import org.imageperformer.tools.cli.TextTable;
import org.imageperformer.tools.cli.TrainingArguments;
import org.imageperformer.training.Precision;
import org.imageperformer.training.TrainingConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Measures the speed of the models on this machine. */
@Command(
    name = "bench",
    customSynopsis = "${COMMAND-FULL-NAME} [OPTIONS]",
    modelTransformer = BenchCommand.Arguments.class,
    description = {
      "Measures training steps and predictions of the models on this machine, on images of"
          + " noise.",
      "Every setting works in a process of its own; they take turns, and medians are shown."
          + " Leave the machine alone meanwhile."
    })
final class BenchCommand extends BaseCommand implements Callable<Integer> {
  /** The program that a worker runs; by name, as it uses the commands and not they it. */
  private static final String MAIN = "org.imageperformer.tools.Main";

  static final class Arguments implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      TrainingArguments.add(command, row -> row.isSpeed());
      return command;
    }
  }

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      showDefaultValue = Visibility.NEVER,
      description = {"Only these models; may be repeated.", "  Default: all"})
  private final List<String> models = new ArrayList<>();

  @Option(
      names = "--dataset",
      paramLabel = "DATASET",
      defaultValue = "MNIST",
      description = "Whose images to imitate.")
  private String dataset;

  @Option(
      names = "--only",
      paramLabel = "training|inference",
      description = "Measure only one of them.")
  private Phase only;

  @Option(
      names = "--compare",
      paramLabel = "OPTIONS",
      description =
          "Measure every model a second time with these options added, such as"
              + " --compare=\"--precision bf16\", and show the ratio of the speeds.")
  private String compare;

  @Option(
      names = "--processes",
      paramLabel = "N",
      description =
          "Measure training in one process with all threads, in N processes of this machine that"
              + " divide threads and batches, and in N that exchange nothing, which shows what the"
              + " exchange takes of a step.")
  private Integer processes;

  @Option(
      names = "--profile",
      description =
          "Show where the time of one thread of the processor goes, by kinds of operations.")
  private boolean profile;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Turns of every setting.")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "4",
      description = "Seconds of a turn.")
  private double seconds;

  @Option(
      names = "--against",
      paramLabel = "FILE.json",
      description =
          "Say what is slower or faster than what --json once printed on this machine; the exit"
              + " status is 1 if something is slower.")
  private Path against;

  @Option(names = "--json", description = "Print JSON instead of a table.")
  private boolean json;

  @Override
  public Integer call() {
    if (rounds < 1 || !(seconds > 0)) {
      throw wrongUsage("rounds must be at least 1 and seconds above 0");
    }
    if (processes != null) {
      requireProcesses();
    }
    if (profile && (processes != null || against != null)) {
      throw wrongUsage(
          "a profile is of one thread and compares nothing: drop --profile, or "
              + (processes != null ? "--processes" : "--against"));
    }
    List<List<Subject>> phases =
        Stream.of(only == null ? Phase.values() : new Phase[] {only}).map(this::subjects).toList();
    if (profile) {
      return profile(phases);
    }
    Optional<EarlierFigures> earlier = Optional.ofNullable(against).map(EarlierFigures::read);
    earlier.ifPresent(file -> file.expect(phases.stream().flatMap(List::stream).toList()));
    List<Figures> figures = new ArrayList<>();
    try (ProgressDisplay display = progress()) {
      for (List<Subject> subjects : phases) {
        figures.addAll(new Benchmark(MAIN, rounds, seconds).run(subjects, new Shown(display)));
      }
    }
    if (json) {
      out().print(JsonText.of(figures));
    } else {
      print(figures);
    }
    List<Change> changes = earlier.map(file -> file.compare(figures)).orElse(List.of());
    (json ? spec().commandLine().getErr() : out()).print(report(changes));
    boolean slower = changes.stream().anyMatch(change -> change.verdict() == Verdict.SLOWER);
    return slower ? ExitCode.SOFTWARE : ExitCode.OK;
  }

  private int profile(List<List<Subject>> phases) {
    List<Profile> profiles = new ArrayList<>();
    try (ProgressDisplay display = progress()) {
      for (List<Subject> subjects : phases) {
        profiles.addAll(new Benchmark(MAIN, rounds, seconds).profile(subjects, new Shown(display)));
      }
    }
    if (json) {
      out().print(JsonText.of(profiles));
    } else {
      ProfileTable.print(profiles, out());
    }
    return ExitCode.OK;
  }

  private void requireProcesses() {
    if (processes < 2) {
      throw wrongUsage("processes is " + processes + ", must be at least 2");
    }
    if (compare != null || only == Phase.INFERENCE) {
      throw wrongUsage(
          "processes share training steps: drop --processes, or "
              + (compare == null ? "--only inference" : "--compare"));
    }
    only = Phase.TRAINING;
  }

  /** A line for each setting of both calls. */
  private static String report(List<Change> changes) {
    StringBuilder text = new StringBuilder();
    for (Change change : changes) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s %s: %s: %.2f times the earlier speed (%.1f images/s after %.1f; matrix products"
                  + " %.2f times; first %.1f s after %.1f s)%n",
              (change.now().model() + " " + change.now().variant()).strip(),
              change.now().phase(),
              change.verdict().text(),
              change.speed(),
              change.now().imagesPerSecond(),
              change.before().imagesPerSecond(),
              change.machine(),
              change.now().firstSeconds(),
              change.before().firstSeconds()));
    }
    return text.toString();
  }

  private record Shown(ProgressDisplay display) implements Benchmark.Progress {
    @Override
    public void starting(String subject) {
      display.show("starting " + subject, 0, 1, "");
    }

    @Override
    public void measuring(String subject, int round, int rounds) {
      display.show("measuring " + subject, round, rounds, "");
    }
  }

  private List<Subject> subjects(Phase phase) {
    List<String> kinds = kinds();
    Map<String, List<String>> given =
        new LinkedHashMap<>(TrainingArguments.words(spec().commandLine().getParseResult()));
    if (profile) {
      given.put(THREADS.name(), List.of("--" + THREADS, "1"));
      given.put(DEVICE.name(), List.of("--" + DEVICE, "cpu"));
    }
    List<Subject> subjects = new ArrayList<>();
    for (String kind : kinds) {
      if (processes != null) {
        subjects.addAll(divided(kind, phase, kinds, given));
        continue;
      }
      subjects.add(subject(kind, phase, compare == null ? "" : "A", belonging(kind, kinds, given)));
      if (compare != null) {
        Map<String, List<String>> changed = new LinkedHashMap<>(given);
        changed.putAll(TrainingArguments.words(parse(List.of(compare.strip().split("\\s+")))));
        subjects.add(subject(kind, phase, "B", belonging(kind, kinds, changed)));
      }
    }
    return subjects;
  }

  /** One process, several, and several without an exchange; nothing of models that need one. */
  private List<Subject> divided(
      String kind, Phase phase, List<String> kinds, Map<String, List<String>> given) {
    List<String> words = belonging(kind, kinds, given);
    TrainingConfig config = config(words(kind, words));
    Optional<String> coupling = config.outline().coupling();
    if (coupling.isPresent()) {
      if (models.isEmpty()) {
        return List.of();
      }
      throw wrongUsage(
          "%s with %s ties the images of a batch together, so that processes cannot share it: measure it without --processes"
              .formatted(kind, coupling.get()));
    }
    int threads = config.find(THREADS).orElse(Runtime.getRuntime().availableProcessors());
    Map<String, List<String>> own = new LinkedHashMap<>(given);
    own.put(
        THREADS.name(),
        List.of("--" + THREADS, Integer.toString(Math.max(1, threads / processes))));
    List<String> ownWords = belonging(kind, kinds, own);
    String variant = processes + " processes";
    String workers = String.join(",", LocalWorkers.addresses(processes));
    return List.of(
        subject(kind, phase, "1 process", words),
        subject(kind, phase, variant, ownWords).by(teamOf(workers)),
        subject(kind, phase, processes + " apart", ownWords)
            .by(teamOf(workers, BenchWorkerCommand.APART)));
  }

  /** What each process of several is told besides. */
  private List<List<String>> teamOf(String workers, String... more) {
    return IntStream.range(0, processes)
        .mapToObj(
            task -> {
              List<String> words = new ArrayList<>(List.of(more));
              words.addAll(List.of("--" + WORKERS, workers, "--" + TASK, Integer.toString(task)));
              return words;
            })
        .toList();
  }

  private List<String> kinds() {
    if (models.isEmpty()) {
      return ModelFamilies.models();
    }
    try {
      models.forEach(ModelFamilies::of);
      return models;
    } catch (IllegalArgumentException e) {
      throw wrongUsage(e.getMessage());
    }
  }

  /** Options that only other models of the same benchmark have are theirs. */
  private static List<String> belonging(
      String model, List<String> models, Map<String, List<String>> given) {
    List<String> words = new ArrayList<>();
    given.forEach(
        (option, own) -> {
          if (has(model, option) || models.stream().noneMatch(other -> has(other, option))) {
            words.addAll(own);
          }
        });
    return words;
  }

  private static boolean has(String model, String option) {
    return TrainingConfig.options(ModelFamilies.of(model), model).find(option).isPresent();
  }

  private ParseResult parse(List<String> words) {
    CommandLine worker = new CommandLine(new BenchWorkerCommand());
    try {
      return worker.parseArgs(
          new Spellings(worker.getCommandSpec()).ours(words.toArray(String[]::new)));
    } catch (ParameterException e) {
      throw wrongUsage(e.getMessage());
    }
  }

  /** A setting to measure; what is wrong with it is said before anything starts. */
  private Subject subject(String kind, Phase phase, String variant, List<String> options) {
    List<String> words = words(kind, options);
    TrainingConfig config = config(words);
    String settings = String.join(" ", words.subList(1, words.size()));
    words.addAll(0, List.of(BenchWorkerCommand.NAME, "--phase", phase.name()));
    Cost cost = config.spec().outline().cost();
    return new Subject(
        kind,
        variant,
        phase,
        phase == Phase.TRAINING ? cost.training() : cost.forward(),
        config.get(PRECISION) == Precision.BF16,
        settings,
        List.of(words),
        Map.of(Processor.TF32_VARIABLE, config.get(PRECISION) == Precision.TF32 ? "1" : "0"));
  }

  private List<String> words(String kind, List<String> options) {
    List<String> words = new ArrayList<>(List.of(kind, dataset));
    words.addAll(options);
    return words;
  }

  private TrainingConfig config(List<String> words) {
    try {
      return ((BenchWorkerCommand) parse(words).commandSpec().userObject()).config();
    } catch (ParameterException e) {
      throw wrongUsage(e.getMessage());
    }
  }

  private void print(List<Figures> figures) {
    TextTable table =
        new TextTable(
            3,
            "model",
            "",
            "work",
            "images/s",
            "(slowest",
            "fastest)",
            "GFLOP/s",
            "matrix",
            "reached",
            "first",
            "peak",
            "GPU");
    for (Figures each : figures) {
      table.add(
          each.model(),
          each.variant(),
          each.phase(),
          number("%.1f", each.imagesPerSecond()),
          number("%.1f", each.slowest()),
          number("%.1f", each.fastest()),
          number("%.1f", each.gflops()),
          number("%.0f", each.bf16() ? each.matrixGflopsBf16() : each.matrixGflops()),
          number("%.0f %%", 100 * each.fraction()),
          number("%.1f s", each.firstSeconds()),
          number("%.0f MiB", each.peakMiB()),
          each.gpuMiB() == 0 ? "-" : number("%.0f MiB", each.gpuMiB()));
    }
    table.print(out());
    for (int i = 0; compare != null && i < figures.size(); i += 2) {
      Figures a = figures.get(i);
      Figures b = figures.get(i + 1);
      out()
          .println(
              a.model()
                  + " "
                  + a.phase()
                  + ": B has "
                  + number("%.2f", b.imagesPerSecond() / a.imagesPerSecond())
                  + " times the speed of A");
    }
    for (int i = 0; processes != null && i < figures.size(); i += 3) {
      double one = figures.get(i).imagesPerSecond();
      double shared = figures.get(i + 1).imagesPerSecond();
      double apart = figures.get(i + 2).imagesPerSecond();
      out()
          .println(
              "%s: %d processes have %s times the speed of one; exchange, with waiting for each other: %s of a step"
                  .formatted(
                      figures.get(i).model(),
                      processes,
                      number("%.2f", shared / one),
                      number("%.0f %%", 100 * (1 - shared / apart))));
    }
    out()
        .println(
            "Medians of "
                + rounds
                + " rounds of "
                + number("%.0f", seconds)
                + " s. matrix: GFLOP/s of large matrix products in the same process and precision;"
                + " first: from the start of the process to the end of the first step or batch;"
                + " peak: resident memory; GPU: its memory in use.");
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
