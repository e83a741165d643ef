package org.imageperformer.savedmodels;

import com.google.gson.FormattingStyle;
import com.google.gson.GsonBuilder;
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
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return parse(text, file.toString(), parser);
    } catch (CharacterCodingException e) {
      throw new RunException(file + ": expected UTF-8 text, found other bytes", e);
    }
  }

  static <T> T parse(String text, String source, Parser<T> parser) {
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      if (reader.peek() != JsonToken.BEGIN_OBJECT) {
        throw new RunException(source + ": expected a JSON object, found " + name(reader.peek()));
      }
      T value = parser.parse(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new RunException(source + ": expected one JSON object, found more after it");
      }
      return value;
    } catch (EOFException e) {
      throw new RunException(source + ": expected a JSON object, found the end of the file", e);
    } catch (MalformedJsonException | IllegalStateException | NumberFormatException e) {
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
