package org.imageperformer.savedmodels;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Output;

/**
 * One signature of a SavedModel to be written: the name by which it is called, and the tensors of
 * the graph behind the names of its inputs and outputs. Data types and shapes (also unknown sizes)
 * are those of the tensors in the graph.
 *
 * @param name by which it is called
 * @param inputs name to tensor, {@code "operation:0"}
 * @param outputs name to tensor, {@code "operation:0"}
 */
public record SignatureSpec(String name, Map<String, String> inputs, Map<String, String> outputs) {

  /** Copies the maps, keeping their order. */
  public SignatureSpec {
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    if (name.isBlank() || inputs.isEmpty() || outputs.isEmpty()) {
      throw new IllegalArgumentException(
          "a signature needs a name, inputs and outputs: " + name + inputs + outputs);
    }
  }

  /**
   * The signature of raw images (cli.md, "The SavedModel").
   *
   * @param images uint8 [batch, height, width, channels]
   * @param logits float32 [batch, classes]
   * @param probabilities float32 [batch, classes]
   * @param classes int64 [batch]
   * @return the signature {@link SavedModel#SERVING_DEFAULT}
   */
  public static SignatureSpec servingDefault(
      Operand<?> images, Operand<?> logits, Operand<?> probabilities, Operand<?> classes) {
    return new SignatureSpec(
        SavedModel.SERVING_DEFAULT,
        Map.of(SavedModel.IMAGES, tensorName(images)),
        outputs(logits, probabilities, classes));
  }

  /**
   * The signature of encoded images (cli.md, "The SavedModel").
   *
   * @param imageBytes string [batch], PNG or JPEG
   * @param logits float32 [batch, classes]
   * @param probabilities float32 [batch, classes]
   * @param classes int64 [batch]
   * @return the signature {@link SavedModel#ENCODED_IMAGES}
   */
  public static SignatureSpec encodedImages(
      Operand<?> imageBytes, Operand<?> logits, Operand<?> probabilities, Operand<?> classes) {
    return new SignatureSpec(
        SavedModel.ENCODED_IMAGES,
        Map.of(SavedModel.IMAGE_BYTES, tensorName(imageBytes)),
        outputs(logits, probabilities, classes));
  }

  private static Map<String, String> outputs(
      Operand<?> logits, Operand<?> probabilities, Operand<?> classes) {
    Map<String, String> outputs = new LinkedHashMap<>();
    outputs.put(SavedModel.LOGITS, tensorName(logits));
    outputs.put(SavedModel.PROBABILITIES, tensorName(probabilities));
    outputs.put(SavedModel.CLASSES, tensorName(classes));
    return outputs;
  }

  private static String tensorName(Operand<?> operand) {
    Output<?> output = operand.asOutput();
    return output.op().name() + ":" + output.index();
  }
}
