package org.imageperformer.eval;

import java.util.function.IntConsumer;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.savedmodels.ImageSource;
import org.imageperformer.savedmodels.ModelInfo;
import org.imageperformer.savedmodels.SavedModel;

/** Lets a model predict labelled images and compares. */
public final class Evaluator {

  private final SavedModel model;

  /**
   * An evaluator of a loaded model.
   *
   * @param model stays the caller's to close
   */
  public Evaluator(SavedModel model) {
    this.model = model;
  }

  /**
   * Evaluates every image of a set, the last smaller batch too. In what batches the model gets them
   * is the policy of {@link SavedModel#predictAll}.
   *
   * @param images of the model's size, labels among its classes, 1 or more
   * @param progress told the number of images done so far, by one thread at a time
   * @return losses and hits
   * @throws EvalException when the images do not fit the model, or there are none
   */
  public Evaluation evaluate(ImageSet images, IntConsumer progress) {
    return evaluate(images, images::copyImage, progress);
  }

  /**
   * Evaluates every image of a set, changed on its way to the model.
   *
   * @param images of the model's size, labels among its classes, 1 or more
   * @param changed what the model sees in the place of each; asked by several threads
   * @param progress told the number of images done so far, by one thread at a time
   * @return losses and hits
   * @throws EvalException when the images do not fit the model, or there are none
   */
  public Evaluation evaluate(ImageSet images, ImageSource changed, IntConsumer progress) {
    check(images);
    return Evaluation.of(model.predictAll(images.size(), changed, progress), images);
  }

  private void check(ImageSet images) {
    ModelInfo info = model.info();
    if (images.height() != info.height()
        || images.width() != info.width()
        || images.channels() != info.channels()) {
      throw new EvalException(
          "the model takes images of %s, found images of %s"
              .formatted(
                  shape(info.height(), info.width(), info.channels()),
                  shape(images.height(), images.width(), images.channels())));
    }
    if (images.size() == 0) {
      throw new EvalException("there are no images to evaluate");
    }
    for (int i = 0; i < images.size(); i++) {
      if (images.label(i) >= info.classes().size()) {
        throw new EvalException(
            "the model knows the labels 0 to %s, found the label %s at image %s"
                .formatted(info.classes().size() - 1, images.label(i), i));
      }
    }
  }

  private static String shape(int height, int width, int channels) {
    return height + "x" + width + "x" + channels;
  }
}
