package org.imageperformer.serve.tensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import org.imageperformer.serve.tensors.PredictRequest.Format;
import org.imageperformer.serve.tensors.RefusedRequestException.Reason;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Reads the bodies of predict requests, in the row and in the column format of TensorFlow Serving's
 * REST interface (https://www.tensorflow.org/tfx/serving/api_rest, "Predict API").
 *
 * <p>Where that server would go on with something else than was sent, this one refuses: numbers
 * outside their type's range, a key that stands there twice, a shape other than the signature's.
 */
public final class PredictRequestReader {
  private static final String SIGNATURE_NAME = "signature_name";
  private static final String INSTANCES = "instances";
  private static final String INPUTS = "inputs";
  private static final String DEFAULT_SIGNATURE = "serving_default";

  /** TensorFlow's tensors end at 254 dimensions, what is sent to models at about five. */
  private static final int DEEPEST = 64;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxNumberLength(400)
                  .maxNameLength(1000)
                  // Bodies have a limit of their own.
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private final Map<String, SignatureDef> signatures;

  /**
   * @param signatures of the model, by name
   */
  public PredictRequestReader(Map<String, SignatureDef> signatures) {
    this.signatures = signatures;
  }

  /**
   * Reads a body.
   *
   * @param body UTF-8
   * @param length bytes of it
   * @throws RefusedRequestException when it is no JSON, or does not fit the signature it names
   */
  public PredictRequest read(byte[] body, int length) {
    try {
      PredictRequest request;
      try {
        request = read(body, length, DEFAULT_SIGNATURE);
      } catch (RefusedRequestException e) {
        // The name may stand behind the values that were taken for the default signature's.
        String named = signatureName(body, length);
        if (named.equals(DEFAULT_SIGNATURE)) {
          throw e;
        }
        return read(body, length, named);
      }
      return request.inputs().isEmpty() ? read(body, length, request.signatureName()) : request;
    } catch (StreamReadException e) {
      throw RefusedRequestException.invalid(
          "JSON Parse error: "
              + e.getOriginalMessage().lines().findFirst().orElse("")
              + " at offset: "
              + e.getLocation().getByteOffset());
    } catch (IOException e) {
      throw RefusedRequestException.invalid("JSON Parse error: " + e.getMessage());
    }
  }

  /** The signature that a body names, wherever it does. */
  private static String signatureName(byte[] body, int length) throws IOException {
    String name = DEFAULT_SIGNATURE;
    try (JsonParser parser = JSON.createParser(body, 0, length)) {
      expectObject(parser);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean names = parser.currentName().equals(SIGNATURE_NAME);
        parser.nextToken();
        if (names) {
          name = readName(parser);
        } else {
          parser.skipChildren();
        }
      }
      expectEnd(parser);
    }
    return name;
  }

  /**
   * Reads a body as one for a signature. If it names another one after its values, the request that
   * is returned has that name and no inputs.
   */
  private PredictRequest read(byte[] body, int length, String signatureName) throws IOException {
    String name = signatureName;
    String readWith = null;
    Format format = null;
    Map<String, TensorValues> inputs = Map.of();
    try (JsonParser parser = JSON.createParser(body, 0, length)) {
      expectObject(parser);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        parser.nextToken();
        switch (key) {
          case SIGNATURE_NAME -> name = readName(parser);
          case INSTANCES, INPUTS -> {
            if (format != null) {
              throw RefusedRequestException.invalid(
                  "expected only one of 'inputs' and 'instances', found both");
            }
            format = key.equals(INSTANCES) ? Format.ROW : Format.COLUMN;
            readWith = name;
            Map<String, TensorBuilder> builders = builders(name);
            inputs =
                format == Format.ROW ? readRows(parser, builders) : readColumns(parser, builders);
          }
          default -> parser.skipChildren();
        }
      }
      expectEnd(parser);
    }
    if (format == null) {
      throw RefusedRequestException.invalid("Missing 'inputs' or 'instances' key");
    }
    if (!name.equals(readWith)) {
      return new PredictRequest(name, signature(name), format, Map.of());
    }
    SignatureDef signature = signature(name);
    inputs.forEach((input, values) -> checkShape(input, signature.getInputsOrThrow(input), values));
    return new PredictRequest(name, signature, format, inputs);
  }

  private static void expectObject(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw RefusedRequestException.invalid("JSON Parse error: The document is empty");
    }
    if (token != JsonToken.START_OBJECT) {
      throw RefusedRequestException.invalid(
          "expected a JSON object such as {\"instances\": [...]}, found another value");
    }
  }

  private static void expectEnd(JsonParser parser) throws IOException {
    if (parser.nextToken() != null) {
      throw RefusedRequestException.invalid("expected one JSON object, found more behind it");
    }
  }

  private static String readName(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw RefusedRequestException.invalid("'signature_name' key must be a string value.");
    }
    String name = parser.getText();
    return name.isEmpty() ? DEFAULT_SIGNATURE : name;
  }

  private SignatureDef signature(String name) {
    SignatureDef signature = signatures.get(name);
    if (signature == null) {
      String shown = name.length() > 100 ? name.substring(0, 100) + "..." : name;
      throw RefusedRequestException.invalid(
          "Serving signature name: \"%s\" not found in signature def, found %s"
              .formatted(shown, signatures.keySet()));
    }
    return signature;
  }

  private Map<String, TensorBuilder> builders(String signatureName) {
    Map<String, TensorBuilder> builders = new TreeMap<>();
    signature(signatureName)
        .getInputsMap()
        .forEach((name, info) -> builders.put(name, new TensorBuilder(name, type(name, info))));
    if (builders.isEmpty()) {
      throw RefusedRequestException.invalid(
          "Failed to get input map for signature: " + signatureName);
    }
    return builders;
  }

  private static ElementType type(String name, TensorInfo info) {
    return ElementType.find(info.getDtype())
        .orElseThrow(
            () ->
                new RefusedRequestException(
                    Reason.UNIMPLEMENTED,
                    "input %s is of the type %s, which has no form in JSON"
                        .formatted(name, info.getDtype())));
  }

  private static Map<String, TensorValues> readRows(
      JsonParser parser, Map<String, TensorBuilder> builders) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw RefusedRequestException.invalid("Expecting 'instances' to be a list/array");
    }
    TensorBuilder only = builders.size() == 1 ? builders.values().iterator().next() : null;
    int rows = 0;
    Boolean named = null;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      boolean object = parser.currentToken() == JsonToken.START_OBJECT;
      boolean encoded = false;
      if (object) {
        object = parser.nextToken() != JsonToken.END_OBJECT;
        encoded = object && only != null && TensorBuilder.isEncoded(parser);
      }
      boolean ofNames = parser.currentToken() == JsonToken.END_OBJECT || (object && !encoded);
      if (named == null) {
        named = ofNames;
      } else if (named != ofNames) {
        throw RefusedRequestException.invalid(
            "item %s of 'instances': expected %s, as before it"
                .formatted(rows, named ? "an object" : "a value or list"));
      }
      if (ofNames) {
        readRow(parser, builders, rows);
      } else if (only == null) {
        throw RefusedRequestException.invalid(
            "instances is a plain list, but expecting list of objects as multiple input tensors"
                + " required: "
                + builders.keySet());
      } else if (encoded) {
        only.readEncoded(parser);
      } else {
        only.read(parser);
      }
      rows++;
    }
    if (rows == 0) {
      throw RefusedRequestException.invalid("No values in 'instances' array");
    }
    Map<String, TensorValues> inputs = new LinkedHashMap<>();
    for (Map.Entry<String, TensorBuilder> input : builders.entrySet()) {
      inputs.put(input.getKey(), input.getValue().buildRows(rows));
    }
    return inputs;
  }

  /** Reads an object of names, whose first key, or end, the parser stands at. */
  private static void readRow(JsonParser parser, Map<String, TensorBuilder> builders, int row)
      throws IOException {
    TreeSet<String> missing = new TreeSet<>(builders.keySet());
    while (parser.currentToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      TensorBuilder builder = builders.get(name);
      if (builder == null) {
        throw RefusedRequestException.invalid(
            "item %s of 'instances': JSON object: does not have named input: %s, expected %s"
                .formatted(
                    row,
                    name.length() > 100 ? name.substring(0, 100) + "..." : name,
                    builders.keySet()));
      }
      builder.read(parser);
      missing.remove(name);
      parser.nextToken();
    }
    if (!missing.isEmpty()) {
      throw RefusedRequestException.invalid(
          "item %s of 'instances': keys must be equal to: %s, missing are %s"
              .formatted(row, String.join(",", builders.keySet()), missing));
    }
  }

  private static Map<String, TensorValues> readColumns(
      JsonParser parser, Map<String, TensorBuilder> builders) throws IOException {
    TensorBuilder only = builders.size() == 1 ? builders.values().iterator().next() : null;
    TreeSet<String> missing = new TreeSet<>(builders.keySet());
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      if (only == null) {
        throw RefusedRequestException.invalid(
            "inputs is a plain value/list, but expecting an object as multiple input tensors"
                + " required: "
                + builders.keySet());
      }
      only.read(parser);
      missing.clear();
    } else {
      boolean empty = parser.nextToken() == JsonToken.END_OBJECT;
      if (!empty && only != null && TensorBuilder.isEncoded(parser)) {
        only.readEncoded(parser);
        missing.clear();
      } else {
        while (parser.currentToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          TensorBuilder builder = builders.get(name);
          if (builder == null) {
            parser.skipChildren();
          } else {
            builder.read(parser);
            missing.remove(name);
          }
          parser.nextToken();
        }
      }
    }
    if (!missing.isEmpty()) {
      throw RefusedRequestException.invalid(
          "Missing named input: " + String.join(", ", missing) + " in 'inputs' object.");
    }
    Map<String, TensorValues> inputs = new LinkedHashMap<>();
    builders.forEach((name, builder) -> inputs.put(name, builder.build()));
    return inputs;
  }

  private static void checkShape(String name, TensorInfo info, TensorValues values) {
    TensorShapeProto declared = info.getTensorShape();
    if (declared.getUnknownRank()) {
      return;
    }
    boolean fits = declared.getDimCount() == values.rank();
    for (int i = 0; fits && i < values.rank(); i++) {
      long size = declared.getDim(i).getSize();
      fits = size < 0 || size == values.size(i);
    }
    if (!fits) {
      StringJoiner sizes = new StringJoiner(", ", "[", "]");
      declared.getDimList().forEach(dim -> sizes.add(dim.getSize() < 0 ? "?" : "" + dim.getSize()));
      throw RefusedRequestException.invalid(
          "input %s: expected %s %s, found %s"
              .formatted(name, type(name, info).label(), sizes, values));
    }
  }
}
