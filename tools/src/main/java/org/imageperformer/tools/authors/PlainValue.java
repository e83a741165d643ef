package org.imageperformer.tools.authors;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies values read from YAML into plain, unmodifiable ones: {@code null}, String, Boolean,
 * Number, List, Map by String. Bounded, as an alias may hold the same list many times or a list
 * itself.
 */
final class PlainValue {
  private static final int MOST_VALUES = 10_000;
  private static final int DEEPEST = 20;

  private int values;

  private PlainValue() {}

  /**
   * The plain copy.
   *
   * @throws RefusedException if it holds anything else, or too much
   */
  static Object copyOf(Object value) {
    return new PlainValue().copy(value, 0);
  }

  private Object copy(Object value, int depth) {
    if (++values > MOST_VALUES || depth > DEEPEST) {
      throw new RefusedException("is nested or long beyond any hyperparameter");
    }
    if (value == null
        || value instanceof String
        || value instanceof Boolean
        || value instanceof Number) {
      return value;
    }
    if (value instanceof Collection<?> items) {
      return list(items, depth);
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach(
          (key, item) -> copy.put(String.valueOf(copy(key, DEEPEST)), copy(item, depth + 1)));
      return Collections.unmodifiableMap(copy);
    }
    throw new RefusedException("is neither text nor a number, nor a list or mapping of them");
  }

  private List<Object> list(Collection<?> items, int depth) {
    List<Object> copy = new ArrayList<>();
    items.forEach(item -> copy.add(copy(item, depth + 1)));
    return Collections.unmodifiableList(copy);
  }
}
