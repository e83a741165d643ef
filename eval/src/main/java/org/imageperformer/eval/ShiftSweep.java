package org.imageperformer.eval;

import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.ShiftDirection;
import org.imageperformer.datasets.Shifts;

/**
 * Accuracy and loss of runs on test images that are moved sideways, down or both, by every number
 * of pixels that leaves them whole (data.md, "Shifted images"; cli.md, {@code test-shifted}); the
 * table is that of {@link SweepCsv}.
 */
public final class ShiftSweep extends Sweep {
  private final int minShift;
  private final ShiftDirection direction;

  /**
   * A sweep sideways over shifts -minShift to +minShift.
   *
   * @param options how
   * @param labels the classes whose images are moved
   * @param minShift columns, 0 or more
   * @throws EvalException when there are no labels or the shift is negative
   */
  public ShiftSweep(EvalOptions options, Set<Integer> labels, int minShift) {
    this(options, labels, minShift, ShiftDirection.HORIZONTAL);
  }

  /**
   * A sweep over shifts -minShift to +minShift.
   *
   * @param options how
   * @param labels the classes whose images are moved
   * @param minShift rows or columns, 0 or more
   * @param direction which way
   * @throws EvalException when there are no labels or the shift is negative
   */
  public ShiftSweep(
      EvalOptions options, Set<Integer> labels, int minShift, ShiftDirection direction) {
    super(options, labels);
    if (labels.isEmpty()) {
      throw new EvalException("no labels to shift: name one or more by --labels");
    }
    if (minShift < 0) {
      throw new EvalException("--min_shift should be 0 or more, found " + minShift);
    }
    this.minShift = minShift;
    this.direction = direction;
  }

  @Override
  public SweepAxis axis() {
    return SweepAxis.SHIFT;
  }

  @Override
  public List<Double> changes() {
    return IntStream.rangeClosed(-minShift, minShift).asDoubleStream().boxed().toList();
  }

  @Override
  public void check(RunData run) {
    try {
      Shifts.requireShiftable(run.key().dataset());
    } catch (IllegalArgumentException e) {
      throw new EvalException(run.run() + ": " + e.getMessage(), e);
    }
    super.check(run);
  }

  @Override
  public ImageSet chosen(Dataset dataset) {
    ImageSet test = dataset.test();
    return test.subset(Shifts.qualifying(test, labels(), minShift, direction));
  }

  @Override
  public ImageSet changed(ImageSet images, double change) {
    int shift = (int) change;
    return Shifts.shifted(images, shift * direction.rows(), shift * direction.columns());
  }

  @Override
  String noneChosen(Dataset dataset) {
    int widest = widestShift(dataset.test());
    return "no test image of %s with a label of %s can be moved by %s %s both ways: %s"
        .formatted(
            dataset.info(),
            labels(),
            minShift,
            switch (direction) {
              case HORIZONTAL -> "columns";
              case VERTICAL -> "rows";
              case DIAGONAL -> "rows and columns";
            },
            widest < 0
                ? "there is none that can be moved at all"
                : "choose a --min_shift of at most " + widest);
  }

  /** The largest minimum shift that leaves an image, -1 when none does. */
  private int widestShift(ImageSet test) {
    int widest = -1;
    for (int i = 0; i < test.size(); i++) {
      if (labels().contains(test.label(i))) {
        widest = Math.max(widest, Shifts.most(test, i, direction));
      }
    }
    return widest;
  }

  @Override
  Evaluation evaluate(Evaluator evaluator, ImageSet images, double change, IntConsumer progress) {
    return evaluator.evaluate(changed(images, change), progress);
  }
}
