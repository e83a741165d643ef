package org.imageperformer.tools.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.eval.EvalOptions;
import org.imageperformer.eval.RotationSweep;
import org.imageperformer.eval.Sweep;
import org.imageperformer.eval.SweepRow;
import org.imageperformer.tools.plots.RunLook;

/** Images turned about their centre. */
final class RotationExperiment implements Experiment {
  /** More pictures do not fit beside each other. */
  private static final int MOST_SHOWN = 9;

  private static final int FEWEST_SHOWN = 3;
  private static final int QUARTER_TURN = 90;

  private final ReportRequest.Rotation rotation;
  private final RotationSweep sweep;

  RotationExperiment(ReportRequest.Rotation rotation, EvalOptions options) {
    this.rotation = rotation;
    this.sweep =
        new RotationSweep(
            options, Set.of(), rotation.angles(), Optional.of(rotation.images()), rotation.disc());
  }

  @Override
  public Sweep sweep() {
    return sweep;
  }

  @Override
  public boolean suits(DatasetInfo dataset) {
    return true;
  }

  /**
   * The angles of the curves if they are few; else the eighths or quarters of a turn in their
   * range; else some of them.
   */
  @Override
  public List<Double> shown() {
    double[] angles = rotation.angles().stream().mapToDouble(a -> a).sorted().toArray();
    if (angles.length <= MOST_SHOWN) {
      return DoubleStream.of(angles).boxed().toList();
    }
    for (int step : new int[] {QUARTER_TURN / 2, QUARTER_TURN}) {
      int first = (int) Math.ceil(angles[0] / step);
      int last = (int) Math.floor(angles[angles.length - 1] / step);
      int count = last - first + 1;
      if (count >= FEWEST_SHOWN && count <= MOST_SHOWN) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> (double) i * step).toList();
      }
    }
    return IntStream.range(0, MOST_SHOWN)
        .mapToObj(i -> angles[i * (angles.length - 1) / (MOST_SHOWN - 1)])
        .toList();
  }

  @Override
  public String title() {
    return "Turned images";
  }

  @Override
  public String participle() {
    return "turned";
  }

  @Override
  public String numeral(double change) {
    return Numerals.angle(change);
  }

  /** Does not happen: a data set has test images. */
  @Override
  public String nothingChosen(DatasetInfo dataset) {
    return "there are no rotation curves for " + dataset + ": it has no test images";
  }

  @Override
  public String caption(SweepFindings found) {
    String text =
        ("Accuracy and mean loss on the first %s of the test set, of all classes, turned about"
                + " their centre by angles counterclockwise. %s At multiples of 90\u00b0 pixels are"
                + " moved as they are, at other angles they are interpolated. The more level a line,"
                + " the less the run depends on which way the images point.")
            .formatted(
                Words.images(found.images()),
                rotation.disc()
                    ? "All but the largest circle within the frame is black, at every angle."
                    : "Black enters at the corners.");
    String level = runsOfQuarterTurns(found);
    return level.isEmpty()
        ? text
        : text
            + " With the same loss to four digits at all multiples of 90\u00b0, as runs have that"
            + " know quarter turns: "
            + level
            + ".";
  }

  /** The names of the runs that quarter turns do not disturb; none where they are not all there. */
  private static String runsOfQuarterTurns(SweepFindings found) {
    List<String> names = new ArrayList<>();
    for (Map.Entry<RunLook, List<SweepRow>> run : found.rows().entrySet()) {
      List<SweepRow> quarters =
          run.getValue().stream().filter(row -> row.change() % QUARTER_TURN == 0).toList();
      Set<Integer> turns =
          quarters.stream()
              .map(row -> Math.floorMod((int) row.change() / QUARTER_TURN, 4))
              .collect(Collectors.toSet());
      Set<String> losses =
          quarters.stream()
              .map(row -> Numerals.fourDigits(row.lossMean()))
              .collect(Collectors.toSet());
      if (turns.size() == 4 && losses.size() == 1) {
        names.add(Numerals.shortened(run.getKey().label()));
      }
    }
    return String.join(", ", names);
  }
}
