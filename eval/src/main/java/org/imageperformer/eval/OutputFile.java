package org.imageperformer.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.imageperformer.savedmodels.OneLine;
import org.imageperformer.savedmodels.RunDirectory;

/** Where the result of long work goes. */
public final class OutputFile {

  private OutputFile() {}

  /**
   * Checks before the work that there is a folder to write into, and that nothing is lost.
   *
   * @param file to create or replace
   * @throws EvalException when it is a folder itself, or there is none for it, or it belongs to a
   *     run
   */
  public static void check(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file)) {
      throw new EvalException("cannot write " + file + ": it is a folder");
    }
    if (folder == null || !Files.isDirectory(folder)) {
      throw new EvalException("cannot write " + file + ": there is no folder " + folder);
    }
    if (RunDirectory.owns(followed(file))) {
      throw new EvalException(
          "cannot write " + file + ": it is one of a run's own files, choose another --output");
    }
  }

  /**
   * Checks the same, and that none of the files is replaced that the work reads.
   *
   * @param file to create or replace
   * @param inputs what is read
   * @throws EvalException as {@link #check(Path)}, and when it is one of the inputs
   */
  public static void check(Path file, List<Path> inputs) {
    check(file);
    for (Path input : inputs) {
      if (Files.exists(file) && Files.exists(input) && followed(file).equals(followed(input))) {
        throw new EvalException(
            "cannot write " + file + ": it is what is read, choose another --output");
      }
    }
  }

  /** By whatever name and links it is called. */
  private static Path followed(Path file) {
    try {
      return Files.exists(file)
          ? file.toRealPath()
          : file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
    } catch (IOException e) {
      throw new EvalException("cannot write " + file + ": " + OneLine.reason(e, file), e);
    }
  }
}
