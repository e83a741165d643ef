package org.imageperformer.tools.authors;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A value of which only is known what it is and what was put into it. Files hold much that import
 * does not need; nothing of it is understood or executed, and only who needs it refuses it.
 */
final class Opaque {
  private final String description;
  private Map<Object, Object> entries = Map.of();
  private Object state;

  /** A value that is called so in messages, with its article. */
  Opaque(String description) {
    this.description = description;
  }

  /** As a dictionary's entry. */
  void put(Object key, Object value) {
    if (entries.isEmpty()) {
      entries = new LinkedHashMap<>();
    }
    entries.put(key, value);
  }

  /** What Python would give to its {@code __setstate__}. */
  void build(Object newState) {
    state = newState;
  }

  /** What a dictionary of that class would hold, else the attributes of a plain object. */
  Map<?, ?> attributes() {
    return entries.isEmpty() && state instanceof Map<?, ?> attributes ? attributes : entries;
  }

  /** In words: {@code an object of numpy.dtype}. */
  @Override
  public String toString() {
    return description;
  }
}
