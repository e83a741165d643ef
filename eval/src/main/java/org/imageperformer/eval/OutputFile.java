package org.imageperformer.eval;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the result of long work goes. */
public final class OutputFile {

  private OutputFile() {}

  /**
   * Checks before the work that there is a folder to write into.
   *
   * @param file to create or replace
   * @throws EvalException when it is a folder itself, or there is none for it
   */
  public static void check(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file)) {
      throw new EvalException("cannot write " + file + ": it is a folder");
    }
    if (folder == null || !Files.isDirectory(folder)) {
      throw new EvalException("cannot write " + file + ": there is no folder " + folder);
    }
  }
}
