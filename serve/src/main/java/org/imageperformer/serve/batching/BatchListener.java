package org.imageperformer.serve.batching;

/** Is told what becomes of the requests for one signature. Called by several threads. */
public interface BatchListener {
  /**
   * A batch is about to be run.
   *
   * @param rows in it
   */
  void onBatch(int rows);

  /** A request was refused, since too many are waiting. */
  void onFull();
}
