package org.imageperformer.tools.cluster;

import java.nio.file.InvalidPathException;
import java.util.List;
import org.imageperformer.tools.cluster.PredictionJob.Input;
import org.imageperformer.tools.cluster.PredictionJob.PictureFiles;
import org.imageperformer.tools.cluster.PredictionJob.PictureTable;

/** What the words of an input mean: picture files, or a Parquet table. */
public final class PredictionInputs {
  private static final String PARQUET = ".parquet";

  private PredictionInputs() {}

  /**
   * Returns the input.
   *
   * @param words files, folders and patterns; or one Parquet table, whose name ends in .parquet
   * @param idColumn of a table
   * @param imageColumn of a table
   * @throws IllegalArgumentException naming what is not there, or does not go together
   */
  public static Input parse(List<String> words, String idColumn, String imageColumn) {
    List<String> tables = words.stream().filter(PredictionInputs::isTable).toList();
    if (!tables.isEmpty()) {
      if (words.size() > 1) {
        throw new IllegalArgumentException(
            "input is a Parquet table, "
                + tables.get(0)
                + ", and more: give one table, or pictures");
      }
      return new PictureTable(words.get(0), idColumn, imageColumn);
    }
    for (String word : words) {
      if (isAddress(word)) {
        throw new IllegalArgumentException(
            "input is "
                + word
                + ": pictures are read as files that all machines share; put those of an object"
                + " store or HDFS into a Parquet table");
      }
    }
    try {
      return new PictureFiles(InputPaths.find(words));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("input: " + e.getMessage(), e);
    }
  }

  private static boolean isTable(String word) {
    return word.replaceFirst("/+$", "").endsWith(PARQUET);
  }

  /** Whether a word is an address such as hdfs://host/x, and no path. */
  public static boolean isAddress(String word) {
    return word.matches("[a-zA-Z][a-zA-Z0-9+.-]+:/.*");
  }
}
