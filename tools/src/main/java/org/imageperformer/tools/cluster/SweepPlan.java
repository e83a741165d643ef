package org.imageperformer.tools.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.imageperformer.options.Affects;
import org.imageperformer.options.Option;
import org.imageperformer.options.Words;
import org.imageperformer.tools.cli.TrainingArguments;

/**
 * The runs of a SWEEP.json, as {@code train} would be called for each.
 *
 * @param runs one or more, by names that are all different
 * @param problems all that is wrong, for one message; the runs are not to be used then
 */
public record SweepPlan(List<Run> runs, List<String> problems) {
  private static final String MODEL = "model";
  private static final String DATASET = "dataset";
  private static final String THREADS = "threads";
  private static final int LONGEST_NAME = 150;

  /**
   * One training.
   *
   * @param name of its folder: what sets it apart from the others
   * @param options as they are written on the command line, by name, model and dataset among them
   */
  public record Run(String name, Map<String, String> options) {

    /** Returns the words after {@code train}, but for the run's folder and threads. */
    public List<String> words() {
      Set<String> flags = new LinkedHashSet<>();
      for (Option<?> row : TrainingArguments.all()) {
        if (row.isFlag()) {
          flags.add(row.name());
        }
      }
      List<String> words = new ArrayList<>();
      words.add(options.get(MODEL));
      words.add(options.get(DATASET));
      options.forEach(
          (name, value) -> {
            if (name.equals(MODEL) || name.equals(DATASET)) {
              return;
            }
            if (!flags.contains(name)) {
              words.add("--" + name + "=" + value);
            } else if (value.equals("true")) {
              words.add("--" + name);
            }
          });
      return words;
    }

    /** Returns whether an option is given. */
    public boolean has(String option) {
      return options.containsKey(option);
    }
  }

  /**
   * Reads a file and lists its runs. Whether values fit is for {@code train} to say.
   *
   * @throws org.imageperformer.tools.cli.CommandFailure when it cannot be read or has another form
   */
  public static SweepPlan read(Path file) {
    SweepFile sweep = SweepFile.read(file);
    List<String> problems = new ArrayList<>();
    Names names = new Names();
    Map<String, String> fixed = names.ours(sweep.fixed(), problems);
    Map<String, List<String>> grid = names.ours(sweep.grid(), problems);
    List<Map<String, String>> some = new ArrayList<>();
    Set<String> varied = new LinkedHashSet<>(grid.keySet());
    for (Map<String, String> run : sweep.runs()) {
      Map<String, String> ours = names.ours(run, problems);
      varied.addAll(ours.keySet());
      some.add(ours);
      ours.keySet().stream()
          .filter(grid::containsKey)
          .forEach(name -> add(problems, "\"" + name + "\" is in the grid and in runs"));
    }
    varied.stream()
        .filter(fixed::containsKey)
        .forEach(name -> add(problems, "\"" + name + "\" is both fixed and varied"));
    List<Map<String, String>> all =
        combine(some.isEmpty() ? List.of(Map.of()) : some, List.copyOf(grid.entrySet()));
    List<Run> runs = new ArrayList<>();
    Map<String, Map<String, String>> byName = new HashMap<>();
    for (Map<String, String> its : all) {
      Map<String, String> options = new LinkedHashMap<>(fixed);
      options.putAll(its);
      for (String needed : List.of(MODEL, DATASET)) {
        if (!options.containsKey(needed)) {
          add(problems, "\"" + needed + "\" is missing");
        }
      }
      String name = name(its, varied);
      Map<String, String> before = byName.put(name, its);
      if (before != null) {
        add(
            problems,
            before.equals(its)
                ? "the run " + name + " stands there twice"
                : "two runs would be called " + name);
      }
      if (name.length() > LONGEST_NAME) {
        add(problems, "the run " + name + " has too long a name: vary fewer options");
      }
      runs.add(new Run(name, options));
    }
    return new SweepPlan(runs, problems);
  }

  private static void add(List<String> problems, String problem) {
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }

  private static List<Map<String, String>> combine(
      List<Map<String, String>> runs, List<Map.Entry<String, List<String>>> grid) {
    List<Map<String, String>> all = runs;
    for (Map.Entry<String, List<String>> axis : grid) {
      List<Map<String, String>> more = new ArrayList<>();
      for (Map<String, String> run : all) {
        for (String value : axis.getValue()) {
          Map<String, String> with = new LinkedHashMap<>(run);
          with.put(axis.getKey(), value);
          more.add(with);
        }
      }
      all = more;
    }
    return all;
  }

  private static String name(Map<String, String> run, Set<String> varied) {
    List<String> parts = new ArrayList<>();
    for (String option : varied) {
      if (run.containsKey(option)) {
        parts.add(option + "=" + run.get(option).replaceAll("[^A-Za-z0-9.,+-]", "-"));
      }
    }
    return parts.isEmpty() ? "run" : String.join("_", parts);
  }

  /** The options that a sweep may have, and their other spellings. */
  private static final class Names {
    private final Map<String, String> ours = new HashMap<>();
    private final Map<String, String> refused = new HashMap<>();

    Names() {
      for (Option<?> row : TrainingArguments.all()) {
        ours.put(row.name(), row.name());
        row.aliases().forEach(alias -> ours.put(alias, row.name()));
        if (row.affects() == Affects.NAME) {
          refused.put(row.name(), "the sweep gives each run its folder, below --output");
        }
      }
      ours.put(MODEL, MODEL);
      ours.put(DATASET, DATASET);
      refused.put(THREADS, "the option --threads of the command says it for all runs");
    }

    <V> Map<String, V> ours(Map<String, V> options, List<String> problems) {
      Map<String, V> result = new LinkedHashMap<>();
      options.forEach(
          (word, value) -> {
            String name = ours.get(word.replace('-', '_'));
            if (name == null) {
              add(problems, unknown(word));
            } else if (refused.containsKey(name)) {
              add(problems, "\"" + word + "\" cannot be set here: " + refused.get(name));
            } else if (result.put(name, value) != null) {
              add(problems, "\"" + name + "\" stands there twice, as " + word);
            }
          });
      return result;
    }

    private String unknown(String word) {
      Optional<String> near = Words.nearest(word.replace('-', '_'), new TreeSet<>(ours.values()));
      return "unknown option \""
          + word
          + "\""
          + near.map(known -> ", did you mean " + known + "?").orElse("");
    }
  }
}
