package org.imageperformer.eval;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.ModelInfo;
import org.imageperformer.savedmodels.Predictions;
import org.imageperformer.savedmodels.RunException;
import org.imageperformer.savedmodels.SavedModel;

/**
 * Classifies PNG and JPEG files (cli.md, {@code predict}). Every image is a batch of its own, so
 * that its prediction never depends on the other files. The model decodes and resizes them itself;
 * one without the signature {@code encoded_images} gets them decoded and resized here.
 */
public final class ImagePredictor implements AutoCloseable {

  private final SavedModel model;
  private final int threads;

  private ImagePredictor(SavedModel model, int threads) {
    this.model = model;
    this.threads = threads;
  }

  /**
   * Loads a run's model.
   *
   * @param run its folder, or that of a SavedModel
   * @param options how it is run
   * @return the predictor, to be closed
   * @throws RunException when there is no SavedModel, or it is damaged
   */
  public static ImagePredictor load(Path run, LoadOptions options) {
    return new ImagePredictor(SavedModel.load(run, options), options.threads());
  }

  /**
   * Returns the names of the classes, by label.
   *
   * @return 2 or more
   */
  public List<String> classes() {
    return model.info().classes();
  }

  /**
   * Classifies files; one that cannot be read does not keep the others from it.
   *
   * @param files PNG or JPEG images of any size up to 64 megapixels
   * @return one outcome for each, in order
   * @throws EvalException when the thread is interrupted
   * @throws RunException when the model fails on an image that was read
   */
  public List<ImageOutcome> predict(List<Path> files) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<ImageOutcome>> futures = new ArrayList<>();
      for (Path file : files) {
        futures.add(pool.submit(() -> predict(file)));
      }
      List<ImageOutcome> outcomes = new ArrayList<>();
      for (Future<ImageOutcome> future : futures) {
        outcomes.add(future.get());
      }
      return outcomes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EvalException("interrupted while predicting", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RunException broken) {
        throw broken;
      }
      throw new IllegalStateException("predicting failed", e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private ImageOutcome predict(Path file) {
    try {
      ImageFile image = ImageFile.read(file);
      return outcome(file, model.takesEncodedImages() ? encoded(image) : decoded(image));
    } catch (EvalException e) {
      return new ImageOutcome.Failed(file, e.getMessage());
    }
  }

  private Predictions encoded(ImageFile image) {
    try {
      return model.predictEncoded(List.of(image.bytes()));
    } catch (RunException e) {
      throw new EvalException(
          image.file() + ": the model cannot decode this " + image.format() + " image", e);
    }
  }

  private Predictions decoded(ImageFile image) {
    ModelInfo info = model.info();
    byte[] pixels = image.pixels(info.height(), info.width(), info.channels());
    return model.predict(ByteBuffer.wrap(pixels), 1);
  }

  private ImageOutcome outcome(Path file, Predictions predictions) {
    List<Double> probabilities = new ArrayList<>();
    for (float probability : predictions.probabilities(0)) {
      probabilities.add((double) probability);
    }
    int label = predictions.predictedClass(0);
    return new ImageOutcome.Predicted(
        file, label, model.info().classes().get(label), probabilities.get(label), probabilities);
  }

  /** Frees the model. */
  @Override
  public void close() {
    model.close();
  }
}
