package org.imageperformer.eval;

import java.nio.file.Path;
import java.util.List;

/** What became of one image file. */
public sealed interface ImageOutcome {

  /**
   * Returns the file, as the user named it.
   *
   * @return its path
   */
  Path file();

  /**
   * The model's opinion.
   *
   * @param file the image
   * @param label the most probable class
   * @param className its name
   * @param probability of that class, 0 to 1
   * @param probabilities of all classes, by label
   * @param notes what was done to the picture, and why the answer may be wrong: a clause each
   */
  record Predicted(
      Path file,
      int label,
      String className,
      double probability,
      List<Double> probabilities,
      List<String> notes)
      implements ImageOutcome {

    /** Copies the lists. */
    public Predicted {
      notes = List.copyOf(notes);
      probabilities = List.copyOf(probabilities);
    }
  }

  /**
   * No prediction.
   *
   * @param file the image
   * @param reason one line that names the file
   */
  record Failed(Path file, String reason) implements ImageOutcome {}
}
