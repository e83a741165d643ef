package org.imageperformer.options;

import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The implementations of an interface by their names. Anyone adds one with one public class and its
 * name as one line of {@code META-INF/services/INTERFACE} on the class path of the thread's context
 * class loader ({@link ServiceLoader}).
 *
 * @param <T> the interface
 */
public final class Registry<T> {

  private final String what;
  private final SortedMap<String, T> byName = new TreeMap<>();

  /**
   * Finds all implementations.
   *
   * @param what they are, in words, for messages
   * @param name of an implementation, in small letters
   * @throws IllegalStateException if two have the same name
   */
  public Registry(Class<T> type, String what, Function<T, String> name) {
    this.what = what;
    for (T found : ServiceLoader.load(type)) {
      T other = byName.putIfAbsent(name.apply(found), found);
      if (other != null) {
        throw new IllegalStateException(
            "two classes bring the "
                + what
                + " '"
                + name.apply(found)
                + "': "
                + other.getClass().getName()
                + " and "
                + found.getClass().getName());
      }
    }
  }

  /** Their names in alphabetical order. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /**
   * The implementation of a name.
   *
   * @param name in small or capital letters
   * @throws IllegalArgumentException if there is none; the message lists the known ones
   */
  public T get(String name) {
    T found = byName.get(name.toLowerCase(Locale.ROOT));
    if (found == null) {
      throw Words.unknown(what, name, names());
    }
    return found;
  }
}
