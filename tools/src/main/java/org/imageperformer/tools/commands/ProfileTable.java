package org.imageperformer.tools.commands;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.imageperformer.tools.bench.Benchmark.Profile;
import org.imageperformer.tools.cli.TextTable;

/** What bench shows of where the time of a thread goes. */
final class ProfileTable {
  /** Operations of a profile that are shown by name. */
  private static final int LARGEST = 8;

  private ProfileTable() {}

  /**
   * Prints milliseconds of an image, a row for each profile, and the largest operations of each.
   */
  static void print(List<Profile> profiles, PrintWriter out) {
    Set<String> kinds = new LinkedHashSet<>();
    profiles.forEach(profile -> kinds.addAll(profile.byKind().keySet()));
    List<String> header = new ArrayList<>(List.of("model", "", "work", "ms/image"));
    header.addAll(kinds);
    header.add("between");
    TextTable table = new TextTable(3, header.toArray(String[]::new));
    for (Profile profile : profiles) {
      List<String> row =
          new ArrayList<>(List.of(profile.model(), profile.variant(), profile.phase()));
      row.add(number(profile.milliseconds()));
      kinds.forEach(kind -> row.add(number(profile.byKind().getOrDefault(kind, 0d))));
      row.add(number(profile.milliseconds() - sum(profile.byKind())));
      table.add(row.toArray(String[]::new));
    }
    table.print(out);
    for (Profile profile : profiles) {
      out.println(
          "%s: %s"
              .formatted(
                  String.join(" ", profile.model(), profile.variant(), profile.phase())
                      .replace("  ", " "),
                  largest(profile.byOperation())));
    }
    out.println(
        "Milliseconds of one thread for an image. ms/image: while TensorFlow makes no notes; the"
            + " kinds: what it noted that operations took; between: the difference, below 0 where"
            + " noting takes time.");
  }

  private static String largest(Map<String, Double> operations) {
    return operations.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .limit(LARGEST)
        .map(each -> each.getKey() + " " + number(each.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static double sum(Map<String, Double> values) {
    return values.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private static String number(double milliseconds) {
    return String.format(Locale.ROOT, "%.2f", milliseconds);
  }
}
