package org.imageperformer.training.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * Linear growth over the first 10 epochs, then half a cosine down to 0 at the end of the run
 * (models.md section 6). With T the run's full batches and U those of 10 epochs, the factor on the
 * learning rate is {@code t / U} before U and {@code (1 + cos(pi (t - U) / (T - U))) / 2} from
 * there on.
 *
 * <p>Epochs end with a small batch that T leaves out, so t passes T by as many steps as there are
 * epochs; the rate stays there what it is at T. A run of 10 epochs or fewer is all growth.
 */
public final class LinearWarmupCosine implements Schedule {

  private static final double WARMUP_EPOCHS = 10;

  @Override
  public String name() {
    return "linear_warmup_cosine";
  }

  @Override
  public List<String> problems(ScheduleParameters parameters) {
    List<String> problems = new ArrayList<>();
    if (parameters.warmup() > 0) {
      problems.add(
          "schedule linear_warmup_cosine has a warm-up of its own, of 10 epochs: leave out warmup,"
              + " it is "
              + parameters.warmup());
    }
    if (parameters.maxEpochs() < 1) {
      problems.add(
          "schedule linear_warmup_cosine needs max_epochs of at least 1, it is "
              + parameters.maxEpochs());
    }
    if (parameters.fullBatches() < 1) {
      problems.add(
          "schedule linear_warmup_cosine needs a full batch in an epoch: batch_size is "
              + parameters.batchSize()
              + ", training images are "
              + parameters.images());
    }
    return problems;
  }

  @Override
  public LearningRateSchedule create(ScheduleParameters parameters) {
    long end = parameters.maxEpochs() * parameters.fullBatches();
    long warmup = (long) (end * (WARMUP_EPOCHS / parameters.maxEpochs()));
    return step -> {
      long t = Math.min(step, end);
      double factor =
          t < warmup || end <= warmup
              ? (double) t / warmup
              : (1 + Math.cos(Math.PI * (t - warmup) / (end - warmup))) / 2;
      return parameters.learningRate() * factor;
    };
  }
}
