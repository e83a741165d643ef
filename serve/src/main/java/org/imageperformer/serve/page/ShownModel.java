package org.imageperformer.serve.page;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import org.imageperformer.savedmodels.ModelInfo;
import org.imageperformer.savedmodels.SavedModel;
import org.imageperformer.serve.models.ModelVersion;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * A model that classifies images: its signature {@code serving_default} takes uint8 [batch, height,
 * width, 1 or 3] alone and has an output {@code probabilities}, float32 [batch, classes].
 *
 * @param input name of the input
 * @param height of an image, pixels
 * @param width of an image, pixels
 * @param channels of an image, 1 (grayscale) or 3 (RGB)
 * @param classes names of the classes; numbers if the model has no names
 * @param info what it says about itself, if it is one of this product's models
 */
record ShownModel(
    String input,
    int height,
    int width,
    int channels,
    List<String> classes,
    Optional<ModelInfo> info) {

  /** Larger images, and more classes, are none to draw on, or to show. */
  private static final int LARGEST_SIDE = 512;

  private static final int MOST_CLASSES = 1000;

  /** Why a model is not one. */
  static final class NotShownException extends Exception {
    private static final long serialVersionUID = 1L;

    NotShownException(String reason) {
      super(reason);
    }
  }

  /**
   * Looks at a model's signature.
   *
   * @throws NotShownException when its inputs or outputs are others
   */
  static ShownModel of(ModelVersion version) throws NotShownException {
    SignatureDef signature = version.signatures().get(SavedModel.SERVING_DEFAULT);
    if (signature == null) {
      throw new NotShownException("it has no signature " + SavedModel.SERVING_DEFAULT);
    }
    if (signature.getInputsCount() != 1) {
      throw new NotShownException("its inputs are " + signature.getInputsMap().keySet());
    }
    Map.Entry<String, TensorInfo> input = signature.getInputsMap().entrySet().iterator().next();
    TensorInfo images = input.getValue();
    int height = size(images, 1);
    int width = size(images, 2);
    int channels = size(images, 3);
    if (images.getDtype() != DataType.DT_UINT8
        || images.getTensorShape().getDimCount() != 4
        || Math.min(height, width) < 1
        || Math.max(height, width) > LARGEST_SIDE
        || (channels != 1 && channels != 3)) {
      throw new NotShownException(
          "its input is no image of bytes: %s %s".formatted(input.getKey(), label(images)));
    }
    TensorInfo output = signature.getOutputsOrDefault(SavedModel.PROBABILITIES, null);
    int classes = output == null ? -1 : size(output, 1);
    if (output == null
        || output.getDtype() != DataType.DT_FLOAT
        || output.getTensorShape().getDimCount() != 2
        || classes < 1
        || classes > MOST_CLASSES) {
      throw new NotShownException("it has no output of probabilities, one for each class");
    }
    return new ShownModel(
        input.getKey(),
        height,
        width,
        channels,
        version
            .info()
            .map(ModelInfo::classes)
            .orElseGet(() -> IntStream.range(0, classes).mapToObj(Integer::toString).toList()),
        version.info());
  }

  /** The size of a dimension; -1 where the signature leaves it open. */
  private static int size(TensorInfo tensor, int dimension) {
    if (dimension >= tensor.getTensorShape().getDimCount()) {
      return -1;
    }
    return (int) Math.min(tensor.getTensorShape().getDim(dimension).getSize(), Integer.MAX_VALUE);
  }

  private static String label(TensorInfo tensor) {
    StringJoiner sizes = new StringJoiner(", ", "[", "]");
    tensor
        .getTensorShape()
        .getDimList()
        .forEach(dim -> sizes.add(dim.getSize() < 0 ? "?" : Long.toString(dim.getSize())));
    return tensor.getDtype().name().replace("DT_", "").toLowerCase(Locale.ROOT) + " " + sizes;
  }
}
