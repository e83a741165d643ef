package org.imageperformer.savedmodels;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a SavedModel says about itself, {@code assets.extra/model.json}.
 *
 * @param model name of the model
 * @param dataset name of the data set it was trained on
 * @param classes names of the classes, by label
 * @param height of an image, pixels
 * @param width of an image, pixels
 * @param channels of an image, 1 (grayscale) or 3 (RGB)
 * @param batchSize images in a training batch
 * @param keyStabilizer {@link #BATCH} if a prediction depends on the other images of its batch (by
 *     the Performers' key stabilizer or something else), or {@link #EXAMPLE}
 * @param productVersion what wrote it
 * @param hparams all hyperparameters of the run
 * @param definingOptions names of the hyperparameters that a run and a model of it must agree in;
 *     empty if the file does not say
 * @param imagesAtOnce how many images a processor's thread predicts fastest in one run, 1 to 1,024;
 *     empty if the file does not say
 */
public record ModelInfo(
    String model,
    String dataset,
    List<String> classes,
    int height,
    int width,
    int channels,
    int batchSize,
    String keyStabilizer,
    String productVersion,
    HParams hparams,
    Set<String> definingOptions,
    Optional<Integer> imagesAtOnce) {

  /** A prediction depends on the other images of its batch. */
  public static final String BATCH = "batch";

  /** A prediction depends on its own image alone. */
  public static final String EXAMPLE = "example";

  /** More would take memory and gain nothing. */
  private static final int MOST_IMAGES_AT_ONCE = 1 << 10;

  /** Sides above this are no image that a model was trained on; they would overflow sizes. */
  private static final int LARGEST_SIDE = 1 << 14;

  /**
   * Checks every component.
   *
   * @throws RunException naming all problems at once
   */
  public ModelInfo {
    classes = List.copyOf(classes);
    definingOptions = Collections.unmodifiableSet(new LinkedHashSet<>(definingOptions));
    List<String> problems = new ArrayList<>();
    checkNamed("model", model, problems);
    checkNamed("dataset", dataset, problems);
    checkNamed("product_version", productVersion, problems);
    if (classes.size() < 2) {
      problems.add("classes should be at least 2, found " + classes.size());
    }
    checkWithin("height", height, LARGEST_SIDE, problems);
    checkWithin("width", width, LARGEST_SIDE, problems);
    if (channels != 1 && channels != 3) {
      problems.add("channels should be 1 or 3, found " + channels);
    }
    checkWithin("batch_size", batchSize, 1 << 20, problems);
    imagesAtOnce.ifPresent(
        images -> checkWithin("images_at_once", images, MOST_IMAGES_AT_ONCE, problems));
    if (!BATCH.equals(keyStabilizer) && !EXAMPLE.equals(keyStabilizer)) {
      problems.add("key_stabilizer should be batch or example, found " + keyStabilizer);
    }
    if (!problems.isEmpty()) {
      throw new RunException("not the description of a model: " + String.join("; ", problems));
    }
  }

  /** Without saying which options define the model, nor how many images to predict at once. */
  public ModelInfo(
      String model,
      String dataset,
      List<String> classes,
      int height,
      int width,
      int channels,
      int batchSize,
      String keyStabilizer,
      String productVersion,
      HParams hparams) {
    this(
        model,
        dataset,
        classes,
        height,
        width,
        channels,
        batchSize,
        keyStabilizer,
        productVersion,
        hparams,
        Set.of(),
        Optional.empty());
  }

  private static void checkNamed(String key, String value, List<String> problems) {
    if (value == null || value.isBlank()) {
      problems.add(key + " is empty");
    }
  }

  private static void checkWithin(String key, int value, int largest, List<String> problems) {
    if (value < 1 || value > largest) {
      problems.add(key + " should be 1 to " + largest + ", found " + value);
    }
  }

  /** Returns whether a prediction depends on the other images of its batch. */
  public boolean dependsOnBatch() {
    return BATCH.equals(keyStabilizer);
  }

  /** Returns bytes of one image, height x width x channels. */
  public int imageBytes() {
    return Math.multiplyExact(Math.multiplyExact(height, width), channels);
  }

  /** Returns the text of model.json. */
  public String toJson() {
    return JsonText.print(this::print);
  }

  private void print(JsonWriter writer) throws IOException {
    writer.beginObject();
    writer.name("model").value(model);
    writer.name("dataset").value(dataset);
    printNames(writer, "classes", classes);
    writer.name("height").value(height);
    writer.name("width").value(width);
    writer.name("channels").value(channels);
    writer.name("batch_size").value(batchSize);
    writer.name("key_stabilizer").value(keyStabilizer);
    writer.name("product_version").value(productVersion);
    writer.name("hparams");
    hparams.printObject(writer);
    if (!definingOptions.isEmpty()) {
      printNames(writer, "defining_options", definingOptions);
    }
    if (imagesAtOnce.isPresent()) {
      writer.name("images_at_once").value(imagesAtOnce.get());
    }
    writer.endObject();
  }

  private static void printNames(JsonWriter writer, String key, Collection<String> names)
      throws IOException {
    writer.name(key).beginArray();
    for (String name : names) {
      writer.value(name);
    }
    writer.endArray();
  }

  /**
   * Returns what it holds; keys that are not known are passed over.
   *
   * @param file model.json
   * @throws RunException when it is missing, no JSON, or lacks something
   */
  public static ModelInfo read(Path file) {
    return JsonText.read(file, reader -> parse(reader, file.toString()));
  }

  private static ModelInfo parse(JsonReader reader, String source) throws IOException {
    Map<String, Object> flat = new LinkedHashMap<>();
    List<String> classes = null;
    HParams hparams = null;
    List<String> definingOptions = List.of();
    Set<String> seen = new HashSet<>();
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      if (!seen.add(name)) {
        throw new RunException(source + ": \"" + name + "\" stands there twice");
      }
      switch (name) {
        case "classes" -> classes = parseNames(reader, name, source);
        case "defining_options" -> definingOptions = parseNames(reader, name, source);
        case "hparams" -> {
          expect(JsonToken.BEGIN_OBJECT, "an object", name, reader, source);
          hparams = HParams.readObject(reader, source);
        }
        default -> {
          JsonToken token = reader.peek();
          if (token == JsonToken.BEGIN_OBJECT || token == JsonToken.BEGIN_ARRAY) {
            reader.skipValue();
          } else {
            flat.put(name, HParams.readValue(reader, name, source));
          }
        }
      }
    }
    reader.endObject();
    HParams fields = HParams.of(flat, source);
    if (classes == null || hparams == null) {
      throw new RunException(
          source + ": \"" + (classes == null ? "classes" : "hparams") + "\" is missing");
    }
    try {
      return new ModelInfo(
          fields.string("model"),
          fields.string("dataset"),
          classes,
          fields.integer("height"),
          fields.integer("width"),
          fields.integer("channels"),
          fields.integer("batch_size"),
          fields.string("key_stabilizer"),
          fields.string("product_version"),
          hparams,
          new LinkedHashSet<>(definingOptions),
          fields.findInteger("images_at_once"));
    } catch (RunException e) {
      throw e.getMessage().startsWith(source)
          ? e
          : new RunException(source + ": " + e.getMessage());
    }
  }

  private static List<String> parseNames(JsonReader reader, String key, String source)
      throws IOException {
    expect(JsonToken.BEGIN_ARRAY, "a list", key, reader, source);
    List<String> names = new ArrayList<>();
    reader.beginArray();
    while (reader.hasNext()) {
      expect(JsonToken.STRING, "a list of strings", key, reader, source);
      names.add(reader.nextString());
    }
    reader.endArray();
    return names;
  }

  private static void expect(
      JsonToken token, String expected, String name, JsonReader reader, String source)
      throws IOException {
    if (reader.peek() != token) {
      throw new RunException(
          source
              + ": \""
              + name
              + "\" should be "
              + expected
              + ", found "
              + JsonText.name(reader.peek()));
    }
  }
}
