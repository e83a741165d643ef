package org.imageperformer.tools.plots;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.imageperformer.eval.DistinctPaths;

/** Loss and accuracy over the epochs of training, from the {@code metrics.csv} of runs. */
public final class TrainingPlot {
  private TrainingPlot() {}

  /**
   * Draws every run as two lines per panel: validation, and training dotted.
   *
   * @param runs run directories (cli.md, "A run directory")
   * @param target where the picture goes
   * @throws PlotException if a run cannot be used
   * @throws org.imageperformer.savedmodels.RunException if the picture cannot be written
   */
  public static void draw(List<Path> runs, PictureFile target) {
    List<Path> different = DistinctPaths.of(runs.stream().map(Path::normalize).toList());
    List<String> labels = RunLabels.of(different.stream().map(Path::toString).toList(), different);
    Map<RunLook, TrainingCurves> curves = new LinkedHashMap<>();
    for (int i = 0; i < different.size(); i++) {
      curves.put(new RunLook(labels.get(i), i), TrainingCurves.read(different.get(i)));
    }
    target.write(new Picture(loss(curves), accuracy(curves)));
  }

  /**
   * Draws the same for a web page, which has to have the legend.
   *
   * @param id begins the names of the drawings' parts, no other drawing's on the same page
   * @param runs one or more
   * @return loss and accuracy
   */
  public static List<Svg> draw(String id, Map<RunLook, TrainingCurves> runs) {
    return List.of(loss(runs).svg(id + "-loss"), accuracy(runs).svg(id + "-accuracy"));
  }

  private static Panel loss(Map<RunLook, TrainingCurves> runs) {
    return new Panel("epoch", "loss", Panel.Scale.LOSS, curves(runs, "loss"));
  }

  private static Panel accuracy(Map<RunLook, TrainingCurves> runs) {
    return new Panel("epoch", "accuracy", Panel.Scale.FRACTION, curves(runs, "acc"));
  }

  private static List<Curve> curves(Map<RunLook, TrainingCurves> runs, String metric) {
    List<Curve> curves = new ArrayList<>();
    runs.forEach(
        (look, run) -> {
          String label = look.label() + ", ";
          curves.add(run.curve(label + "validation", look.number(), false, "val/" + metric));
          curves.add(run.curve(label + "training", look.number(), true, "train/" + metric));
        });
    return curves;
  }
}
