package org.imageperformer.tools.authors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.imageperformer.options.Option;
import org.imageperformer.savedmodels.OneLine;

/** Reads values and collects what is wrong with them. */
final class HparamsReader {

  private static final Pattern EXPONENT =
      Pattern.compile("[-+]?\\d{1,300}(\\.\\d{0,300})?[eE][-+]?\\d{1,9}");

  private final Map<String, Object> hparams;
  private final List<String> problems = new ArrayList<>();

  HparamsReader(Map<String, Object> hparams) {
    this.hparams = hparams;
  }

  Integer integer(String key, Integer fallback) {
    Object found = hparams.get(key);
    if (found == null) {
      return fallback;
    }
    if (found instanceof Number number && number.doubleValue() == number.intValue()) {
      return number.intValue();
    }
    return wrong(key, "an integer", found, fallback);
  }

  /** The value of an option; empty if it is not there, or wrong. */
  <T> Optional<T> value(Option<T> option) {
    Object found = hparams.get(option.name());
    if (found == null) {
      return Optional.empty();
    }
    Object plain =
        switch (option.form()) {
          case TEXT ->
              found instanceof Opaque
                  ? wrong(option.name(), "text", found, null)
                  : found.toString();
          case INTEGER -> integer(option.name(), null);
          case LONG ->
              found instanceof Integer || found instanceof Long
                  ? (Long) ((Number) found).longValue()
                  : wrong(option.name(), "an integer", found, null);
          case NUMBER ->
              found instanceof Number number
                  ? (Double) number.doubleValue()
                  : number(option.name(), found);
          case BOOLEAN ->
              found instanceof Boolean ? found : wrong(option.name(), "true or false", found, null);
        };
    try {
      return Optional.ofNullable(plain).map(option::ofPlain);
    } catch (IllegalArgumentException e) {
      problems.add(option + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  /** PyYAML takes 1e-3, which has no point, for text. */
  private Double number(String key, Object found) {
    return found instanceof String text && EXPONENT.matcher(text).matches()
        ? Double.valueOf(text)
        : wrong(key, "a number", found, null);
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
    if (found instanceof Opaque) {
      return wrong(key, "a name", found, fallback);
    }
    try {
      return parser.apply(found.toString());
    } catch (IllegalArgumentException e) {
      problems.add(key + ": " + e.getMessage());
      return fallback;
    }
  }

  private <T> T wrong(String key, String expected, Object found, T fallback) {
    Object shown = found instanceof String text ? "the text " + OneLine.quoted(text) : found;
    problems.add(key + " must be " + expected + ", not " + shown);
    return fallback;
  }

  void check() {
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException("hyperparameters: " + String.join("; ", problems));
    }
  }
}
