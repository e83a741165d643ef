package org.imageperformer.tools.reproduce;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.Results;
import org.imageperformer.tools.cli.SavedRun;
import org.imageperformer.training.Provenance;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.checkpoints.CheckpointStore.Slot;

/** Where two runs part. */
public final class RunComparison {
  private RunComparison() {}

  /** What differs between two runs of one training, a line each; none if they are identical. */
  public static List<String> differences(SavedRun before, SavedRun again) {
    List<String> found = new ArrayList<>();
    metrics(
            RunMetrics.read(before.directory().metrics()),
            RunMetrics.read(again.directory().metrics()))
        .ifPresent(found::add);
    results(
            Results.read(before.directory().results()).asMap(),
            Results.read(again.directory().results()).asMap())
        .ifPresent(found::add);
    for (Slot slot : Slot.values()) {
      weights(before.weights(slot), again.weights(slot))
          .ifPresent(text -> found.add("checkpoint " + slot.label() + ": " + text));
    }
    return found;
  }

  /**
   * What else than the options was different when a run was trained again, a line each: no failure,
   * but likely reasons for one.
   */
  public static List<String> circumstances(SavedRun before, SavedRun again) {
    Map<String, Object> then = circumstances(before);
    Map<String, Object> now = circumstances(again);
    Set<String> names = new LinkedHashSet<>(then.keySet());
    names.addAll(now.keySet());
    return names.stream()
        .filter(name -> !Objects.equals(then.get(name), now.get(name)))
        .map(name -> name + " was " + shown(then.get(name)) + ", is " + shown(now.get(name)))
        .toList();
  }

  /** Product, machine and data, as hparams.json has them. */
  private static Map<String, Object> circumstances(SavedRun run) {
    Map<String, Object> values =
        new LinkedHashMap<>(HParams.read(run.directory().hparams()).values());
    values
        .keySet()
        .removeIf(
            name ->
                !Provenance.NAMES.contains(name) && !name.startsWith(TrainingConfig.DATA_PREFIX));
    return values;
  }

  private static String shown(Object value) {
    return value == null ? "unknown" : value.toString();
  }

  /** The first difference between the epochs. */
  private static Optional<String> metrics(RunMetrics before, RunMetrics again) {
    int common = Math.min(before.epochs().size(), again.epochs().size());
    for (int i = 0; i < common; i++) {
      Map<String, String> now = again.epochs().get(i);
      for (Map.Entry<String, String> column : before.epochs().get(i).entrySet()) {
        String value = now.get(column.getKey());
        if (!column.getValue().equals(value)) {
          return Optional.of(
              String.format(
                  Locale.ROOT,
                  "metrics.csv: they part in epoch %d: %s was %s, is %s",
                  i + 1,
                  column.getKey(),
                  column.getValue(),
                  value));
        }
      }
    }
    return before.epochs().size() == again.epochs().size()
        ? Optional.empty()
        : Optional.of(
            "metrics.csv: %s epochs before, %s now"
                .formatted(before.epochs().size(), again.epochs().size()));
  }

  /** All that differ, by the names they have in the file. */
  private static Optional<String> results(Map<String, Object> before, Map<String, Object> again) {
    String different =
        before.entrySet().stream()
            .filter(result -> !result.getValue().equals(again.get(result.getKey())))
            .map(
                result ->
                    "%s was %s, is %s"
                        .formatted(result.getKey(), result.getValue(), again.get(result.getKey())))
            .collect(Collectors.joining("; "));
    return different.isEmpty() ? Optional.empty() : Optional.of("results.json: " + different);
  }

  private static Optional<String> weights(Map<String, float[]> before, Map<String, float[]> again) {
    int different = 0;
    double largest = 0;
    for (Map.Entry<String, float[]> weight : before.entrySet()) {
      float[] a = weight.getValue();
      float[] b = again.get(weight.getKey());
      if (!Arrays.equals(a, b)) {
        different++;
      }
      for (int i = 0; i < a.length; i++) {
        largest = Math.max(largest, Math.abs((double) a[i] - b[i]));
      }
    }
    return different == 0
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%d of %d weights differ, by at most %.3g",
                different,
                before.size(),
                largest));
  }
}
