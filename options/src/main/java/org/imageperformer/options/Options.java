package org.imageperformer.options;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value, or none, for each row of a set. Immutable; equal if names and values are. */
public final class Options {
  private final OptionSet set;
  private final Map<String, Object> values;

  private Options(OptionSet set, Map<String, Object> values) {
    this.set = set;
    this.values = values;
  }

  static Options defaults(OptionSet set) {
    Map<String, Object> values = new LinkedHashMap<>();
    set.rows().forEach(row -> row.standard().ifPresent(value -> values.put(row.name(), value)));
    return new Options(set, values);
  }

  /** The rows. */
  public OptionSet set() {
    return set;
  }

  /**
   * The value of an option.
   *
   * @throws IllegalArgumentException if there is no such option, or no value
   */
  public <T> T get(Option<T> option) {
    return find(option)
        .orElseThrow(() -> new IllegalArgumentException(option + " has no value here"));
  }

  /** The value of an option; empty if it has none, or there is no such option. */
  @SuppressWarnings("unchecked") // Values are put under their own rows alone.
  public <T> Optional<T> find(Option<T> option) {
    return Optional.ofNullable((T) values.get(option.name()));
  }

  /**
   * With another value.
   *
   * @throws IllegalArgumentException if there is no such option
   */
  public <T> Options with(Option<T> option, T value) {
    if (!set.has(option)) {
      throw new IllegalArgumentException("there is no option " + option + " here");
    }
    Map<String, Object> changed = new LinkedHashMap<>(values);
    changed.put(option.name(), value);
    return new Options(set, changed);
  }

  /** Without a value of an option. */
  public Options without(Option<?> option) {
    Map<String, Object> changed = new LinkedHashMap<>(values);
    changed.remove(option.name());
    return new Options(set, changed);
  }

  /**
   * The values of the rows of another set.
   *
   * @param part of this one
   */
  public Options only(OptionSet part) {
    Map<String, Object> kept = new LinkedHashMap<>(values);
    kept.keySet().removeIf(name -> part.find(name).isEmpty());
    return new Options(part, kept);
  }

  /** What is wrong with single values, in the order of the rows; empty if nothing is. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    set.rows().forEach(row -> problems.addAll(problems(row)));
    return problems;
  }

  private <T> List<String> problems(Option<T> row) {
    return find(row).map(row::problems).orElse(List.of());
  }

  /** What a file of hyperparameters holds, by name in the order of the rows; null for none. */
  public Map<String, Object> toPlain() {
    Map<String, Object> plain = new LinkedHashMap<>();
    set.rows().forEach(row -> plain.put(row.name(), plain(row)));
    return plain;
  }

  private <T> Object plain(Option<T> row) {
    return find(row).map(row::toPlain).orElse(null);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Options that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
