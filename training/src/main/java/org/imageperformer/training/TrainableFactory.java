package org.imageperformer.training;

/** Builds the model that a configuration describes, with its initial weights. */
@FunctionalInterface
public interface TrainableFactory {
  /**
   * Builds a model for training.
   *
   * @param config model, seed, dropout, clipping, device, threads and precision are used
   * @return to be closed by the caller
   */
  Trainable create(TrainingConfig config);
}
