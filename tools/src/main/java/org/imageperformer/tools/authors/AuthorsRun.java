package org.imageperformer.tools.authors;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A run of the authors' program, as PyTorch Lightning 1.1 left it: {@code hparams.yaml} and {@code
 * checkpoints/*.ckpt}.
 *
 * @param directory the folder of the run
 * @param hparams the hyperparameters: those of {@code hparams.yaml}, all keys kept, and those that
 *     only the checkpoint has. Values are {@code null}, String, Boolean, Number (whole ones as
 *     Integer, Long or BigInteger, others as Double), List or Map
 * @param checkpoint the checkpoint file that was read, the newest
 * @param checkpointRule why this one is the newest
 * @param epoch epochs that were trained, if the checkpoint says so
 * @param globalStep optimizer steps that were made, if the checkpoint says so
 * @param tensors the parameters and buffers by name, in the order of the checkpoint
 */
public record AuthorsRun(
    Path directory,
    Map<String, Object> hparams,
    Path checkpoint,
    CheckpointRule checkpointRule,
    OptionalLong epoch,
    OptionalLong globalStep,
    Map<String, WeightTensor> tensors) {

  /** Copies the maps, keeping their order. */
  public AuthorsRun {
    // Map.copyOf would lose the order, and a hyperparameter may be null.
    hparams = Collections.unmodifiableMap(new LinkedHashMap<>(hparams));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * Reads a run: its hyperparameters and the weights of its newest checkpoint.
   *
   * @throws AuthorsRunException if the folder is no such run, or a file is damaged, hostile or too
   *     large; the message names the file and what to do
   */
  public static AuthorsRun read(Path directory) {
    return read(directory, ReadLimits.standard());
  }

  static AuthorsRun read(Path directory, ReadLimits limits) {
    if (!Files.isDirectory(directory)) {
      throw new AuthorsRunException(
          directory
              + ": not a folder; expected the folder of a run of the authors' program, with"
              + " hparams.yaml and checkpoints/*.ckpt");
    }
    Map<String, Object> hparams = HparamsFile.read(directory);
    CheckpointChoice choice = CheckpointChoice.of(directory);
    Checkpoint checkpoint = Checkpoint.read(choice.file(), limits);
    checkpoint
        .hparams()
        .forEach(
            (name, value) -> {
              // Not putIfAbsent: a null of hparams.yaml is a value.
              if (!hparams.containsKey(name)) {
                hparams.put(name, value);
              }
            });
    return new AuthorsRun(
        directory,
        hparams,
        choice.file(),
        choice.rule(),
        checkpoint.epoch(),
        checkpoint.globalStep(),
        checkpoint.tensors());
  }
}
