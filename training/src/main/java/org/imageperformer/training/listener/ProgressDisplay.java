package org.imageperformer.training.listener;

/** Shows how far a piece of work has come. */
interface ProgressDisplay extends AutoCloseable {

  /**
   * Something has moved on.
   *
   * @param task what is being done; another task than before ends that one
   * @param done how much of it
   * @param total all of it
   * @param message what else there is to say, may be empty
   */
  void show(String task, long done, long total, String message);

  /** Leaves the screen to whoever prints next. */
  void clear();

  @Override
  default void close() {
    clear();
  }
}
