package org.imageperformer.eval;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.imageperformer.savedmodels.OneLine;
import org.imageperformer.savedmodels.RunDirectory;

/** Where the result of long work goes. */
public final class OutputFile {
  /** As much of a file as says what it is. */
  private static final int BEGINNING = 4096;

  /** What is written. */
  public enum Content {
    /** Text with commas in its first line. */
    TABLE("table") {
      @Override
      boolean isAtBeginningOf(String file) {
        return file.lines().findFirst().orElse("").matches("[^\\p{Cntrl}]*,[^\\p{Cntrl}]*");
      }
    },
    /** HTML. */
    PAGE("page") {
      @Override
      boolean isAtBeginningOf(String file) {
        return file.stripLeading().startsWith("<");
      }
    },
    /** SVG or PNG. */
    PICTURE("picture") {
      @Override
      boolean isAtBeginningOf(String file) {
        return file.stripLeading().startsWith("<") || file.startsWith("\u0089PNG");
      }
    };

    private final String label;

    Content(String label) {
      this.label = label;
    }

    /** Whether a file is of this kind, by its first bytes, a character each. */
    abstract boolean isAtBeginningOf(String file);
  }

  private OutputFile() {}

  /**
   * Checks before the work that there is a folder to write into, and that nothing is lost: of files
   * that are there only those of the same kind are replaced, so never those of a data set.
   *
   * @param file to create or replace
   * @param content what is to be written
   * @throws EvalException when it is a folder itself, or there is none for it, or it belongs to a
   *     run, or is of another kind
   */
  public static void check(Path file, Content content) {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file)) {
      throw new EvalException("cannot write " + file + ": it is a folder");
    }
    if (folder == null || !Files.isDirectory(folder)) {
      throw new EvalException("cannot write " + file + ": there is no folder " + folder);
    }
    refuseARuns(file);
    // A pipe or a terminal has nothing to lose, and would wait to be read.
    if (Files.isRegularFile(file)) {
      String beginning = beginning(file);
      if (!beginning.isEmpty() && !content.isAtBeginningOf(beginning)) {
        throw new EvalException(
            "cannot write "
                + file
                + ": there is a file of another kind, not a "
                + content.label
                + "; choose another --output, or remove it");
      }
    }
  }

  /**
   * Checks the same, and that none of the files is replaced that the work reads.
   *
   * @param file to create or replace
   * @param content what is to be written
   * @param inputs what is read
   * @throws EvalException as {@link #check(Path, Content)}, and when it is one of the inputs
   */
  public static void check(Path file, Content content, List<Path> inputs) {
    for (Path input : inputs) {
      if (isSame(file, input)) {
        throw new EvalException(
            "cannot write " + file + ": it is what is read, choose another --output");
      }
    }
    check(file, content);
  }

  /**
   * Checks of a file or folder that it is none of a run's own.
   *
   * @param output need not exist, nor need its folder
   * @throws EvalException when it is
   */
  public static void refuseARuns(Path output) {
    if (RunDirectory.owner(output).isPresent()) {
      throw new EvalException(
          "cannot write " + output + ": it is one of a run's own files, choose another --output");
    }
  }

  private static String beginning(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(BEGINNING), ISO_8859_1);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /** Whether both names are those of one file that is there, links of both kinds included. */
  private static boolean isSame(Path file, Path other) {
    try {
      return Files.exists(file) && Files.exists(other) && Files.isSameFile(file, other);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static EvalException unwritable(Path file, IOException e) {
    return new EvalException("cannot write " + file + ": " + OneLine.reason(e, file), e);
  }
}
