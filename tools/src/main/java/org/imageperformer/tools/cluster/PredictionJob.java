package org.imageperformer.tools.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.imageperformer.datasets.pictures.Fit;
import org.imageperformer.datasets.pictures.Invert;

/**
 * Many pictures to be classified.
 *
 * @param model a run's folder, or that of a SavedModel
 * @param input the pictures
 * @param output the folder to write, a path or an address of Hadoop's
 * @param format of the output
 * @param overwrite whether an output that is there is replaced
 * @param probabilities whether those of all classes are wanted
 * @param invert whether light and dark change places
 * @param fit what becomes of pictures with other proportions; empty for what the model was trained
 *     with
 */
public record PredictionJob(
    Path model,
    Input input,
    String output,
    Format format,
    boolean overwrite,
    boolean probabilities,
    Invert invert,
    Optional<Fit> fit) {

  /** Where pictures come from. */
  public sealed interface Input {}

  /**
   * Files, which every machine finds under the same names.
   *
   * @param paths one or more, each once
   */
  public record PictureFiles(List<Path> paths) implements Input {

    /** Copies the paths. */
    public PictureFiles {
      paths = List.copyOf(paths);
    }
  }

  /**
   * A Parquet table.
   *
   * @param location a path or an address of Hadoop's
   * @param idColumn the column that names a picture, of any type
   * @param imageColumn the binary column with its file's bytes; a dot leads into a structure
   */
  public record PictureTable(String location, String idColumn, String imageColumn)
      implements Input {}

  /** How the output is written. */
  public enum Format {
    /** Apache Parquet. */
    PARQUET,
    /** Text with commas, a header in each file. */
    CSV
  }
}
