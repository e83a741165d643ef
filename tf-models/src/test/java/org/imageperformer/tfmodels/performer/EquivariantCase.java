package org.imageperformer.tfmodels.performer;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** A golden case of EquivariantPerformer (test resource, made by its convert.py). */
record EquivariantCase(String name, JsonObject content) {

  static List<String> names() {
    return List.of("elu", "elu-one-block", "elu-lookup-rgb", "favor", "favor-rectangular-rgb");
  }

  static EquivariantCase read(String name) {
    String resource = "/equivariant/" + name + ".json.gz";
    try (var in = new GZIPInputStream(EquivariantCase.class.getResourceAsStream(resource));
        var reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      return new EquivariantCase(name, JsonParser.parseReader(reader).getAsJsonObject());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int option(String option) {
    return content.getAsJsonObject("hparams").get(option).getAsInt();
  }

  String text(String option) {
    return content.getAsJsonObject("hparams").get(option).getAsString();
  }

  double number(String key) {
    return content.get(key).getAsDouble();
  }

  int[] integers(String key) {
    return new Gson().fromJson(content.get(key), int[].class);
  }

  int[][] integerRows(String key) {
    return new Gson().fromJson(content.get(key), int[][].class);
  }

  float[][] rows(String key) {
    return new Gson().fromJson(content.get(key), float[][].class);
  }

  /** [image][row][column][channel]. */
  float[][][][] images() {
    return new Gson().fromJson(content.get("images"), float[][][][].class);
  }

  /** "weights" or "gradients", row-major by our names. */
  Map<String, float[]> tensors(String key) {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : content.getAsJsonObject(key).entrySet()) {
      JsonElement values = entry.getValue().getAsJsonObject().get("values");
      tensors.put(entry.getKey(), new Gson().fromJson(values, float[].class));
    }
    return tensors;
  }
}
