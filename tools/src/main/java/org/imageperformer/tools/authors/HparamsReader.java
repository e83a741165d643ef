package org.imageperformer.tools.authors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads values and collects what is wrong with them. */
final class HparamsReader {

  private final Map<String, Object> hparams;
  private final List<String> problems = new ArrayList<>();

  HparamsReader(Map<String, Object> hparams) {
    this.hparams = hparams;
  }

  int integer(String key, int fallback) {
    Object found = hparams.get(key);
    if (found == null) {
      return fallback;
    }
    if (found instanceof Number number && number.doubleValue() == number.intValue()) {
      return number.intValue();
    }
    return wrong(key, "an integer", found, fallback);
  }

  long longInteger(String key, long fallback) {
    Object found = hparams.get(key);
    if (found == null) {
      return fallback;
    }
    if (found instanceof Integer || found instanceof Long) {
      return ((Number) found).longValue();
    }
    return wrong(key, "an integer", found, fallback);
  }

  double number(String key, double fallback) {
    Object found = hparams.get(key);
    if (found == null) {
      return fallback;
    }
    return found instanceof Number number
        ? number.doubleValue()
        : wrong(key, "a number", found, fallback);
  }

  boolean flag(String key, boolean fallback) {
    Object found = hparams.get(key);
    if (found == null) {
      return fallback;
    }
    return found instanceof Boolean flag ? flag : wrong(key, "true or false", found, fallback);
  }

  /** A named value; without a fallback it must be there. */
  <T> T parsed(String key, Function<String, T> parser, T fallback) {
    Object found = hparams.get(key);
    if (found == null) {
      if (fallback == null) {
        problems.add("no " + key);
      }
      return fallback;
    }
    try {
      return parser.apply(found.toString());
    } catch (IllegalArgumentException e) {
      problems.add(key + ": " + e.getMessage());
      return fallback;
    }
  }

  private <T> T wrong(String key, String expected, Object found, T fallback) {
    problems.add(key + " must be " + expected + ", not " + found);
    return fallback;
  }

  void check() {
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException("hparams.yaml: " + String.join("; ", problems));
    }
  }
}
