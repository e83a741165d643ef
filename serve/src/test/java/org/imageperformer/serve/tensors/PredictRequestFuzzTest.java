package org.imageperformer.serve.tensors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.imageperformer.serve.tensors.RefusedRequestException.Reason;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/** Requests with random damage: they are read, or refused as wrong; nothing else. */
class PredictRequestFuzzTest {
  private static final int FEW = 20_000;
  private static final long SEED = 8501;

  private static final Map<String, SignatureDef> SIGNATURES =
      Map.of(
          "serving_default", signature(Map.of("x", tensor(DataType.DT_FLOAT, -1))),
          "pixels", signature(Map.of("images", tensor(DataType.DT_UINT8, -1, 2, 2, 1))),
          "bytes", signature(Map.of("text", tensor(DataType.DT_STRING, -1))),
          "three",
              signature(
                  Map.of(
                      "a", tensor(DataType.DT_INT64, -1, 2),
                      "b", tensor(DataType.DT_BOOL, -1),
                      "c", tensor(DataType.DT_DOUBLE, -1, -1))));

  private static final List<String> BODIES =
      List.of(
          "{\"instances\": [1.0, -2.5e3, NaN, Infinity]}",
          "{\"inputs\": {\"x\": [1, 2, 3]}}",
          "{\"signature_name\": \"pixels\", \"instances\": [[[[0], [255]], [[7], [9]]]]}",
          "{\"instances\": [{\"images\": [[[1], [2]], [[3], [4]]]}], \"signature_name\": \"pixels\"}",
          "{\"signature_name\": \"bytes\", \"instances\": [\"a\\u00e9\\n\", {\"b64\": \"AAECAw==\"}]}",
          "{\"signature_name\": \"three\", \"instances\":"
              + " [{\"a\": [1, -9223372036854775808], \"b\": true, \"c\": [0.5]},"
              + " {\"a\": [3, 4], \"b\": false, \"c\": [1e-300]}]}",
          "{\"signature_name\": \"three\", \"more\": {\"d\": [null]}, \"inputs\":"
              + " {\"a\": [[1, 2]], \"b\": [true], \"c\": [[0.1, 0.2]]}}");

  /** What often means something. */
  private static final List<String> PIECES =
      List.of(
          "[",
          "]",
          "{",
          "}",
          ",",
          ":",
          "\"",
          "\\",
          "null",
          "true",
          "1e999",
          "-",
          "0x1",
          "256",
          "-1",
          "\"b64\"",
          "\"inputs\"",
          "\"instances\"",
          "\"x\"",
          "\"signature_name\"",
          "NaN",
          "\u0000",
          "9223372036854775808",
          "1.5",
          "[[[[",
          "]]]]",
          "\"pixels\"",
          "\"three\"",
          "\\ud800");

  @Test
  void fewMutants() {
    check(FEW);
  }

  /** As many as {@code -Dfuzz.requests=N} says. */
  @Test
  @Tag("fuzz")
  void manyMutants() {
    check(Integer.getInteger("fuzz.requests", 5_000_000));
  }

  private static void check(int mutants) {
    PredictRequestReader reader = new PredictRequestReader(SIGNATURES);
    Random random = new Random(SEED);
    int read = 0;
    for (int i = 0; i < mutants; i++) {
      byte[] body = BODIES.get(random.nextInt(BODIES.size())).getBytes(UTF_8);
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        body = changed(body, random);
      }
      try {
        PredictRequest request = reader.read(body, body.length);
        checkFits(request);
        read++;
      } catch (RefusedRequestException e) {
        assertThat(e.reason()).isEqualTo(Reason.INVALID_ARGUMENT);
        assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(2000);
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError(new String(body, UTF_8), e);
      }
    }
    // Damage is noticed, but not all of it matters: both kinds must occur.
    assertThat(read).isBetween(mutants / 200, mutants / 2);
  }

  private static byte[] changed(byte[] body, Random random) {
    int at = random.nextInt(body.length + 1);
    int end = Math.min(body.length, at + 1 + random.nextInt(8));
    return switch (random.nextInt(4)) {
      case 0 -> joined(body, at, PIECES.get(random.nextInt(PIECES.size())).getBytes(UTF_8), at);
      case 1 -> joined(body, at, new byte[0], end);
      case 2 -> joined(body, at, Arrays.copyOfRange(body, at, end), at);
      default -> joined(body, at, new byte[] {(byte) random.nextInt(256)}, Math.min(end, at + 1));
    };
  }

  /** The beginning of a body, something else, and its rest. */
  private static byte[] joined(byte[] body, int to, byte[] middle, int from) {
    byte[] all = new byte[to + middle.length + body.length - from];
    System.arraycopy(body, 0, all, 0, to);
    System.arraycopy(middle, 0, all, to, middle.length);
    System.arraycopy(body, from, all, to + middle.length, body.length - from);
    return all;
  }

  /** What is given to TensorFlow is what the signature says, of as many elements as its shape. */
  private static void checkFits(PredictRequest request) {
    SignatureDef signature = SIGNATURES.get(request.signatureName());
    assertThat(request.inputs().keySet()).isEqualTo(signature.getInputsMap().keySet());
    request
        .inputs()
        .forEach(
            (name, values) -> {
              TensorInfo info = signature.getInputsOrThrow(name);
              assertThat(values.rank()).isEqualTo(info.getTensorShape().getDimCount());
              long elements = 1;
              for (int i = 0; i < values.rank(); i++) {
                long size = info.getTensorShape().getDim(i).getSize();
                assertThat(values.size(i)).isIn(size < 0 ? values.size(i) : size);
                elements *= values.size(i);
              }
              assertThat((long) values.elements()).isEqualTo(elements);
            });
  }

  private static SignatureDef signature(Map<String, TensorInfo> inputs) {
    return SignatureDef.newBuilder().putAllInputs(inputs).build();
  }

  private static TensorInfo tensor(DataType type, long... sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : sizes) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return TensorInfo.newBuilder().setDtype(type).setTensorShape(shape).build();
  }
}
