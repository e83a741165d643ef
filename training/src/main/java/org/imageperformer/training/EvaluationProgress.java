package org.imageperformer.training;

/** Is told how far an evaluation has come. */
@FunctionalInterface
public interface EvaluationProgress {
  /**
   * A batch was evaluated.
   *
   * @param done images evaluated
   * @param total images in all
   */
  void evaluated(long done, long total);
}
