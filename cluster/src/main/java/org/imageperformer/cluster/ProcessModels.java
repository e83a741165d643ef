package org.imageperformer.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkFiles;
import org.imageperformer.datasets.pictures.Fit;
import org.imageperformer.datasets.pictures.Invert;
import org.imageperformer.eval.ImagePredictor;
import org.imageperformer.savedmodels.LoadOptions;

/**
 * The models that this process, an executor of Spark's, has loaded: each once for all its tasks.
 */
final class ProcessModels {
  private static final Map<String, ImagePredictor> LOADED = new HashMap<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(ProcessModels::close, "close models"));
  }

  private ProcessModels() {}

  /** Returns a model, loaded by the first that asks for it. */
  static synchronized ImagePredictor get(ModelFiles files, Invert invert, Optional<Fit> fit) {
    return LOADED.computeIfAbsent(files.id(), id -> load(files, invert, fit));
  }

  private static ImagePredictor load(ModelFiles files, Invert invert, Optional<Fit> fit) {
    Path folder;
    try {
      folder = Files.createTempDirectory(Path.of(SparkFiles.getRootDirectory()), "model");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      files.write(folder);
      // Tasks are the threads.
      LoadOptions options = LoadOptions.cpu(1);
      return fit.isPresent()
          ? ImagePredictor.load(folder, options, invert, fit.get())
          : ImagePredictor.load(folder, options, invert);
    } finally {
      // All is in TensorFlow's memory now: whatever ends the process later leaves no folder behind.
      ModelFiles.delete(folder);
    }
  }

  /** Frees all models, after the predictions that are under way. */
  static synchronized void close() {
    LOADED.values().forEach(ImagePredictor::close);
    LOADED.clear();
  }
}
