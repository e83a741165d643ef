package org.imageperformer.tools.authors;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.imageperformer.training.TrainingConfig;

/** A published program whose trained models become runs of ours. */
public interface PublishedProgram {

  /**
   * What it trained.
   *
   * @param config the training, with the model
   * @param values of all weights by our names, row-major
   * @param file that they were read from
   * @param why this file
   * @param remarks for the user
   */
  record Trained(
      TrainingConfig config,
      Map<String, float[]> values,
      Path file,
      String why,
      List<String> remarks) {}

  /**
   * Reads a model.
   *
   * @throws AuthorsRunException if that is not what the program writes, does not fit what the user
   *     says, or is damaged, hostile or too large; the message names the file and what to do
   */
  Trained read(Path source, ImportRequest request);

  /**
   * The program that wrote a file of weights, a checkpoint, or the folder of a run.
   *
   * @throws AuthorsRunException if it is a file that cannot be read
   */
  static PublishedProgram of(Path source) {
    if (!Files.isRegularFile(source)) {
      return source.toString().endsWith(".pt") ? new GsaProgram() : new PerformerProgram();
    }
    Checkpoint.Outline outline = Checkpoint.Outline.read(source, ReadLimits.standard());
    boolean checkpoint = source.toString().endsWith(".ckpt") && !outline.bare();
    return checkpoint || outline.hparams().containsKey("model")
        ? new PerformerProgram()
        : new GsaProgram();
  }
}
