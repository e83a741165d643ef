package org.imageperformer.tools.commands;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.imageperformer.datasets.pictures.Fit;
import org.imageperformer.datasets.pictures.Invert;
import org.imageperformer.eval.ImageOutcome;
import org.imageperformer.eval.ImagePredictor;
import org.imageperformer.savedmodels.JsonText;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.OneLine;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.cli.LoadArguments;
import org.imageperformer.tools.cli.PictureArguments;
import org.imageperformer.tools.cli.RunResults;
import org.imageperformer.tools.cli.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Classifies image files. */
@Command(
    name = "predict",
    description = {
      "Shows class and probability for image files.",
      "Files that cannot be read are named, the others go on, and the exit status is 1."
    })
final class PredictCommand extends BaseCommand implements Callable<Integer> {

  /** Images for which a GSA-Net gains as much as compiling it takes, about. */
  private static final int WORTH_COMPILING = 100;

  @Parameters(
      index = "0",
      paramLabel = "RUN_DIR",
      description = "The run, or the folder of its SavedModel.")
  private Path run;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "PNG, JPEG, BMP, GIF, WebP or PNM files of any size.")
  private List<Path> images;

  @Option(names = "--json", description = "Print JSON, with the probabilities of all classes.")
  private boolean json;

  @Mixin private PictureArguments pictures = new PictureArguments();

  @Mixin private LoadArguments arguments = new LoadArguments();

  @Override
  public Integer call() {
    List<ImageOutcome> outcomes;
    List<String> classes;
    try (ImagePredictor predictor = load()) {
      classes = predictor.classes();
      outcomes = predictor.predict(images);
    }
    if (json) {
      printJson(outcomes, classes);
    } else {
      printTable(outcomes);
    }
    boolean failed = false;
    for (ImageOutcome outcome : outcomes) {
      if (outcome instanceof ImageOutcome.Failed failure) {
        err().println("error: " + OneLine.of(failure.reason()));
        failed = true;
      } else if (outcome instanceof ImageOutcome.Predicted predicted) {
        String name = OneLine.of(predicted.file().toString());
        predicted.notes().forEach(note -> err().println("note: " + name + ": " + note));
      }
    }
    return failed ? ExitCode.SOFTWARE : ExitCode.OK;
  }

  private ImagePredictor load() {
    Invert invert = pictures.invert(this);
    Optional<Fit> fit = pictures.fit(this);
    LoadOptions options = arguments.options(this);
    if (images.size() < WORTH_COMPILING) {
      options = options.withoutCompiling();
    }
    return fit.isPresent()
        ? ImagePredictor.load(run, options, invert, fit.get())
        : ImagePredictor.load(run, options, invert);
  }

  private void printTable(List<ImageOutcome> outcomes) {
    TextTable table = new TextTable(2, "image", "class", "probability");
    for (ImageOutcome outcome : outcomes) {
      if (outcome instanceof ImageOutcome.Predicted predicted) {
        table.add(
            OneLine.of(predicted.file().toString()),
            OneLine.of(predicted.className()),
            RunResults.text(predicted.probability()));
      }
    }
    if (outcomes.stream().anyMatch(ImageOutcome.Predicted.class::isInstance)) {
      table.print(out());
    }
  }

  private void printJson(List<ImageOutcome> outcomes, List<String> classes) {
    out().print(JsonText.of(outcomes.stream().map(outcome -> fields(outcome, classes)).toList()));
  }

  private static Map<String, Object> fields(ImageOutcome outcome, List<String> classes) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", outcome.file().toString());
    if (outcome instanceof ImageOutcome.Predicted predicted) {
      fields.put("class", predicted.className());
      fields.put("label", predicted.label());
      fields.put("probability", predicted.probability());
      Map<String, Double> probabilities = new LinkedHashMap<>();
      for (int label = 0; label < classes.size(); label++) {
        probabilities.put(classes.get(label), predicted.probabilities().get(label));
      }
      fields.put("probabilities", probabilities);
      fields.put("notes", predicted.notes());
    } else if (outcome instanceof ImageOutcome.Failed failed) {
      fields.put("error", failed.reason());
    }
    return fields;
  }
}
