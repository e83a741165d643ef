package org.imageperformer.tools.authors;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.imageperformer.tfmodels.models.PixelScaling;
import org.imageperformer.training.engine.EngineOptions;
import org.imageperformer.training.engine.ImageBatch;
import org.imageperformer.training.engine.TrainingGraph;

/** A run of the authors' program together with what it computed from its weights. */
record GoldenCase(String name, AuthorsRun run, JsonObject golden) {

  private static final Path RESOURCES = Path.of("src/test/resources");

  /** Cases of the published program. */
  static List<String> names() {
    return names("golden/");
  }

  /** Cases of EquivariantPerformer. */
  static List<String> equivariantNames() {
    return names("golden-equivariant/");
  }

  private static List<String> names(String root) {
    try (Stream<Path> folders = Files.list(RESOURCES.resolve(root))) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("golden.json")))
          .map(folder -> root + folder.getFileName())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a case.
   *
   * @param name its folder in the resources
   */
  static GoldenCase read(String name) {
    Path folder = RESOURCES.resolve(name);
    try {
      return new GoldenCase(
          name,
          AuthorsRun.read(folder),
          JsonParser.parseString(Files.readString(folder.resolve("golden.json")))
              .getAsJsonObject());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ModelSpec spec() {
    return AuthorsModel.spec(run.hparams(), height());
  }

  int height() {
    return golden.getAsJsonArray("images").get(0).getAsJsonArray().size();
  }

  int width() {
    return golden.getAsJsonArray("images").get(0).getAsJsonArray().get(0).getAsJsonArray().size();
  }

  int channels() {
    return AuthorsModel.spec(run.hparams(), 1).shape().channels();
  }

  /** A training graph with the weights of the checkpoint. */
  TrainingGraph graph(PassOptions options) {
    TrainingGraph graph =
        new TrainingGraph(
            spec(), PixelScaling.unit(channels()), new EngineOptions(1, 1, 1, 1, options));
    graph.initialize(1);
    graph.assign(values());
    return graph;
  }

  Map<String, float[]> values() {
    Weights weights = spec().outline().weights();
    return WeightMapping.map(new PerformerNames(weights), weights, run.tensors());
  }

  ImageBatch batch() {
    return batch(0, golden.getAsJsonArray("images").size());
  }

  ImageBatch batch(int from, int to) {
    JsonArray images = golden.getAsJsonArray("images");
    JsonArray labels = golden.getAsJsonArray("labels");
    float[][] pixels = new float[to - from][];
    int[] of = new int[to - from];
    for (int i = from; i < to; i++) {
      pixels[i - from] = floats(images.get(i));
      of[i - from] = labels.get(i).getAsInt();
    }
    return ImageBatch.ofPixels(pixels, of, height(), width(), channels());
  }

  float[][] matrix(String key) {
    List<float[]> rows = new ArrayList<>();
    golden.getAsJsonArray(key).forEach(row -> rows.add(floats(row)));
    return rows.toArray(float[][]::new);
  }

  /** All numbers of nested arrays in order. */
  static float[] floats(JsonElement nested) {
    List<Float> values = new ArrayList<>();
    collect(nested, values);
    float[] flat = new float[values.size()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = values.get(i);
    }
    return flat;
  }

  private static void collect(JsonElement element, List<Float> values) {
    if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(part -> collect(part, values));
    } else {
      values.add(element.getAsFloat());
    }
  }
}
