package org.imageperformer.tools.report;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imageperformer.tools.plots.RunLook;

/** Phrases that the report uses in several places. */
final class Words {
  private static final Pattern PART = Pattern.compile("[^/_-]*[/_-]|[^/_-]+");

  private Words() {}

  static String runs(int count) {
    return count == 1 ? "1 run" : Numerals.count(count) + " runs";
  }

  static String images(int count) {
    return count == 1 ? "1 image" : Numerals.count(count) + " images";
  }

  /**
   * The name of a run, which cannot turn the direction of the words around it, and is broken
   * between its parts where it is long.
   */
  static Tag name(RunLook look) {
    Tag name = new Tag("bdi").type("name");
    Matcher parts = PART.matcher(Numerals.shortened(look.label()));
    while (parts.find()) {
      name.text(parts.group()).add(new Tag("wbr"));
    }
    return name;
  }

  static String sentence(String note) {
    return note.substring(0, 1).toUpperCase(Locale.ROOT) + note.substring(1) + ".";
  }
}
