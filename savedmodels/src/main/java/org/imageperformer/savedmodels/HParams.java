package org.imageperformer.savedmodels;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The hyperparameters of a run: a flat map from names to strings, booleans, integers ({@code
 * Long}), numbers ({@code Double}) and null, in the order in which they were put (cli.md, "A run
 * directory"). Immutable. Two are equal when they hold the same names with the same values, in
 * whatever order.
 */
public final class HParams {

  private final Map<String, Object> values;
  private final String source;

  private HParams(Map<String, Object> values, String source) {
    this.values = Collections.unmodifiableMap(values);
    this.source = source;
  }

  /**
   * Returns the hyperparameters, in the map's order.
   *
   * @param values names to String, Boolean, Integer, Long, Float, Double or null; integers are kept
   *     as Long, the others as Double
   * @throws IllegalArgumentException for a value of another type, or a number that is not finite
   */
  public static HParams of(Map<String, ?> values) {
    return of(values, "hyperparameters");
  }

  static HParams of(Map<String, ?> values, String source) {
    Map<String, Object> copy = new LinkedHashMap<>();
    values.forEach((name, value) -> copy.put(name, normalised(name, value)));
    return new HParams(copy, source);
  }

  /**
   * Reads a file that {@link #write} made, or any flat JSON object.
   *
   * @param file hparams.json
   * @return what it holds; errors of the getters will name this file
   * @throws RunException when it is missing, too large, no JSON, not flat, or names something twice
   */
  public static HParams read(Path file) {
    return JsonText.read(file, reader -> readObject(reader, file.toString()));
  }

  /** Reads one flat object where the reader stands. */
  static HParams readObject(JsonReader reader, String source) throws IOException {
    Map<String, Object> values = new LinkedHashMap<>();
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      if (values.containsKey(name)) {
        throw new RunException(source + ": \"" + name + "\" stands there twice");
      }
      values.put(name, readValue(reader, name, source));
    }
    reader.endObject();
    return new HParams(values, source);
  }

  static Object readValue(JsonReader reader, String name, String source) throws IOException {
    return switch (reader.peek()) {
      case STRING -> reader.nextString();
      case BOOLEAN -> reader.nextBoolean();
      case NUMBER -> number(reader.nextString(), name, source);
      case NULL -> {
        reader.nextNull();
        yield null;
      }
      default ->
          throw new RunException(
              "%s: \"%s\" should be a string, a number, a boolean or null, found %s"
                  .formatted(source, name, JsonText.name(reader.peek())));
    };
  }

  private static Object number(String literal, String name, String source) {
    try {
      if (literal.chars().allMatch(c -> c == '-' || Character.isDigit(c))) {
        return Long.parseLong(literal);
      }
      double value = Double.parseDouble(literal);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw outOfRange(literal, name, source);
    }
    throw outOfRange(literal, name, source);
  }

  private static RunException outOfRange(String literal, String name, String source) {
    String shown = literal.length() <= 40 ? literal : literal.substring(0, 40) + "...";
    return new RunException(source + ": \"" + name + "\" is out of range: " + shown);
  }

  private static Object normalised(String name, Object value) {
    if (value == null
        || value instanceof String
        || value instanceof Boolean
        || value instanceof Long) {
      return value;
    }
    if (value instanceof Integer integer) {
      return integer.longValue();
    }
    if (value instanceof Float || value instanceof Double) {
      // Through the decimal digits: 0.1f means 0.1, not 0.10000000149011612.
      double number = Double.parseDouble(value.toString());
      if (!Double.isFinite(number)) {
        throw new IllegalArgumentException("\"" + name + "\" is not finite: " + value);
      }
      return number;
    }
    throw new IllegalArgumentException(
        "\"" + name + "\" is of a type that hparams.json does not hold: " + value.getClass());
  }

  /**
   * Writes them as JSON.
   *
   * @param file hparams.json, created or replaced in one piece
   * @throws RunException when it cannot be written
   */
  public void write(Path file) {
    AtomicFiles.writeString(file, toJson());
  }

  /** Returns the JSON text, one name a line, in order. */
  public String toJson() {
    return JsonText.print(this::printObject);
  }

  void printObject(JsonWriter writer) throws IOException {
    writer.beginObject();
    for (Map.Entry<String, Object> entry : values.entrySet()) {
      writer.name(entry.getKey());
      Object value = entry.getValue();
      if (value == null) {
        writer.nullValue();
      } else if (value instanceof String string) {
        writer.value(string);
      } else if (value instanceof Boolean flag) {
        writer.value(flag);
      } else {
        writer.value((Number) value);
      }
    }
    writer.endObject();
  }

  /**
   * Returns names and values, unmodifiable, in order; values are String, Boolean, Long, Double or
   * null.
   */
  public Map<String, Object> values() {
    return values;
  }

  /**
   * Returns whether it is there and not null.
   *
   * @param name of a hyperparameter
   */
  public boolean has(String name) {
    return values.get(name) != null;
  }

  /**
   * Returns a copy with this value; a new name comes last.
   *
   * @param name of a hyperparameter
   * @param value String, Boolean, Integer, Long, Float, Double or null
   * @throws IllegalArgumentException as {@link #of}
   */
  public HParams with(String name, Object value) {
    Map<String, Object> copy = new LinkedHashMap<>(values);
    copy.put(name, normalised(name, value));
    return new HParams(copy, source);
  }

  /**
   * Returns its value.
   *
   * @param name of a hyperparameter
   * @throws RunException when it is missing, null or no string
   */
  public String string(String name) {
    return findString(name).orElseThrow(() -> missing(name));
  }

  /**
   * Returns its value, empty when it is missing or null.
   *
   * @param name of a hyperparameter
   * @throws RunException when it is no string
   */
  public Optional<String> findString(String name) {
    return find(name, String.class, "a string");
  }

  /**
   * Returns its value.
   *
   * @param name of a hyperparameter
   * @throws RunException when it is missing, null or no boolean
   */
  public boolean bool(String name) {
    return findBool(name).orElseThrow(() -> missing(name));
  }

  /**
   * Returns its value, empty when it is missing or null.
   *
   * @param name of a hyperparameter
   * @throws RunException when it is no boolean
   */
  public Optional<Boolean> findBool(String name) {
    return find(name, Boolean.class, "true or false");
  }

  /**
   * Returns its value.
   *
   * @param name of a hyperparameter
   * @throws RunException when it is missing, null, no integer or outside the range of an int
   */
  public int integer(String name) {
    return findInteger(name).orElseThrow(() -> missing(name));
  }

  /**
   * Returns its value, empty when it is missing or null.
   *
   * @param name of a hyperparameter
   * @throws RunException when it is no integer or outside the range of an int
   */
  public Optional<Integer> findInteger(String name) {
    Optional<Long> found = findLongInteger(name);
    found.ifPresent(
        value -> {
          if (value.intValue() != value) {
            throw outOfRange(value.toString(), name, source);
          }
        });
    return found.map(Long::intValue);
  }

  /**
   * Returns its value.
   *
   * @param name of a hyperparameter
   * @throws RunException when it is missing, null or no integer
   */
  public long longInteger(String name) {
    return findLongInteger(name).orElseThrow(() -> missing(name));
  }

  /**
   * Returns its value, empty when it is missing or null.
   *
   * @param name of a hyperparameter
   * @throws RunException when it is no integer
   */
  public Optional<Long> findLongInteger(String name) {
    return find(name, Long.class, "an integer");
  }

  /**
   * Returns its value, of an integer too.
   *
   * @param name of a hyperparameter
   * @throws RunException when it is missing, null or no number
   */
  public double number(String name) {
    return findNumber(name).orElseThrow(() -> missing(name));
  }

  /**
   * Returns its value, of an integer too; empty when it is missing or null.
   *
   * @param name of a hyperparameter
   * @throws RunException when it is no number
   */
  public Optional<Double> findNumber(String name) {
    return find(name, Number.class, "a number").map(Number::doubleValue);
  }

  private <T> Optional<T> find(String name, Class<T> type, String expected) {
    Object value = values.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      String found = value instanceof String ? "\"" + value + "\"" : value.toString();
      throw new RunException(
          source + ": \"" + name + "\" should be " + expected + ", found " + found);
    }
    return Optional.of(type.cast(value));
  }

  private RunException missing(String name) {
    return new RunException(source + ": \"" + name + "\" is missing");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HParams that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
