package org.imageperformer.tools.bench;

import static org.imageperformer.training.TrainingOptions.BATCH_SIZE;

import java.util.Arrays;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.training.Moment;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.engine.GraphTrainable;

/** Steps of training: forward, backward, clipping and Adam, as the training loop takes them. */
public final class TrainingWorkload implements Workload {
  /** Too small to change anything that costs time. */
  private static final double LEARNING_RATE = 1e-6;

  private final GraphTrainable model;
  private final ImageSet images;
  private final int[] batch;
  private long step;

  public TrainingWorkload(TrainingConfig config) {
    model = new GraphTrainable(config);
    images = NoiseImages.of(config, config.get(BATCH_SIZE));
    batch = new int[config.get(BATCH_SIZE)];
    Arrays.setAll(batch, i -> i);
  }

  @Override
  public int run() {
    model.trainStep(images, batch, step, LEARNING_RATE, Moment.START);
    step++;
    return batch.length;
  }

  @Override
  public void close() {
    model.close();
  }
}
