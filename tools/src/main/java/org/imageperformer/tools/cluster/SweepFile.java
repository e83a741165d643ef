package org.imageperformer.tools.cluster;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.imageperformer.savedmodels.OneLine;
import org.imageperformer.tools.cli.CommandFailure;

/**
 * What a SWEEP.json says: options that all runs have, a grid of others, and a list of more. Values
 * are texts, as on the command line.
 *
 * @param fixed options of all runs
 * @param grid values of each option that are combined with those of all others
 * @param runs options of runs, each combined with the whole grid; empty for none
 */
record SweepFile(
    Map<String, String> fixed, Map<String, List<String>> grid, List<Map<String, String>> runs) {
  private static final String GRID = "grid";
  private static final String RUNS = "runs";

  /** What is wrong with the form of the file. */
  private static final class FormException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FormException(String reason) {
      super(reason);
    }
  }

  /**
   * Reads a file.
   *
   * @throws CommandFailure when it cannot be read or has another form
   */
  static SweepFile read(Path file) {
    try (Reader text = Files.newBufferedReader(file);
        JsonReader reader = new JsonReader(text)) {
      SweepFile sweep = parse(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new FormException("there is more behind the object");
      }
      return sweep;
    } catch (FormException | MalformedJsonException | EOFException | IllegalStateException e) {
      throw new CommandFailure(
          file + " is no sweep: " + OneLine.firstLine(e) + " (docs/cluster.md shows one)", e);
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file + ": " + OneLine.reason(e, file), e);
    }
  }

  private static SweepFile parse(JsonReader reader) throws IOException {
    Map<String, String> fixed = new LinkedHashMap<>();
    Map<String, List<String>> grid = new LinkedHashMap<>();
    List<Map<String, String>> runs = new ArrayList<>();
    reader.beginObject();
    while (reader.hasNext()) {
      String key = reader.nextName();
      switch (key) {
        case GRID -> {
          reader.beginObject();
          while (reader.hasNext()) {
            String option = reader.nextName();
            putNew(grid, option, values(reader, option));
          }
          reader.endObject();
        }
        case RUNS -> {
          reader.beginArray();
          while (reader.hasNext()) {
            runs.add(options(reader));
          }
          reader.endArray();
        }
        default -> putNew(fixed, key, value(reader, key));
      }
    }
    reader.endObject();
    return new SweepFile(fixed, grid, runs);
  }

  private static Map<String, String> options(JsonReader reader) throws IOException {
    Map<String, String> options = new LinkedHashMap<>();
    reader.beginObject();
    while (reader.hasNext()) {
      String key = reader.nextName();
      putNew(options, key, value(reader, key));
    }
    reader.endObject();
    return options;
  }

  private static List<String> values(JsonReader reader, String key) throws IOException {
    List<String> values = new ArrayList<>();
    if (reader.peek() != JsonToken.BEGIN_ARRAY) {
      throw new FormException("in the grid, \"" + key + "\" should be a list of values");
    }
    reader.beginArray();
    while (reader.hasNext()) {
      values.add(value(reader, key));
    }
    reader.endArray();
    if (values.isEmpty()) {
      throw new FormException("in the grid, \"" + key + "\" has no values");
    }
    return values;
  }

  private static String value(JsonReader reader, String key) throws IOException {
    return switch (reader.peek()) {
      case STRING, NUMBER -> reader.nextString();
      case BOOLEAN -> Boolean.toString(reader.nextBoolean());
      default ->
          throw new FormException(
              "\"" + key + "\" should be a number, a text, true or false" + hint(reader.peek()));
    };
  }

  private static String hint(JsonToken found) {
    return found == JsonToken.BEGIN_ARRAY ? ", found a list: those stand in \"grid\"" : "";
  }

  private static <V> void putNew(Map<String, V> map, String key, V value) {
    if (map.put(key, value) != null) {
      throw new FormException("\"" + key + "\" stands there twice");
    }
  }
}
