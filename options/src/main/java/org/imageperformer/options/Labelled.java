package org.imageperformer.options;

import java.util.Arrays;
import java.util.List;

/** A constant that users know by a word: the choices of an option. */
public interface Labelled {
  /** The word on the command line and in hparams.json. */
  String label();

  /** The words of a type's constants, in their order. */
  static <T extends Enum<T> & Labelled> List<String> labels(Class<T> type) {
    return Arrays.stream(type.getEnumConstants()).map(Labelled::label).toList();
  }

  /**
   * The constant of that label.
   *
   * @param what the constants are, for the message: the option's name
   * @throws IllegalArgumentException if there is none; the message lists the known ones
   */
  static <T extends Enum<T> & Labelled> T of(Class<T> type, String what, String label) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.label().equals(label))
        .findFirst()
        .orElseThrow(() -> Words.unknown(what, label, labels(type)));
  }
}
