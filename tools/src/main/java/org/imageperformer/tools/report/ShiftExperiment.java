package org.imageperformer.tools.report;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.eval.EvalOptions;
import org.imageperformer.eval.ShiftSweep;
import org.imageperformer.eval.Sweep;

/** Images moved sideways. */
final class ShiftExperiment implements Experiment {
  private final ReportRequest request;
  private final ShiftSweep sweep;

  ShiftExperiment(ReportRequest request, EvalOptions options) {
    this.request = request;
    this.sweep = new ShiftSweep(options, request.labels(), request.minShift());
  }

  @Override
  public Sweep sweep() {
    return sweep;
  }

  @Override
  public boolean suits(DatasetInfo dataset) {
    return dataset.shiftable();
  }

  /** Both ends, half way to them, and none. */
  @Override
  public List<Double> shown() {
    int most = request.minShift();
    int half = (most + 1) / 2;
    return DoubleStream.of(-most, -half, 0, half, most)
        .map(shift -> shift + 0.0)
        .sorted()
        .distinct()
        .boxed()
        .toList();
  }

  @Override
  public String title() {
    return "Shifted images";
  }

  @Override
  public String participle() {
    return "moved";
  }

  @Override
  public String numeral(double change) {
    return Numerals.shift((int) change);
  }

  @Override
  public String nothingChosen(DatasetInfo dataset) {
    return ("there are no shift curves for %s: none of its%s test images of the class %s can be"
            + " moved by %s columns both ways; choose a smaller --min_shift%s")
        .formatted(
            dataset,
            request.limitTest().map(limit -> " first " + limit).orElse(""),
            classes(dataset),
            request.minShift(),
            request.limitTest().isPresent() ? " or a larger --limit_test" : "");
  }

  @Override
  public String caption(SweepFindings found) {
    return ("Accuracy and mean loss on %s of the class %s moved sideways by %s to %s columns"
            + " (positive is to the right). These are the test images with empty margins wide"
            + " enough to stay whole. The more level a line, the less the run depends on where in"
            + " the image they are.")
        .formatted(
            Words.images(found.images()),
            classes(found.dataset()),
            Numerals.shift(-request.minShift()),
            Numerals.shift(request.minShift()));
  }

  private String classes(DatasetInfo dataset) {
    return String.join(
        " or ",
        new TreeSet<>(request.labels())
            .stream().map(label -> dataset.classNames().get(label)).toList());
  }
}
