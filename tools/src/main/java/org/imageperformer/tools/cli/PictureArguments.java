package org.imageperformer.tools.cli;

import java.util.ArrayList;
import java.util.Optional;
import org.imageperformer.datasets.pictures.Fit;
import org.imageperformer.datasets.pictures.Invert;
import org.imageperformer.options.Labelled;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of commands that classify a user's pictures: how these become a model's images. */
public final class PictureArguments {
  /** What the option --invert takes. */
  static final class Inversions extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Inversions() {
      super(Labelled.labels(Invert.class));
    }
  }

  /** What the option --fit takes. */
  static final class Fits extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Fits() {
      super(Labelled.labels(Fit.class));
    }
  }

  @Option(
      names = "--invert",
      paramLabel = "auto|yes|no",
      completionCandidates = Inversions.class,
      defaultValue = "auto",
      description =
          "Take light for dark; auto does where the margin is light and the data set's images have"
              + " black ones.")
  private String invert;

  @Option(
      names = "--fit",
      paramLabel = "pad|stretch",
      completionCandidates = Fits.class,
      description = {
        "Keep a picture's proportions, black around it, or not.",
        "  Default: as the model's own pictures were fitted, else pad"
      })
  private String fit;

  /**
   * Whether light and dark change places.
   *
   * @param command whose usage is wrong where the option is
   * @throws ParameterException if the word is none that the option takes
   */
  public Invert invert(BaseCommand command) {
    return labelled(command, Invert.class, "invert", invert);
  }

  /**
   * What becomes of other proportions than the model's; empty for what became of the pictures that
   * it was trained on.
   *
   * @param command whose usage is wrong where the option is
   * @throws ParameterException if the word is none that the option takes
   */
  public Optional<Fit> fit(BaseCommand command) {
    return Optional.ofNullable(fit).map(label -> labelled(command, Fit.class, "fit", label));
  }

  private static <T extends Enum<T> & Labelled> T labelled(
      BaseCommand command, Class<T> type, String option, String label) {
    try {
      return Labelled.of(type, option, label);
    } catch (IllegalArgumentException e) {
      throw command.wrongUsage(e.getMessage());
    }
  }
}
