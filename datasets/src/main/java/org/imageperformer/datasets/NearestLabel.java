package org.imageperformer.datasets;

import java.util.List;
import java.util.Locale;

/** The label that a user most likely meant: least edit distance, case aside. */
final class NearestLabel {
  private NearestLabel() {}

  static String to(String wanted, List<String> known) {
    // A label longer than any known one by far tells nothing more, and the distance is quadratic.
    String start = wanted.substring(0, Math.min(wanted.length(), 100)).toLowerCase(Locale.ROOT);
    String nearest = known.get(0);
    int least = Integer.MAX_VALUE;
    for (String label : known) {
      int distance = editDistance(start, label.toLowerCase(Locale.ROOT));
      if (distance < least) {
        least = distance;
        nearest = label;
      }
    }
    return nearest;
  }

  private static int editDistance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
