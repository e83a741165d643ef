package org.imageperformer.tools.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.imageperformer.savedmodels.Results;
import org.imageperformer.tools.plots.TrainingCurves;

/** The results of all runs, beside what they differ in most. */
final class RunsTable {
  private static final List<String> HPARAMS =
      List.of("dim", "depth", "heads", "batch_size", "learning_rate");

  /** A column that has a best value. */
  private record Score(
      String title, Function<RunFindings, Optional<Double>> value, boolean greaterIsBetter) {

    private static Score recorded(
        String title, ToDoubleFunction<Results> value, boolean greaterIsBetter) {
      return new Score(title, run -> run.recorded().map(value::applyAsDouble), greaterIsBetter);
    }

    /** Whether a value is shown as the best one, to the digits shown. */
    boolean isBest(double value, List<RunFindings> rivals) {
      double best =
          rivals.stream()
              .flatMap(run -> value().apply(run).stream())
              .filter(Double::isFinite)
              .reduce((a, b) -> greaterIsBetter ? Math.max(a, b) : Math.min(a, b))
              .orElse(Double.NaN);
      return rivals.size() > 1 && Numerals.fourDigits(value).equals(Numerals.fourDigits(best));
    }
  }

  private static final List<Score> SCORES =
      List.of(
          Score.recorded("val loss", Results::valLoss, false),
          Score.recorded("val acc", Results::valAcc, true),
          new Score("test loss", run -> Optional.of(run.test().loss()), false),
          new Score("test acc", run -> Optional.of(run.test().accuracy()), true));

  private final List<RunFindings> runs;

  RunsTable(List<RunFindings> runs) {
    this.runs = runs;
  }

  Tag section() {
    return new Tag("section")
        .attr("id", "runs")
        .add(
            Tag.of("h2", "Results"),
            Figures.scrolling(table(), "Results of all runs"),
            Tag.of("p", explanation()).type("caption"));
  }

  private Tag table() {
    Tag header = new Tag("tr").add(Figures.columnHeader("run"));
    header.add(Figures.columnHeader("model"));
    SCORES.forEach(score -> header.add(Figures.columnHeader(score.title()).type("number")));
    header.add(Figures.columnHeader("parameters").type("number"));
    header.add(Figures.columnHeader("epochs").type("number"));
    HPARAMS.forEach(name -> header.add(Figures.columnHeader(name.replace('_', ' '))));
    Tag body = new Tag("tbody");
    runs.forEach(run -> body.add(row(run)));
    return new Tag("table").type("runs").add(new Tag("thead").add(header), body);
  }

  private Tag row(RunFindings run) {
    Tag name = new Tag("a").attr("href", "#run-" + run.look().number()).add(Words.name(run.look()));
    Tag row =
        new Tag("tr")
            .add(
                new Tag("th")
                    .attr("scope", "row")
                    .add(Figures.sample(run.look(), "runs-" + run.look().number()), name));
    Tag model = Tag.of("td", hparam(run, "model"));
    if (severalDatasets()) {
      model.add(Tag.of("small", " on " + run.data().key().dataset().name()));
    }
    row.add(model);
    for (Score score : SCORES) {
      row.add(cell(score, run));
    }
    row.add(number(run.parameters().map(Numerals::count)));
    row.add(number(run.training().map(TrainingCurves::epochs).map(Numerals::count)));
    for (String hparam : HPARAMS) {
      row.add(Tag.of("td", hparam(run, hparam)));
    }
    return row;
  }

  /** A single one stands in the title. */
  private boolean severalDatasets() {
    return runs.stream().map(run -> run.data().key().dataset()).distinct().count() > 1;
  }

  private Tag cell(Score score, RunFindings run) {
    Optional<Double> value = score.value().apply(run);
    if (value.isPresent() && score.isBest(value.get(), rivals(run))) {
      return new Tag("td").type("number").add(Tag.of("strong", Numerals.fourDigits(value.get())));
    }
    return number(value.map(Numerals::fourDigits));
  }

  /** Results on different images are not to be compared. */
  private List<RunFindings> rivals(RunFindings run) {
    return runs.stream()
        .filter(other -> other.data().key().dataset().equals(run.data().key().dataset()))
        .toList();
  }

  private static Tag number(Optional<String> text) {
    return Tag.of("td", text.orElse(Numerals.NONE)).type("number");
  }

  private static String hparam(RunFindings run, String name) {
    Map<String, Object> values = run.hparams().values();
    return values.containsKey(name) ? Numerals.value(values.get(name)) : Numerals.NONE;
  }

  private String explanation() {
    String text =
        ("Losses are mean cross-entropies in nats, accuracies shares of images classified"
                + " rightly; the best of each data set is bold. Validation results are those that"
                + " training left in results.json; test results are computed anew, on %s.")
            .formatted(
                runs.stream()
                    .map(run -> Words.images(run.test().images()))
                    .distinct()
                    .collect(Collectors.joining(" or ")));
    boolean incomplete = runs.stream().anyMatch(run -> run.recorded().isEmpty());
    return incomplete
        ? text + " A run without results.json gets one by the command test RUN_DIR."
        : text;
  }
}
