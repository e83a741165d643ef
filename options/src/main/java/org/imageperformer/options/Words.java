package org.imageperformer.options;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Words that are known, and the one that was most likely meant by a misspelt one. */
public final class Words {
  /** A word longer than any known one by far tells nothing more, and the distance is quadratic. */
  private static final int LONGEST = 100;

  private Words() {}

  /**
   * The known word with the fewest insertions, deletions, replacements and swaps of neighbours away
   * from the typed one, case aside; none when more than a third of the longer word would change,
   * unless the typed word begins exactly one known word.
   */
  public static Optional<String> nearest(String typed, Collection<String> known) {
    String wanted = lower(typed);
    Optional<String> close =
        known.stream()
            .filter(word -> distance(wanted, lower(word)) <= allowance(wanted, word))
            .min(Comparator.comparingInt(word -> distance(wanted, lower(word))));
    if (close.isPresent()) {
      return close;
    }
    var longer = known.stream().filter(word -> lower(word).startsWith(wanted)).toList();
    return longer.size() == 1 ? Optional.of(longer.get(0)) : Optional.empty();
  }

  /** The known word that is least far away, however far; of several the first. */
  public static String closest(String typed, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(word -> distance(lower(typed), lower(word))))
        .orElseThrow();
  }

  /** The error of a word that is not known; throw it. */
  public static IllegalArgumentException unknown(
      String what, String word, Collection<String> known) {
    return new IllegalArgumentException(
        "unknown " + what + " '" + word + "'; known: " + String.join(", ", known));
  }

  private static String lower(String word) {
    return word.substring(0, Math.min(word.length(), LONGEST)).toLowerCase(Locale.ROOT);
  }

  private static int allowance(String wanted, String word) {
    return Math.max(1, Math.max(wanted.length(), word.length()) / 3);
  }

  /** The "optimal string alignment" distance, row by row. */
  private static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      beforeLast = last;
      last = row;
    }
    return last[b.length()];
  }
}
