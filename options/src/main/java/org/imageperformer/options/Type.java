package org.imageperformer.options;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.imageperformer.options.Option.Form;

/**
 * The values that an option can have.
 *
 * @param form in files
 * @param label what the help calls a value; empty for a flag
 * @param expected what a number has to be, in words
 * @param choices the texts that it can be; empty for any
 * @param parser from a text; throws IllegalArgumentException
 * @param format to a text
 */
record Type<T>(
    Form form,
    String label,
    String expected,
    Supplier<List<String>> choices,
    Function<String, T> parser,
    Function<T, String> format) {
  static final Type<Boolean> FLAG =
      new Type<>(Form.BOOLEAN, "", List::of, text -> true, String::valueOf);

  static final Type<Boolean> BOOL =
      new Type<>(
          Form.BOOLEAN,
          "true|false",
          () -> List.of("true", "false"),
          Boolean::valueOf,
          String::valueOf);

  Type(
      Form form,
      String label,
      Supplier<List<String>> choices,
      Function<String, T> parser,
      Function<T, String> format) {
    this(form, label, "", choices, parser, format);
  }

  static <T> Type<T> number(Form form, String expected, Function<String, T> parser) {
    return new Type<>(form, "N", expected, List::of, parser, String::valueOf);
  }

  Type<T> withLabel(String other) {
    return new Type<>(form, other, expected, choices, parser, format);
  }

  Type<T> withFormat(Function<T, String> other) {
    return new Type<>(form, label, expected, choices, parser, other);
  }
}
