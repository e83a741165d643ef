package org.imageperformer.serve.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.imageperformer.serve.models.ModelVersion;
import org.imageperformer.serve.models.VersionStatus;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * What is known about a model, as TensorFlow Serving says it: its protocol buffers
 * GetModelStatusResponse and GetModelMetadataResponse in JSON.
 */
final class ModelJson {
  private static final JsonFactory JSON = new JsonFactory();

  /** Writes one value. */
  @FunctionalInterface
  interface Printer {
    void print(JsonGenerator json) throws IOException;
  }

  private ModelJson() {}

  static String print(Printer printer) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      printer.print(json);
    } catch (IOException e) {
      throw new IllegalStateException("a StringWriter failed", e);
    }
    return text.append('\n').toString();
  }

  static String status(List<VersionStatus> statuses) {
    return print(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("model_version_status");
          for (VersionStatus status : statuses) {
            json.writeStartObject();
            json.writeStringField("version", Long.toString(status.version()));
            json.writeStringField("state", status.state().name());
            json.writeObjectFieldStart("status");
            json.writeStringField("error_code", status.errorCode());
            json.writeStringField("error_message", status.errorMessage());
            json.writeEndObject();
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  static String metadata(String name, ModelVersion version) {
    return print(
        json -> {
          json.writeStartObject();
          json.writeObjectFieldStart("model_spec");
          json.writeStringField("name", name);
          json.writeStringField("signature_name", "");
          json.writeStringField("version", Long.toString(version.number()));
          json.writeEndObject();
          json.writeObjectFieldStart("metadata");
          // Twice: the key of the map, and the field of the SignatureDefMap in it.
          json.writeObjectFieldStart("signature_def");
          json.writeObjectFieldStart("signature_def");
          for (Map.Entry<String, SignatureDef> signature : version.signatures().entrySet()) {
            json.writeObjectFieldStart(signature.getKey());
            writeTensors(json, "inputs", signature.getValue().getInputsMap());
            writeTensors(json, "outputs", signature.getValue().getOutputsMap());
            json.writeStringField("method_name", signature.getValue().getMethodName());
            json.writeEndObject();
          }
          json.writeEndObject();
          json.writeEndObject();
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  private static void writeTensors(JsonGenerator json, String key, Map<String, TensorInfo> tensors)
      throws IOException {
    json.writeObjectFieldStart(key);
    for (Map.Entry<String, TensorInfo> tensor : new TreeMap<>(tensors).entrySet()) {
      TensorInfo info = tensor.getValue();
      json.writeObjectFieldStart(tensor.getKey());
      json.writeStringField("dtype", info.getDtype().name());
      json.writeObjectFieldStart("tensor_shape");
      json.writeArrayFieldStart("dim");
      for (TensorShapeProto.Dim dim : info.getTensorShape().getDimList()) {
        json.writeStartObject();
        json.writeStringField("size", Long.toString(dim.getSize()));
        json.writeStringField("name", dim.getName());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeBooleanField("unknown_rank", info.getTensorShape().getUnknownRank());
      json.writeEndObject();
      json.writeStringField("name", info.getName());
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
