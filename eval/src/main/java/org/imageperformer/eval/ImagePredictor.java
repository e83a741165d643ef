package org.imageperformer.eval;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.pictures.Fit;
import org.imageperformer.datasets.pictures.Invert;
import org.imageperformer.datasets.pictures.Picture;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.ModelInfo;
import org.imageperformer.savedmodels.Predictions;
import org.imageperformer.savedmodels.RunException;
import org.imageperformer.savedmodels.SavedModel;

/**
 * Classifies pictures in files (cli.md, {@code predict}). Every image is a batch of its own, so
 * that its prediction never depends on the other files. They are decoded and resized here, and not
 * by the model's signature {@code encoded_images}, which knows nothing of EXIF and gives no notes.
 */
public final class ImagePredictor implements AutoCloseable {

  private final SavedModel model;
  private final int threads;
  private final Invert invert;
  private final Fit fit;
  private final boolean blackMargins;

  private ImagePredictor(SavedModel model, int threads, Invert invert, Fit fit) {
    this.model = model;
    this.threads = threads;
    this.invert = invert;
    this.fit = fit;
    this.blackMargins = blackMargins(model.info());
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
    return load(run, options, Invert.AUTO);
  }

  /**
   * Loads a run's model; what becomes of pictures with other proportions than its images is what
   * became of those that it was trained on, else {@link Fit#PAD}.
   *
   * @param run its folder, or that of a SavedModel
   * @param options how it is run
   * @param invert whether light and dark change places
   * @return the predictor, to be closed
   * @throws RunException when there is no SavedModel, or it is damaged
   */
  public static ImagePredictor load(Path run, LoadOptions options, Invert invert) {
    SavedModel model = SavedModel.load(run, options);
    try {
      return new ImagePredictor(model, options.threads(), invert, trainedFit(model.info()));
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  /**
   * Loads a run's model.
   *
   * @param run its folder, or that of a SavedModel
   * @param options how it is run
   * @param invert whether light and dark change places
   * @param fit what becomes of pictures with other proportions than the model's images
   * @return the predictor, to be closed
   * @throws RunException when there is no SavedModel, or it is damaged
   */
  public static ImagePredictor load(Path run, LoadOptions options, Invert invert, Fit fit) {
    return new ImagePredictor(SavedModel.load(run, options), options.threads(), invert, fit);
  }

  private static Fit trainedFit(ModelInfo model) {
    return model.hparams().findString("fit").map(Fit::of).orElse(Fit.PAD);
  }

  /** Whether the images of a data set have empty margins; no for one that is not known here. */
  private static boolean blackMargins(ModelInfo model) {
    try {
      return Datasets.info(model.dataset(), Path.of("data"), model.hparams().values()).shiftable();
    } catch (IllegalArgumentException | DatasetException e) {
      return false;
    }
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
   * @param files pictures of any size up to 64 megapixels
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
      Picture fitted = fitted(PictureSource.of(file));
      return outcome(file, model.predict(ByteBuffer.wrap(fitted.pixels()), 1), 0, fitted.notes());
    } catch (DatasetException e) {
      return new ImageOutcome.Failed(file, e.getMessage());
    }
  }

  /**
   * Classifies pictures in the calling thread, which may be one of several; one that cannot be read
   * does not keep the others from it. Models whose images depend on each other get each picture
   * alone, as in {@link #predict}; others get several at a time.
   *
   * @param pictures of any size up to 64 megapixels
   * @return one outcome for each, in order
   * @throws RunException when the model fails on an image that was read
   */
  public List<ImageOutcome> predictTogether(List<PictureSource> pictures) {
    ImageOutcome[] outcomes = new ImageOutcome[pictures.size()];
    List<Integer> places = new ArrayList<>();
    List<Picture> read = new ArrayList<>();
    for (int i = 0; i < outcomes.length; i++) {
      try {
        read.add(fitted(pictures.get(i)));
        places.add(i);
      } catch (DatasetException e) {
        outcomes[i] = new ImageOutcome.Failed(pictures.get(i).file(), e.getMessage());
      }
    }
    boolean alone = model.info().dependsOnBatch();
    Predictions all =
        alone
            ? null
            : model.predictAll(
                read.size(), (i, into) -> into.put(read.get(i).pixels()), done -> {});
    for (int i = 0; i < read.size(); i++) {
      Picture picture = read.get(i);
      Predictions its = alone ? model.predict(ByteBuffer.wrap(picture.pixels()), 1) : all;
      int place = places.get(i);
      outcomes[place] = outcome(pictures.get(place).file(), its, alone ? 0 : i, picture.notes());
    }
    return List.of(outcomes);
  }

  private Picture fitted(PictureSource source) {
    ModelInfo info = model.info();
    Picture whole = Picture.decode(source.file(), source.content().get(), info.channels());
    return fit.apply(invert.apply(whole, blackMargins), info.height(), info.width());
  }

  private ImageOutcome outcome(Path file, Predictions predictions, int image, List<String> notes) {
    List<Double> probabilities = new ArrayList<>();
    for (float probability : predictions.probabilities(image)) {
      probabilities.add((double) probability);
    }
    int label = predictions.predictedClass(image);
    return new ImageOutcome.Predicted(
        file,
        label,
        model.info().classes().get(label),
        probabilities.get(label),
        probabilities,
        notes);
  }

  /** Frees the model. */
  @Override
  public void close() {
    model.close();
  }
}
