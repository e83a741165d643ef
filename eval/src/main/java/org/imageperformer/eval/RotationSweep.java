package org.imageperformer.eval;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.Turn;
import org.imageperformer.datasets.TurnedImages;

/**
 * Accuracy and loss of runs on test images that are turned about their centre (data.md, "Turned
 * images"; cli.md, {@code test-rotated}); the table is that of {@link SweepCsv}.
 */
public final class RotationSweep extends Sweep {
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
  public SweepAxis axis() {
    return SweepAxis.ANGLE;
  }

  @Override
  public List<Double> changes() {
    return angles;
  }

  @Override
  public ImageSet chosen(Dataset dataset) {
    ImageSet test = counted(dataset);
    return labels().isEmpty()
        ? test
        : test.subset(
            IntStream.range(0, test.size())
                .filter(i -> labels().contains(test.label(i)))
                .toArray());
  }

  private ImageSet counted(Dataset dataset) {
    return limit.map(dataset.test()::first).orElse(dataset.test());
  }

  @Override
  public ImageSet changed(ImageSet images, double change) {
    return new TurnedImages(images, Turn.by(change), disc).toSet();
  }

  @Override
  String noneChosen(Dataset dataset) {
    return "none of the %s test images of %s has a label of %s: choose other --labels%s"
        .formatted(
            counted(dataset).size(),
            dataset.info(),
            labels(),
            limit.isPresent() ? " or a larger --limit_test" : "");
  }

  @Override
  Evaluation evaluate(Evaluator evaluator, ImageSet images, double change, IntConsumer progress) {
    TurnedImages turned = new TurnedImages(images, Turn.by(change), disc);
    return evaluator.evaluate(images, turned::copyImage, progress);
  }
}
