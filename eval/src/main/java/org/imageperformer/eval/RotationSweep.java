package org.imageperformer.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.Turn;
import org.imageperformer.datasets.TurnedImages;

/**
 * Accuracy and loss of runs on test images that are turned about their centre (data.md, "Turned
 * images"; cli.md, {@code test-rotated}); the table is that of {@link RotationCsv}.
 */
public final class RotationSweep extends Sweep<RotationRow> {
  private final List<Double> angles;
  private final Optional<Integer> limit;
  private final boolean disc;

  /**
   * A sweep over angles.
   *
   * @param options how
   * @param labels the classes whose images are turned; empty for all
   * @param angles degrees counterclockwise, 1 or more
   * @param limit only so many of the first test images count; empty for all
   * @param disc whether all but the largest circle within the frame is blackened
   * @throws EvalException when there are no angles, or the limit is not 1 or more
   */
  public RotationSweep(
      EvalOptions options,
      Set<Integer> labels,
      List<Double> angles,
      Optional<Integer> limit,
      boolean disc) {
    super(options, labels);
    if (angles.isEmpty()) {
      throw new EvalException("no angles to turn by: name one or more by --angles");
    }
    if (limit.isPresent() && limit.get() < 1) {
      throw new EvalException("--limit_test should be 1 or more, found " + limit.get());
    }
    this.angles = List.copyOf(angles);
    this.limit = limit;
    this.disc = disc;
  }

  @Override
  ImageSet choose(RunData.Key key, Dataset dataset) {
    ImageSet test = limit.map(dataset.test()::first).orElse(dataset.test());
    ImageSet chosen =
        labels().isEmpty()
            ? test
            : test.subset(
                IntStream.range(0, test.size())
                    .filter(i -> labels().contains(test.label(i)))
                    .toArray());
    if (chosen.size() == 0) {
      throw new EvalException(
          "none of the %s test images of %s has a label of %s: choose other --labels%s"
              .formatted(
                  test.size(),
                  key.dataset(),
                  labels(),
                  limit.isPresent() ? " or a larger --limit_test" : ""));
    }
    return chosen;
  }

  @Override
  List<RotationRow> rows(Path run, Evaluator evaluator, ImageSet images) {
    List<RotationRow> rows = new ArrayList<>();
    for (double angle : angles) {
      String part = "angle " + RotationCsv.angle(angle);
      TurnedImages turned = new TurnedImages(images, Turn.by(angle), disc);
      Evaluation evaluation =
          evaluator.evaluate(
              images,
              turned::copyImage,
              done -> listener().progress(run, part, done, images.size()));
      rows.add(
          new RotationRow(
              run.toString(),
              angle,
              evaluation.accuracy(),
              evaluation.accuracyStd(),
              evaluation.loss(),
              evaluation.lossStd()));
    }
    return rows;
  }

  @Override
  void write(Path file, List<RotationRow> rows) {
    RotationCsv.write(file, rows);
  }
}
