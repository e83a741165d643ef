package org.imageperformer.tools.bench;

import static org.imageperformer.training.TrainingOptions.BATCH_SIZE;
import static org.imageperformer.training.TrainingOptions.PRECISION;
import static org.imageperformer.training.TrainingOptions.SEED;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.savedmodels.AtomicFiles;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.SavedModel;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.engine.ModelExport;
import org.tensorflow.proto.RunMetadata;

/** Predictions of an exported SavedModel, as test makes them. */
public final class InferenceWorkload implements Workload {
  /** Batches of one unit of work: enough that threads do not wait for each other at its end. */
  private static final int BATCHES = 4;

  private final SavedModel model;
  private final ImageSet images;

  /**
   * Exports a model with initial weights and loads it.
   *
   * @param loading where and how it is run
   */
  public InferenceWorkload(TrainingConfig config, LoadOptions loading, String productVersion) {
    images = NoiseImages.of(config, BATCHES * config.get(BATCH_SIZE));
    try {
      Path folder = Files.createTempDirectory("performer-bench");
      try {
        Path target = folder.resolve("saved_model");
        Weights weights = config.spec().outline().weights();
        new ModelExport(productVersion, config.get(PRECISION))
            .write(config, weights.initialValues(config.get(SEED)), target);
        model = SavedModel.load(target, loading);
      } finally {
        AtomicFiles.deleteTree(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a SavedModel to measure: " + e.getMessage(), e);
    }
  }

  @Override
  public Done run(boolean last) {
    model.predictAll(images.size(), images::copyImage, done -> {});
    return new Done(images.size(), last);
  }

  @Override
  public int profile(Consumer<RunMetadata> listener) {
    int count = model.imagesAtOnce();
    ByteBuffer chunk = ByteBuffer.allocateDirect(count * model.info().imageBytes());
    for (int i = 0; i < count; i++) {
      images.copyImage(i, chunk);
    }
    listener.accept(model.profile(chunk.flip(), count));
    return count;
  }

  @Override
  public void close() {
    model.close();
  }
}
