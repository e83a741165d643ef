package org.imageperformer.tools.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.eval.DistinctPaths;
import org.imageperformer.eval.EvalException;
import org.imageperformer.eval.EvalListener;
import org.imageperformer.eval.EvalOptions;
import org.imageperformer.eval.Evaluation;
import org.imageperformer.eval.Evaluator;
import org.imageperformer.eval.RunData;
import org.imageperformer.eval.SweepAxis;
import org.imageperformer.eval.SweepOutcome;
import org.imageperformer.eval.SweepRow;
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
  private final List<Experiment> experiments = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /** Chosen while their data set, of which they are a view, is in memory. */
  private Map<Experiment, ImageSet> chosen = Map.of();

  Investigation(ReportRequest request) {
    this.request = request;
    EvalOptions asked = request.options();
    this.options =
        new EvalOptions(
            asked.load(),
            asked.dataPath(),
            new KeptDatasets(asked.datasets(), request.limitTest()),
            new SweepListener(asked.listener()));
    experiments.add(new ShiftExperiment(request, options));
    request
        .rotation()
        .ifPresent(rotation -> experiments.add(new RotationExperiment(rotation, options)));
  }

  Findings findings() {
    List<RunFindings> runs = new ArrayList<>();
    List<SweepFindings> sweeps = new ArrayList<>();
    groups()
        .forEach(
            (key, group) -> {
              chosen = Map.of();
              List<RunFindings> examined = new ArrayList<>();
              group.forEach((look, data) -> examine(look, data).ifPresent(examined::add));
              runs.addAll(examined);
              Map<Experiment, ImageSet> images = chosen;
              images.forEach(
                  (experiment, of) -> sweep(experiment, key, of, examined).ifPresent(sweeps::add));
            });
    if (runs.isEmpty()) {
      throw new EvalException("no report was written: none of the runs can be shown");
    }
    runs.sort(Comparator.comparingInt(run -> run.look().number()));
    sweeps.sort(Comparator.comparing(found -> experiments.indexOf(found.experiment())));
    problems.sort(Comparator.comparing(Problem::run));
    return new Findings(request, runs, sweeps, problems, notes);
  }

  /** The runs by data set: those that share one are evaluated while it is there. */
  private Map<RunData.Key, Map<RunLook, RunData>> groups() {
    List<Path> paths = DistinctPaths.of(request.runs().stream().map(Investigation::plain).toList());
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
      experiments.stream()
          .filter(experiment -> experiment.suits(data.key().dataset()))
          .forEach(experiment -> experiment.sweep().check(data));
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
      data.difference(dataset).ifPresent(notes::add);
      ModelInfo info = model.info();
      Evaluator evaluator = new Evaluator(model);
      RunFindings found =
          new RunFindings(
              look,
              data,
              data.evaluatedOn(dataset),
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

  /** What the model takes the first image of each experiment for. */
  private Map<SweepAxis, SortedMap<Double, Opinion>> opinions(
      RunData.Key key, Dataset dataset, Evaluator evaluator, ModelInfo info) {
    if (chosen.isEmpty()) {
      chosen = choose(key, dataset);
    }
    Map<SweepAxis, SortedMap<Double, Opinion>> opinions = new EnumMap<>(SweepAxis.class);
    chosen.forEach(
        (experiment, images) -> {
          if (images.size() > 0) {
            opinions.put(experiment.sweep().axis(), opinions(experiment, images, evaluator, info));
          }
        });
    return opinions;
  }

  private Map<Experiment, ImageSet> choose(RunData.Key key, Dataset dataset) {
    Map<Experiment, ImageSet> images = new LinkedHashMap<>();
    for (Experiment experiment : experiments) {
      if (experiment.suits(key.dataset())) {
        images.put(experiment, experiment.sweep().chosen(dataset));
      }
    }
    return images;
  }

  private static SortedMap<Double, Opinion> opinions(
      Experiment experiment, ImageSet images, Evaluator evaluator, ModelInfo info) {
    // Beside the same neighbours as in the sweep, where the prediction depends on them.
    ImageSet first = images.first(info.dependsOnBatch() ? info.batchSize() : 1);
    SortedMap<Double, Opinion> opinions = new TreeMap<>();
    for (double change : experiment.shown()) {
      ImageSet changed = experiment.sweep().changed(first, change);
      opinions.put(change, Opinion.first(evaluator.evaluate(changed, done -> {})));
    }
    return opinions;
  }

  private Optional<SweepFindings> sweep(
      Experiment experiment, RunData.Key key, ImageSet images, List<RunFindings> runs) {
    if (runs.isEmpty()) {
      return Optional.empty();
    }
    if (images.size() == 0) {
      notes.add(experiment.nothingChosen(key.dataset()));
      return Optional.empty();
    }
    Map<Path, RunLook> looks = new LinkedHashMap<>();
    runs.forEach(run -> looks.put(run.data().run().path(), run.look()));
    SweepOutcome outcome = experiment.sweep().sweep(List.copyOf(looks.keySet()), Optional.empty());
    outcome.failed().forEach((run, reason) -> problems.add(new Problem(run, reason)));
    Map<RunLook, List<SweepRow>> rows = new LinkedHashMap<>();
    for (SweepRow row : outcome.rows()) {
      rows.computeIfAbsent(looks.get(Path.of(row.runDir())), look -> new ArrayList<>()).add(row);
    }
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    ImageSet first = images.first(1);
    SortedMap<Double, Png> pictures = new TreeMap<>();
    experiment
        .shown()
        .forEach(
            change -> pictures.put(change, Png.of(experiment.sweep().changed(first, change), 0)));
    return Optional.of(
        new SweepFindings(
            experiment,
            key.dataset(),
            images.size(),
            key.dataset().classNames().get(first.label(0)),
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
