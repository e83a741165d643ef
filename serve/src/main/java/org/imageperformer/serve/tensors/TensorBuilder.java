package org.imageperformer.serve.tensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * Collects the values of one tensor out of JSON, and its shape with them: that of the first value,
 * which all others must have.
 */
final class TensorBuilder {
  private static final String BASE64 = "b64";

  private static final VarHandle SHORTS = view(short[].class);
  private static final VarHandle INTS = view(int[].class);
  private static final VarHandle LONGS = view(long[].class);
  private static final VarHandle FLOATS = view(float[].class);
  private static final VarHandle DOUBLES = view(double[].class);

  private final String name;
  private final ElementType type;

  /** Sizes of the dimensions; -1 while a first list is still open. */
  private final List<Integer> sizes = new ArrayList<>();

  /** Dimensions; -1 before the first value. */
  private int rank = -1;

  private byte[] bytes;
  private int length;
  private final List<byte[]> strings = new ArrayList<>();

  /**
   * @param name of the input, for messages
   */
  TensorBuilder(String name, ElementType type) {
    this.name = name;
    this.type = type;
    this.bytes = new byte[type == ElementType.STRING ? 0 : 1024];
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.nativeOrder());
  }

  /** Reads the value at which a parser stands: an element or lists of elements. */
  void read(JsonParser parser) throws IOException {
    read(parser, 0);
  }

  private void read(JsonParser parser, int level) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_ARRAY) {
      readList(parser, level);
      return;
    }
    if (rank < 0) {
      rank = level;
    } else if (level != rank) {
      throw refused(parser, "expected a list here, as before it");
    }
    if (token == JsonToken.START_OBJECT) {
      parser.nextToken();
      readBase64(parser);
    } else {
      add(parser, token);
    }
  }

  private void readList(JsonParser parser, int level) throws IOException {
    if (rank >= 0 && level >= rank) {
      throw refused(parser, "expected a value here, as before it, found a list");
    }
    boolean first = level == sizes.size();
    if (first) {
      sizes.add(-1);
    }
    int size = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      read(parser, level + 1);
      size++;
    }
    if (size == 0 && rank < 0) {
      rank = level + 1;
    }
    if (first) {
      sizes.set(level, size);
    } else if (sizes.get(level) != size) {
      throw refused(
          parser, "expected a list of " + sizes.get(level) + ", as before it, found " + size);
    }
  }

  /**
   * Reads an encoded value.
   *
   * @param parser at the first key of its object
   */
  void readEncoded(JsonParser parser) throws IOException {
    if (rank < 0) {
      rank = 0;
    } else if (rank != 0) {
      throw refused(parser, "expected a list here, as before it");
    }
    readBase64(parser);
  }

  private void readBase64(JsonParser parser) throws IOException {
    if (type != ElementType.STRING) {
      throw refused(parser, "expected a " + type.label() + ", found an object");
    }
    if (!BASE64.equals(parser.currentName()) || parser.nextToken() != JsonToken.VALUE_STRING) {
      throw refused(parser, "expected a string or {\"b64\": \"...\"}, found another object");
    }
    try {
      strings.add(Base64.getDecoder().decode(parser.getText()));
    } catch (IllegalArgumentException e) {
      throw refused(parser, "expected Base64 in \"b64\", found something else");
    }
    if (parser.nextToken() != JsonToken.END_OBJECT) {
      throw refused(parser, "expected nothing beside \"b64\"");
    }
  }

  /** Whether a parser that stands at an object's first key stands in an encoded value. */
  static boolean isEncoded(JsonParser parser) throws IOException {
    return BASE64.equals(parser.currentName());
  }

  private void add(JsonParser parser, JsonToken token) throws IOException {
    switch (type) {
      case STRING -> {
        expect(token == JsonToken.VALUE_STRING, parser);
        strings.add(parser.getText().getBytes(StandardCharsets.UTF_8));
      }
      case BOOL -> {
        expect(token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE, parser);
        grow();
        bytes[length++] = (byte) (token == JsonToken.VALUE_TRUE ? 1 : 0);
      }
      case UINT8 -> {
        int value = integer(parser, token, 0, 0xff);
        grow();
        bytes[length++] = (byte) value;
      }
      case UINT16 -> {
        int value = integer(parser, token, 0, 0xffff);
        grow();
        SHORTS.set(bytes, length, (short) value);
        length += Short.BYTES;
      }
      case INT32 -> {
        int value = integer(parser, token, Integer.MIN_VALUE, Integer.MAX_VALUE);
        grow();
        INTS.set(bytes, length, value);
        length += Integer.BYTES;
      }
      case INT64 -> {
        expect(token == JsonToken.VALUE_NUMBER_INT, parser);
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
          throw outOfRange(parser);
        }
        grow();
        LONGS.set(bytes, length, parser.getLongValue());
        length += Long.BYTES;
      }
      case FLOAT -> {
        float value = (float) decimal(parser, token);
        if (Float.isInfinite(value) && !parser.isNaN()) {
          throw outOfRange(parser);
        }
        grow();
        FLOATS.set(bytes, length, value);
        length += Float.BYTES;
      }
      case DOUBLE -> {
        double value = decimal(parser, token);
        if (Double.isInfinite(value) && !parser.isNaN()) {
          throw outOfRange(parser);
        }
        grow();
        DOUBLES.set(bytes, length, value);
        length += Double.BYTES;
      }
    }
  }

  private int integer(JsonParser parser, JsonToken token, int least, int most) throws IOException {
    expect(token == JsonToken.VALUE_NUMBER_INT, parser);
    if (parser.getNumberType() != JsonParser.NumberType.INT) {
      throw outOfRange(parser);
    }
    int value = parser.getIntValue();
    if (value < least || value > most) {
      throw outOfRange(parser);
    }
    return value;
  }

  private double decimal(JsonParser parser, JsonToken token) throws IOException {
    expect(token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT, parser);
    return parser.getDoubleValue();
  }

  private void grow() {
    if (bytes.length - length < type.bytes()) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
  }

  private void expect(boolean expected, JsonParser parser) throws IOException {
    if (!expected) {
      throw refused(parser, "expected " + type.label() + ", found " + found(parser));
    }
  }

  private RefusedRequestException outOfRange(JsonParser parser) throws IOException {
    return refused(parser, found(parser) + " is no " + type.label());
  }

  private static String found(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        String text = parser.getText();
        yield text.length() > 40 ? text.substring(0, 40) + "..." : text;
      }
      case VALUE_STRING -> "a string";
      case START_ARRAY -> "a list";
      case START_OBJECT -> "an object";
      default -> parser.currentToken().name().replace("VALUE_", "").toLowerCase(Locale.ROOT);
    };
  }

  private RefusedRequestException refused(JsonParser parser, String problem) {
    return RefusedRequestException.invalid(
        "input %s at %s: %s".formatted(name, parser.getParsingContext().pathAsPointer(), problem));
  }

  /** The tensor of the one value that was read. */
  TensorValues build() {
    return build(shape(0));
  }

  /**
   * The tensor of several values.
   *
   * @param rows how many were read
   */
  TensorValues buildRows(int rows) {
    long[] shape = shape(1);
    shape[0] = rows;
    return build(shape);
  }

  private long[] shape(int before) {
    long[] shape = new long[before + sizes.size()];
    for (int i = 0; i < sizes.size(); i++) {
      shape[before + i] = sizes.get(i);
    }
    return shape;
  }

  private TensorValues build(long[] shape) {
    return type == ElementType.STRING
        ? TensorValues.ofStrings(shape, strings.toArray(byte[][]::new))
        : TensorValues.of(type, shape, Arrays.copyOf(bytes, length));
  }
}
