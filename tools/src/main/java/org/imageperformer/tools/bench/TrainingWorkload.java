package org.imageperformer.tools.bench;

import static org.imageperformer.training.TrainingOptions.BATCH_SIZE;

import java.util.Arrays;
import java.util.function.Consumer;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.training.Moment;
import org.imageperformer.training.StepResult;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.engine.GraphTrainable;
import org.imageperformer.training.engine.ProcessGroup;
import org.tensorflow.proto.RunMetadata;

/**
 * Steps of training: forward, backward, clipping and Adam, as the training loop takes them, by one
 * process or by several that share every batch.
 */
public final class TrainingWorkload implements Workload {
  /** Too small to change anything that costs time. */
  private static final double LEARNING_RATE = 1e-6;

  private final GraphTrainable model;
  private final ImageSet images;
  private final boolean counts;
  private final int[] batch;
  private long step;

  /**
   * Builds a model.
   *
   * @param group the processes that take the steps together
   * @param counts whether this process counts the images of a step that several share
   */
  public TrainingWorkload(TrainingConfig config, ProcessGroup group, boolean counts) {
    this.counts = counts;
    model = new GraphTrainable(config, group);
    images = NoiseImages.of(config, config.get(BATCH_SIZE));
    batch = new int[config.get(BATCH_SIZE)];
    Arrays.setAll(batch, i -> i);
  }

  @Override
  public Done run(boolean last) {
    StepResult result = model.trainStep(images, batch, step, LEARNING_RATE, new Moment(last, 0));
    step++;
    return new Done(counts ? result.count() : 0, result.moment().stopRequested());
  }

  @Override
  public int profile(Consumer<RunMetadata> listener) {
    model.profile(listener, () -> run(false));
    return batch.length;
  }

  @Override
  public void close() {
    model.close();
  }
}
