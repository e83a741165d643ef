package org.imageperformer.tools.authors;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.imageperformer.options.Option;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.engine.ImageBatch;

/** A file of weights of GSA-Nets' program, with what it computed; pack.py beside them made them. */
record GsaCase(String name, Path file, JsonObject golden) {

  private static final Path ROOT = Path.of("src/test/resources/golden-gsa");

  static List<String> names() {
    try (Stream<Path> files = Files.list(ROOT)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".pt.gz"))
          .map(file -> file.replace(".pt.gz", ""))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Unpacks a case, with the name that its file had. */
  static GsaCase read(String name, Path folder) {
    try {
      JsonObject golden =
          JsonParser.parseString(new String(unpacked(name + ".json.gz"), StandardCharsets.UTF_8))
              .getAsJsonObject();
      Path file = folder.resolve(golden.get("weights").getAsString());
      Files.write(file, unpacked(name + ".pt.gz"));
      return new GsaCase(name, file, golden);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] unpacked(String name) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(ROOT.resolve(name)))) {
      return in.readAllBytes();
    }
  }

  /** What the tensors do not tell: the options that a user gives, without dropout. */
  Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    JsonObject sizes = golden.getAsJsonObject("architecture");
    if (sizes.has("num_channels")) {
      for (String dropout : List.of("dropout_att", "dropout_values", "input_dropout")) {
        options.put(dropout, "0");
      }
      options.put("activation_function", sizes.get("activation_function").getAsString());
      options.put("image_size", sizes.get("image_size").getAsString());
      options.put("crop_per_layer", crops(sizes));
    }
    return options;
  }

  private static String crops(JsonObject sizes) {
    JsonElement crops = sizes.get("crop_per_layer");
    if (crops.isJsonArray()) {
      return crops.toString();
    }
    int blocks = 0;
    for (JsonElement size : sizes.getAsJsonArray("block_sizes")) {
      blocks += size.getAsInt();
    }
    return String.join(",", Collections.nCopies(blocks, crops.getAsString()));
  }

  /** One of ours with images of the same channels and as many classes. */
  String dataset() {
    return switch (channels()) {
      case 1 -> "MNIST";
      default -> classes() == 2 ? TwoClasses.NAME : "CIFAR10";
    };
  }

  ImportRequest request(Map<String, String> options) {
    Map<String, String> given = new LinkedHashMap<>(options());
    given.putAll(options);
    return new ImportRequest(
        file.resolveSibling("runs/default/imported"),
        Optional.empty(),
        Optional.of(dataset()),
        Optional.empty(),
        given,
        builder -> {
          given.forEach((option, text) -> set(builder, option, text));
          return builder;
        });
  }

  /** Sets an option by one of its names. */
  private static void set(TrainingConfig.Builder builder, String name, String text) {
    Option<?> row =
        builder.rows().stream()
            .filter(option -> option.name().equals(name) || option.aliases().contains(name))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no option " + name));
    builder.argument(row, text);
  }

  PublishedProgram.Trained read(Map<String, String> options) {
    return new GsaProgram().read(file, request(options));
  }

  PublishedProgram.Trained read(ReadLimits limits) {
    return new GsaProgram().read(file, request(Map.of()), limits);
  }

  int count() {
    return golden.getAsJsonArray("images").size();
  }

  private int classes() {
    return golden.getAsJsonArray("logits").get(0).getAsJsonArray().size();
  }

  private int channels() {
    return golden
        .getAsJsonArray("images")
        .get(0)
        .getAsJsonArray()
        .get(0)
        .getAsJsonArray()
        .get(0)
        .getAsJsonArray()
        .size();
  }

  ImageBatch batch() {
    float[][] pixels = new float[count()][];
    int[] labels = new int[count()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = GoldenCase.floats(golden.getAsJsonArray("images").get(i));
      labels[i] = golden.getAsJsonArray("labels").get(i).getAsInt();
    }
    int side = golden.getAsJsonArray("images").get(0).getAsJsonArray().size();
    return ImageBatch.ofPixels(pixels, labels, side, side, channels());
  }

  /** The options of one of its trainings, under the names of config.py. */
  Map<String, String> training(String name) {
    return golden.getAsJsonObject(name).getAsJsonObject("config").asMap().entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry ->
                    entry.getValue().isJsonArray()
                        ? entry.getValue().toString()
                        : entry.getValue().getAsString()));
  }
}
