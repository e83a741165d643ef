package org.imageperformer.tools.authors;

import java.util.List;
import java.util.Map;

/** What a value of a pickle is in Python, in words. */
final class PythonKind {
  private static final Map<Class<?>, String> WORDS =
      Map.of(
          String.class, "text",
          Map.class, "a dictionary",
          List.class, "a list",
          Object[].class, "a tuple",
          KnownName.class, "a class or function");

  private PythonKind() {}

  /** Of a value. */
  static String of(Object value) {
    if (value == null) {
      return "None";
    }
    if (value instanceof Opaque || value instanceof KnownName) {
      return value.toString();
    }
    if (value instanceof Boolean) {
      return "True or False";
    }
    if (value instanceof Number) {
      return "a number";
    }
    if (value instanceof StoredTensor) {
      return "a tensor";
    }
    if (value instanceof StorageReference) {
      return "a storage";
    }
    return WORDS.entrySet().stream()
        .filter(entry -> entry.getKey().isInstance(value))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("something else");
  }

  /** Of all values of such a class. */
  static String of(Class<?> type) {
    return WORDS.get(type);
  }
}
