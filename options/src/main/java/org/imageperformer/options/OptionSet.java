package org.imageperformer.options;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows that something has, in the order of its help. Immutable. */
public final class OptionSet {
  private final Map<String, Option<?>> rows = new LinkedHashMap<>();

  private OptionSet(Collection<Option<?>> rows) {
    for (Option<?> row : rows) {
      if (this.rows.putIfAbsent(row.name(), row) != null) {
        throw new IllegalArgumentException("two options are named '" + row.name() + "'");
      }
    }
  }

  /**
   * Some rows.
   *
   * @throws IllegalArgumentException if two have the same name
   */
  public static OptionSet of(Option<?>... rows) {
    return new OptionSet(Arrays.asList(rows));
  }

  /** These rows, then those of another set. */
  public OptionSet plus(OptionSet more) {
    List<Option<?>> all = new ArrayList<>(rows());
    all.addAll(more.rows());
    return new OptionSet(all);
  }

  /** These rows, then more. */
  public OptionSet plus(Option<?>... more) {
    return plus(of(more));
  }

  /** These rows, then those of another set whose names are not here yet. */
  public OptionSet union(OptionSet more) {
    return plus(new OptionSet(more.rows().stream().filter(row -> !has(row)).toList()));
  }

  /**
   * With other defaults.
   *
   * @param defaults texts by name; names that are not here are passed over
   */
  public OptionSet withDefaults(Map<String, String> defaults) {
    return new OptionSet(
        rows.values().stream()
            .<Option<?>>map(
                row ->
                    defaults.containsKey(row.name()) ? row.standard(defaults.get(row.name())) : row)
            .toList());
  }

  /** All rows. */
  public List<Option<?>> rows() {
    return List.copyOf(rows.values());
  }

  /** The row of that name, if there is one. */
  public Optional<Option<?>> find(String name) {
    return Optional.ofNullable(rows.get(name));
  }

  /** Whether there is an option of the row's name. */
  public boolean has(Option<?> row) {
    return rows.containsKey(row.name());
  }

  /** Every option at its default. */
  public Options defaults() {
    return Options.defaults(this);
  }
}
