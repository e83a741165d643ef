package org.imageperformer.tools.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The report's style sheet.
 *
 * @param css its text
 */
record StyleSheet(String css) {
  static StyleSheet load() {
    try (InputStream in = StyleSheet.class.getResourceAsStream("report.css")) {
      return new StyleSheet(new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
