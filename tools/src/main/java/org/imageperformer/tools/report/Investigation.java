package org.imageperformer.tools.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.eval.EvalException;
import org.imageperformer.eval.EvalListener;
import org.imageperformer.eval.EvalOptions;
import org.imageperformer.eval.Evaluation;
import org.imageperformer.eval.Evaluator;
import org.imageperformer.eval.RunData;
import org.imageperformer.eval.SweepRow;
import org.imageperformer.eval.ShiftSweep;
import org.imageperformer.eval.SweepOutcome;
import org.imageperformer.savedmodels.ModelInfo;
import org.imageperformer.savedmodels.Results;
import org.imageperformer.savedmodels.RunDirectory;
import org.imageperformer.savedmodels.SavedModel;
import org.imageperformer.tools.plots.RunLabels;
import org.imageperformer.tools.plots.RunLook;
import org.imageperformer.tools.plots.TrainingCurves;

/** Finds out what the report says. For one use. */
final class Investigation {
  private static final int MISTAKES = 12;

  /** A matrix of more is neither readable nor small. */
  private static final int MOST_CLASSES = 100;

  private final ReportRequest request;
  private final EvalOptions options;
  private final ShiftSweep sweep;
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /** Chosen while their data set is in memory. */
  private final Map<RunData.Key, MovedImages> moved = new HashMap<>();

  Investigation(ReportRequest request) {
    this.request = request;
    EvalOptions asked = request.options();
    this.options =
        new EvalOptions(
            asked.load(),
            asked.dataPath(),
            new KeptDatasets(asked.datasets(), request.limitTest()),
            new SweepListener(asked.listener()));
    this.sweep = new ShiftSweep(options, request.labels(), request.minShift());
  }

  Findings findings() {
    List<RunFindings> runs = new ArrayList<>();
    List<ShiftFindings> shifts = new ArrayList<>();
    groups()
        .forEach(
            (key, group) -> {
              List<RunFindings> examined = new ArrayList<>();
              group.forEach((look, data) -> examine(look, data).ifPresent(examined::add));
              runs.addAll(examined);
              shift(key, examined).ifPresent(shifts::add);
            });
    if (runs.isEmpty()) {
      throw new EvalException("no report was written: none of the runs can be shown");
    }
    runs.sort(Comparator.comparingInt(run -> run.look().number()));
    problems.sort(Comparator.comparing(Problem::run));
    return new Findings(request, runs, shifts, problems, notes);
  }

  /** The runs by data set: those that share one are evaluated while it is there. */
  private Map<RunData.Key, Map<RunLook, RunData>> groups() {
    List<Path> paths = request.runs().stream().map(Investigation::plain).distinct().toList();
    List<String> labels = RunLabels.of(paths.stream().map(Path::toString).toList(), paths);
    Map<RunData.Key, Map<RunLook, RunData>> groups = new LinkedHashMap<>();
    for (int i = 0; i < paths.size(); i++) {
      RunData data;
      try {
        data = RunData.read(paths.get(i), options.dataPath());
      } catch (RuntimeException e) {
        fail(paths.get(i), e);
        continue;
      }
      if (data.key().dataset().shiftable()) {
        sweep.check(data);
      }
      groups
          .computeIfAbsent(data.key(), key -> new LinkedHashMap<>())
          .put(new RunLook(labels.get(i), i), data);
    }
    return groups;
  }

  /** The working folder has no name without its dot. */
  private static Path plain(Path run) {
    Path normalized = run.normalize();
    return normalized.toString().isEmpty() ? run : normalized;
  }

  private Optional<RunFindings> examine(RunLook look, RunData data) {
    RunDirectory run = data.run();
    try (SavedModel model = SavedModel.load(run.path(), options.load())) {
      RunData.Key key = data.key();
      Dataset dataset = options.datasets().load(key.dataset(), key.dataPath(), key.imageSize());
      ModelInfo info = model.info();
      Evaluator evaluator = new Evaluator(model);
      RunFindings found =
          new RunFindings(
              look,
              data,
              info.classes(),
              optional(run.path(), () -> TrainingCurves.find(run.path())),
              optional(run.path(), () -> recorded(run)),
              test(run.path(), evaluator, data.test(dataset)),
              opinions(key, dataset, evaluator, info));
      request.options().listener().finished(run.path());
      return Optional.of(found);
    } catch (RuntimeException e) {
      fail(run.path(), e);
      return Optional.empty();
    }
  }

