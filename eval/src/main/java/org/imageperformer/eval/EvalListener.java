package org.imageperformer.eval;

import java.nio.file.Path;

/** Is told how evaluations go. */
public interface EvalListener {

  /**
   * Images of a run have been predicted.
   *
   * @param run its folder
   * @param part what is evaluated, such as {@code validation}, {@code test} or {@code shift 3}
   * @param done images so far
   * @param total images in all
   */
  void progress(Path run, String part, int done, int total);

  /**
   * A run is done and its results are written.
   *
   * @param run its folder
   */
  void finished(Path run);

  /**
   * A run is left out, since it has no SavedModel yet; or a folder that cannot be looked into.
   *
   * @param run its folder
   * @param reason one line
   */
  void skipped(Path run, String reason);

  /**
   * A run is evaluated, but not as its user may think.
   *
   * @param run its folder
   * @param text one line that names the run
   */
  default void warned(Path run, String text) {}

  /**
   * A run failed; the others go on.
   *
   * @param run its folder
   * @param reason why
   */
  void failed(Path run, RuntimeException reason);

  /**
   * A listener that ignores everything.
   *
   * @return the listener
   */
  static EvalListener silent() {
    return new EvalListener() {
      @Override
      public void progress(Path run, String part, int done, int total) {}

      @Override
      public void finished(Path run) {}

      @Override
      public void skipped(Path run, String reason) {}

      @Override
      public void failed(Path run, RuntimeException reason) {}
    };
  }
}
