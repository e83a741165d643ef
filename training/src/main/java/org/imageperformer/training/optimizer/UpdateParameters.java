package org.imageperformer.training.optimizer;

import java.util.ArrayList;
import java.util.List;

/**
 * The numbers in update rules. A step divides the summed gradients by the number of images, clips
 * their global norm, adds {@code weightDecay * weight} (L2, to every trained weight), and gives the
 * sum to the rule: the norm that is clipped and reported is that of the loss alone.
 *
 * @param adamBetas the two decay rates of Adam's moments, in [0, 1)
 * @param adamEpsilon added to the square root of the bias-corrected second moment, above 0
 * @param momentum of SGD, in [0, 1)
 * @param weightDecay factor of the weights in the gradients, 0 for none
 */
public record UpdateParameters(
    List<Double> adamBetas, double adamEpsilon, double momentum, double weightDecay) {

  /** Those of models.md section 6. */
  public static final UpdateParameters DEFAULT =
      new UpdateParameters(List.of(0.9, 0.98), 1e-8, 0, 0);

  /**
   * @throws IllegalArgumentException naming every problem at once
   */
  public UpdateParameters {
    adamBetas = List.copyOf(adamBetas);
    List<String> problems = new ArrayList<>();
    if (adamBetas.size() != 2 || !adamBetas.stream().allMatch(UpdateParameters::isDecayRate)) {
      problems.add("adam_betas are " + adamBetas + ", must be two numbers in [0, 1)");
    }
    if (!(adamEpsilon > 0 && adamEpsilon < Double.POSITIVE_INFINITY)) {
      problems.add("adam_epsilon is " + adamEpsilon + ", must be above 0 and finite");
    }
    if (!isDecayRate(momentum)) {
      problems.add("optimizer_momentum is " + momentum + ", must be in [0, 1)");
    }
    if (!(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY)) {
      problems.add("weight_decay is " + weightDecay + ", must be at least 0 and finite");
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  private static boolean isDecayRate(double value) {
    return value >= 0 && value < 1;
  }
}
