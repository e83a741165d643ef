package org.imageperformer.savedmodels;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and writes the small JSON files of a run, within bounds whatever the file holds. */
public final class JsonText {

  /** Far above any real file of a run, far below what would hurt. */
  private static final int LARGEST_FILE = 1 << 20;

  private static final Pattern PLACE = Pattern.compile("at (line \\d+ column \\d+)");

  /** Takes a value out of a reader that stands at the beginning of the document. */
  @FunctionalInterface
  interface Parser<T> {
    T parse(JsonReader reader) throws IOException;
  }

  /** Writes one value. */
  @FunctionalInterface
  interface Printer {
    void print(JsonWriter writer) throws IOException;
  }

  private JsonText() {}

  static <T> T read(Path file, Parser<T> parser) {
    return parse(text(file), file.toString(), parser);
  }

  /**
   * Reads a list of records.
   *
   * @param file UTF-8 JSON, such as {@link #of} makes of a list
   * @param type of the records; what the file does not say of one is null or zero
   * @throws RunException when it is missing, too large, or no such list
   */
  public static <T extends Record> List<T> records(Path file, Class<T> type) {
    return parse(
        text(file),
        file.toString(),
        JsonToken.BEGIN_ARRAY,
        reader -> {
          List<T> found = new ArrayList<>();
          Gson gson = new Gson();
          reader.beginArray();
          while (reader.hasNext()) {
            if (reader.peek() != JsonToken.BEGIN_OBJECT) {
              throw new RunException(
                  file + ": expected a list of JSON objects, found " + name(reader.peek()));
            }
            found.add(gson.fromJson(reader, type));
          }
          reader.endArray();
          return found;
        });
  }

  private static String text(Path file) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LARGEST_FILE + 1);
    } catch (IOException e) {
      throw RunException.cannot("read", file, e);
    }
    if (bytes.length > LARGEST_FILE) {
      throw new RunException(
          file + ": expected a file of at most " + LARGEST_FILE + " bytes, found a larger one");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new RunException(file + ": expected UTF-8 text, found other bytes", e);
    }
  }

  static <T> T parse(String text, String source, Parser<T> parser) {
    return parse(text, source, JsonToken.BEGIN_OBJECT, parser);
  }

  private static <T> T parse(String text, String source, JsonToken whole, Parser<T> parser) {
    String expected = whole == JsonToken.BEGIN_ARRAY ? "list" : "object";
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      if (reader.peek() != whole) {
        throw new RunException(
            source + ": expected a JSON " + expected + ", found " + name(reader.peek()));
      }
      T value = parser.parse(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new RunException(
            source + ": expected one JSON " + expected + ", found more after it");
      }
      return value;
    } catch (EOFException e) {
      throw new RunException(
          source + ": expected a JSON " + expected + ", found the end of the file", e);
    } catch (MalformedJsonException
        | JsonParseException
        | IllegalStateException
        | NumberFormatException e) {
      throw new RunException(source + ": not valid JSON" + place(e), e);
    } catch (IOException e) {
      throw new RunException(source + ": cannot be read: " + OneLine.firstLine(e), e);
    }
  }

  /** Returns a value as JSON for people, what is null in it too, with a line feed at the end. */
  public static String of(Object value) {
    return new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .create()
            .toJson(value)
        + "\n";
  }

  static String print(Printer printer) {
    StringWriter text = new StringWriter();
    try (JsonWriter writer = new JsonWriter(text)) {
      writer.setStrictness(Strictness.STRICT);
      writer.setFormattingStyle(FormattingStyle.PRETTY);
      printer.print(writer);
    } catch (IOException e) {
      throw new IllegalStateException("a StringWriter failed", e);
    }
    return text.append('\n').toString();
  }

  static String name(JsonToken token) {
    return switch (token) {
      case BEGIN_ARRAY, END_ARRAY -> "a list";
      case BEGIN_OBJECT, END_OBJECT -> "an object";
      case NAME, STRING -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "a boolean";
      case NULL -> "null";
      case END_DOCUMENT -> "the end of the file";
    };
  }

  /** Where: the rest of Gson's messages is advice for programmers. */
  private static String place(Exception e) {
    Matcher place = PLACE.matcher(OneLine.firstLine(e));
    return place.find() ? " (" + place.group(1) + ")" : "";
  }
}
