package org.imageperformer.tools.authors;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A run of the authors' program, as PyTorch Lightning 1.1 left it: {@code hparams.yaml} and {@code
 * checkpoints/*.ckpt}.
 *
 * @param directory the folder of the run, or the checkpoint where that is all there is
 * @param hparams the hyperparameters: those of {@code hparams.yaml}, all keys kept, and those that
 *     only the checkpoint has. Values are {@code null}, String, Boolean, Number (whole ones as
 *     Integer, Long or BigInteger, others as Double), or something else that only says what it is
 * @param checkpoint the checkpoint file that was read
 * @param checkpointRule why this one
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
    return read(directory, Optional.empty(), ReadLimits.standard());
  }

  /**
   * Reads the checkpoint that the user names, with the hyperparameters of the run.
   *
   * @param source the folder of a run, or a checkpoint with its hyperparameters inside
   * @param given the checkpoint, else it is the newest; its path, or that within the run
   * @throws AuthorsRunException as {@link #read(Path)} does
   */
  static AuthorsRun read(Path source, Optional<Path> given, ReadLimits limits) {
    boolean file = Files.isRegularFile(source);
    if (!file && !Files.isDirectory(source)) {
      throw new AuthorsRunException(
          source
              + ": not a folder; expected the folder of a run of the authors' program, with"
              + " hparams.yaml and checkpoints/*.ckpt, or a file .ckpt");
    }
    if (file && given.isPresent()) {
      throw new AuthorsRunException(source + ": a checkpoint already: leave out --checkpoint");
    }
    Optional<Map<String, Object>> saved = file ? Optional.empty() : HparamsFile.find(source);
    CheckpointChoice choice =
        file
            ? new CheckpointChoice(source, CheckpointRule.ONLY_ONE)
            : given
                .map(name -> CheckpointChoice.given(source, name))
                .orElseGet(() -> CheckpointChoice.of(source, limits));
    Checkpoint checkpoint = Checkpoint.read(choice.file(), limits);
    if (saved.isEmpty() && checkpoint.hparams().isEmpty()) {
      throw new AuthorsRunException(
          file
              ? source
                  + ": holds no hyperparameters; import the folder of its run, which has"
                  + " hparams.yaml, with --checkpoint "
                  + source
              : source
                  + ": no hparams.yaml, and no hyperparameters in "
                  + choice.file()
                  + "; expected the folder of a run of the authors' program, with hparams.yaml and"
                  + " checkpoints/*.ckpt");
    }
    Map<String, Object> hparams = new LinkedHashMap<>(saved.orElse(Map.of()));
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
        source,
        hparams,
        choice.file(),
        choice.rule(),
        checkpoint.epoch(),
        checkpoint.globalStep(),
        checkpoint.tensors());
  }
}
