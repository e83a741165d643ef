package org.imageperformer.datasets;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** Reads the JSON files among the test resources. */
public final class Golden {
  private Golden() {}

  public static JsonElement json(String name) throws IOException {
    InputStream stored =
        Objects.requireNonNull(Golden.class.getResourceAsStream(name), "no resource " + name);
    try (InputStream in = name.endsWith(".gz") ? new GZIPInputStream(stored) : stored;
        Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader);
    }
  }

  /** Numbers 0..255, nested to any depth, in order. */
  public static byte[] bytes(JsonElement numbers) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    collect(numbers, out);
    return out.toByteArray();
  }

  private static void collect(JsonElement element, ByteArrayOutputStream out) {
    if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(inner -> collect(inner, out));
    } else {
      out.write(element.getAsInt());
    }
  }
}
