package org.imageperformer.tfmodels.gsa;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.imageperformer.options.Labelled;

/** What the authors' program computed for its weights; convert.py beside the files made them. */
record GoldenCase(String name, JsonObject golden, Map<String, float[]> arrays) {

  private static final Path ROOT = Path.of("src/test/resources/gsa");
  private static final String GRADIENT = "gradient of ";

  static List<String> names() {
    try (Stream<Path> files = Files.list(ROOT.resolve("cases"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".json"))
          .map(file -> file.replace(".json", ""))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static GoldenCase read(String name) {
    JsonObject golden = json("cases/" + name + ".json");
    try {
      ByteBuffer bytes =
          ByteBuffer.wrap(Files.readAllBytes(ROOT.resolve("cases/" + name + ".f32")))
              .order(ByteOrder.LITTLE_ENDIAN);
      Map<String, float[]> arrays = new LinkedHashMap<>();
      golden
          .getAsJsonObject("arrays")
          .asMap()
          .forEach(
              (array, shape) -> {
                int size = 1;
                for (JsonElement side : shape.getAsJsonArray()) {
                  size *= side.getAsInt();
                }
                float[] values = new float[size];
                bytes.asFloatBuffer().get(values);
                bytes.position(bytes.position() + size * Float.BYTES);
                arrays.put(array, values);
              });
      return new GoldenCase(name, golden, arrays);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonObject json(String file) {
    try {
      return JsonParser.parseString(Files.readString(ROOT.resolve(file))).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The numbers of nested lists, in their order. */
  static float[] floats(JsonElement nested) {
    List<Float> found = new ArrayList<>();
    collect(nested, found);
    float[] values = new float[found.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = found.get(i);
    }
    return values;
  }

  private static void collect(JsonElement nested, List<Float> found) {
    if (nested.isJsonArray()) {
      nested.getAsJsonArray().forEach(element -> collect(element, found));
    } else {
      found.add(nested.getAsFloat());
    }
  }

  /** The network, without dropout; z2cnn has no such options. */
  Architecture network() {
    JsonObject config = golden.getAsJsonObject("config");
    JsonObject sizes = golden.getAsJsonObject("architecture");
    List<Integer> blocks = list(sizes.get("block_sizes"), 0);
    return new Architecture(
        Labelled.of(Group.class, "group", config.get("group").getAsString()),
        Labelled.of(GroupEncoding.class, "group_encoding", config.get("group_encoding").getAsString()),
        config.get("attention_type").getAsString().equals("Local")
            ? AttentionType.LOCAL
            : AttentionType.GLOBAL,
        config.get("patch_size").getAsInt(),
        config.get("norm_type").getAsString().equals("LayerNorm")
            ? NormType.LAYER_NORM
            : NormType.BATCH_NORM,
        config.get("activation_function").getAsString().equals("Swish")
            ? Activation.SWISH
            : Activation.RELU,
        sizes.get("num_channels").getAsInt(),
        sizes.get("num_heads").getAsInt(),
        blocks,
        list(sizes.get("expansion_per_block"), blocks.size()),
        list(sizes.get("crop_per_layer"), blocks.stream().mapToInt(Integer::intValue).sum()),
        sizes.get("normalize_between_layers").getAsBoolean(),
        sizes.get("maxpool_after_last_block").getAsBoolean(),
        0,
        0,
        0,
        0,
        config.get("whitening_scale").getAsDouble());
  }

  /** A list, or one number for all. */
  private static List<Integer> list(JsonElement array, int count) {
    if (array.isJsonPrimitive()) {
      return Collections.nCopies(count, array.getAsInt());
    }
    return array.getAsJsonArray().asList().stream().map(JsonElement::getAsInt).toList();
  }

  /** Images, height and width, channels. */
  int[] imagesShape() {
    return ints(golden.getAsJsonObject("arrays").getAsJsonArray("images"));
  }

  float[] images() {
    return arrays.get("images");
  }

  int[] labels() {
    return ints(golden.getAsJsonArray("labels"));
  }

  /** Trained weights and running averages by name. */
  Map<String, float[]> weights() {
    Map<String, float[]> found = new LinkedHashMap<>(arrays);
    found.keySet().removeIf(array -> array.equals("images") || array.startsWith(GRADIENT));
    return found;
  }

  /** Gradients that are known in full, by name of the weight. */
  Map<String, float[]> gradients() {
    Map<String, float[]> found = new LinkedHashMap<>();
    arrays.forEach(
        (array, values) -> {
          if (array.startsWith(GRADIENT)) {
            found.put(array.substring(GRADIENT.length()), values);
          }
        });
    return found;
  }

  static int[] ints(JsonArray array) {
    return array.asList().stream().mapToInt(JsonElement::getAsInt).toArray();
  }
}