  /** Something without which the run can be shown all the same. */
  private <T> Optional<T> optional(Path run, Supplier<Optional<T>> source) {
    try {
      return source.get();
    } catch (RuntimeException e) {
      fail(run, e);
      return Optional.empty();
    }
  }

  private static Optional<Results> recorded(RunDirectory run) {
    return Files.exists(run.results())
        ? Optional.of(Results.read(run.results()))
        : Optional.empty();
  }

  private RunFindings.TestFindings test(Path run, Evaluator evaluator, ImageSet images) {
    Evaluation evaluation =
        evaluator.evaluate(
            images, done -> options.listener().progress(run, "test", done, images.size()));
    boolean small = evaluation.predictions().classCount() <= MOST_CLASSES;
    return new RunFindings.TestFindings(
        images.size(),
        request.limitTest().isEmpty(),
        evaluation.loss(),
        evaluation.accuracy(),
        small
            ? Optional.of(ConfusionMatrix.of(evaluation.predictions(), images))
            : Optional.empty(),
        Mistake.surest(evaluation, images, MISTAKES));
  }

  /** What the model takes the first of the moved images for, by shift. */
  private SortedMap<Integer, Opinion> opinions(
      RunData.Key key, Dataset dataset, Evaluator evaluator, ModelInfo info) {
    SortedMap<Integer, Opinion> opinions = new TreeMap<>();
    if (!key.dataset().shiftable()) {
      return opinions;
    }
    MovedImages images =
        moved.computeIfAbsent(
            key,
            unused -> MovedImages.choose(dataset.test(), request.labels(), request.minShift()));
    if (!images.isEmpty()) {
      // Beside the same neighbours as in the sweep, where the prediction depends on them.
      int count = info.dependsOnBatch() ? info.batchSize() : 1;
      for (int shift : images.shown()) {
        opinions.put(
            shift, Opinion.first(evaluator.evaluate(images.moved(count, shift), done -> {})));
      }
    }
    return opinions;
  }

  private Optional<ShiftFindings> shift(RunData.Key key, List<RunFindings> runs) {
    MovedImages images = moved.get(key);
    if (runs.isEmpty() || images == null) {
      return Optional.empty();
    }
    List<String> classNames =
        new TreeSet<>(request.labels())
            .stream().map(label -> key.dataset().classNames().get(label)).toList();
    if (images.isEmpty()) {
      notes.add(
          ("there are no shift curves for %s: none of its%s test images of the class %s"
                  + " can be moved by %s columns both ways; choose a smaller --min_shift%s")
              .formatted(
                  key.dataset(),
                  request.limitTest().map(limit -> " first " + limit).orElse(""),
                  String.join(" or ", classNames),
                  request.minShift(),
                  request.limitTest().isPresent() ? " or a larger --limit_test" : ""));
      return Optional.empty();
    }
    Map<Path, RunLook> looks = new LinkedHashMap<>();
    runs.forEach(run -> looks.put(run.data().run().path(), run.look()));
    SweepOutcome outcome = sweep.sweep(List.copyOf(looks.keySet()), Optional.empty());
    outcome.failed().forEach((run, reason) -> problems.add(new Problem(run, reason)));
    Map<RunLook, List<SweepRow>> rows = new LinkedHashMap<>();
    for (SweepRow row : outcome.rows()) {
      rows.computeIfAbsent(looks.get(Path.of(row.runDir())), look -> new ArrayList<>()).add(row);
    }
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    SortedMap<Integer, Png> pictures = new TreeMap<>();
    images.shown().forEach(shift -> pictures.put(shift, Png.of(images.moved(1, shift), 0)));
    return Optional.of(
        new ShiftFindings(
            key.dataset().name(),
            classNames,
            images.images().size(),
            key.dataset().classNames().get(images.images().label(0)),
            pictures,
            rows));
  }

  private void fail(Path run, RuntimeException reason) {
    if (Thread.currentThread().isInterrupted()) {
      throw reason;
    }
    problems.add(new Problem(run, reason));
    request.options().listener().failed(run, reason);
  }

  /** Does not call a run finished twice. */
  private record SweepListener(EvalListener listener) implements EvalListener {
    @Override
    public void progress(Path run, String part, int done, int total) {
      listener.progress(run, part, done, total);
    }

    @Override
    public void finished(Path run) {}

    @Override
    public void skipped(Path run, String reason) {
      listener.skipped(run, reason);
    }

    @Override
    public void failed(Path run, RuntimeException reason) {
      listener.failed(run, reason);
    }
  }
}
