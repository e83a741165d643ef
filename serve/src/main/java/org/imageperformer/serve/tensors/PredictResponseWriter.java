package org.imageperformer.serve.tensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.imageperformer.serve.tensors.PredictRequest.Format;
import org.imageperformer.serve.tensors.RefusedRequestException.Reason;

/**
 * Writes the answers to predict requests (https://www.tensorflow.org/tfx/serving/api_rest, "Predict
 * API").
 */
public final class PredictResponseWriter {
  private static final String BYTES = "_bytes";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // NaN and Infinity as TensorFlow Serving writes them.
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          // The shortest digits that read as the same float; those of Java 17 may be longer.
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          .build();

  private PredictResponseWriter() {}

  /**
   * Returns the body of an answer.
   *
   * @param outputs by name
   * @param format of the request
   * @throws RefusedRequestException when the request was in rows, and the outputs are not
   */
  public static byte[] write(Map<String, TensorValues> outputs, Format format) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(1024);
        JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (format == Format.ROW) {
        json.writeFieldName("predictions");
        writeRows(json, outputs);
      } else {
        json.writeFieldName("outputs");
        writeColumns(json, outputs);
      }
      json.writeEndObject();
      json.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("an array failed", e);
    }
  }

  private static void writeRows(JsonGenerator json, Map<String, TensorValues> outputs)
      throws IOException {
    long rows = -1;
    for (Map.Entry<String, TensorValues> output : outputs.entrySet()) {
      TensorValues values = output.getValue();
      if (values.rank() == 0 || (rows >= 0 && values.size(0) != rows)) {
        throw new RefusedRequestException(
            Reason.INVALID_ARGUMENT,
            "Tensor name: %s has inconsistent batch size: %s; ask in columns, by 'inputs'"
                .formatted(output.getKey(), values));
      }
      rows = values.size(0);
    }
    json.writeStartArray();
    for (int row = 0; row < rows; row++) {
      boolean named = outputs.size() > 1;
      if (named) {
        json.writeStartObject();
      }
      for (Map.Entry<String, TensorValues> output : outputs.entrySet()) {
        if (named) {
          json.writeFieldName(output.getKey());
        }
        TensorValues values = output.getValue();
        new Cursor(json, output.getKey(), values, row * values.rowElements()).write(1);
      }
      if (named) {
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private static void writeColumns(JsonGenerator json, Map<String, TensorValues> outputs)
      throws IOException {
    boolean named = outputs.size() > 1;
    if (named) {
      json.writeStartObject();
    }
    for (Map.Entry<String, TensorValues> output : outputs.entrySet()) {
      if (named) {
        json.writeFieldName(output.getKey());
      }
      new Cursor(json, output.getKey(), output.getValue(), 0).write(0);
    }
    if (named) {
      json.writeEndObject();
    }
  }

  /** Writes a tensor's elements one after the other, in the lists of its dimensions. */
  private static final class Cursor {
    private final JsonGenerator json;
    private final TensorValues values;
    private final boolean binary;
    private final ByteBuffer buffer;
    private int next;

    Cursor(JsonGenerator json, String name, TensorValues values, int first) {
      this.json = json;
      this.values = values;
      this.binary = name.endsWith(BYTES);
      this.buffer = values.type() == ElementType.STRING ? null : values.buffer();
      this.next = first;
    }

    void write(int dimension) throws IOException {
      if (dimension == values.rank()) {
        writeElement(next++);
        return;
      }
      json.writeStartArray();
      for (long i = 0; i < values.size(dimension); i++) {
        write(dimension + 1);
      }
      json.writeEndArray();
    }

    private void writeElement(int i) throws IOException {
      switch (values.type()) {
        case BOOL -> json.writeBoolean(buffer.get(i) != 0);
        case UINT8 -> json.writeNumber(buffer.get(i) & 0xff);
        case UINT16 -> json.writeNumber(buffer.getShort(i * Short.BYTES) & 0xffff);
        case INT32 -> json.writeNumber(buffer.getInt(i * Integer.BYTES));
        case INT64 -> json.writeNumber(buffer.getLong(i * Long.BYTES));
        case FLOAT -> json.writeNumber(buffer.getFloat(i * Float.BYTES));
        case DOUBLE -> json.writeNumber(buffer.getDouble(i * Double.BYTES));
        case STRING -> writeString(values.string(i));
      }
    }

    /** Text, unless the output's name or the bytes say that it is none. */
    private void writeString(byte[] string) throws IOException {
      if (!binary) {
        try {
          json.writeString(
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(string)).toString());
          return;
        } catch (CharacterCodingException e) {
          // Bytes that are no text.
        }
      }
      json.writeStartObject();
      json.writeStringField("b64", Base64.getEncoder().encodeToString(string));
      json.writeEndObject();
    }
  }
}
