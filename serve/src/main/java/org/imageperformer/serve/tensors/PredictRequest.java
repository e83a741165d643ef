package org.imageperformer.serve.tensors;

import java.util.Map;
import org.tensorflow.proto.SignatureDef;

/**
 * What the body of a predict request asks for.
 *
 * @param signatureName the name of the signature
 * @param signature to run
 * @param format of the request, and of its answer
 * @param inputs a tensor for each input of the signature, by name
 */
public record PredictRequest(
    String signatureName, SignatureDef signature, Format format, Map<String, TensorValues> inputs) {

  /** The two forms of TensorFlow Serving's REST interface. */
  public enum Format {
    /** {@code instances}: a list of rows. */
    ROW,
    /** {@code inputs}: a tensor for each name. */
    COLUMN
  }
}
