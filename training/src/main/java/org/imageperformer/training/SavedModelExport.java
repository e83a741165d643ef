package org.imageperformer.training;

import java.nio.file.Path;

/** Writes the SavedModel of a checkpoint (cli.md, "The SavedModel"). */
@FunctionalInterface
public interface SavedModelExport {
  /**
   * Writes the SavedModel.
   *
   * @param config of the run
   * @param checkpoint a directory that {@link Trainable#save} filled
   * @param target the directory to create or replace, in one piece
   */
  void export(TrainingConfig config, Path checkpoint, Path target);
}
