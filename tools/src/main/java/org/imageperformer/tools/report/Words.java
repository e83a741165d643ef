package org.imageperformer.tools.report;

import java.util.Locale;
import org.imageperformer.tools.plots.RunLook;

/** Phrases that the report uses in several places. */
final class Words {
  private Words() {}

  static String runs(int count) {
    return count == 1 ? "1 run" : Numerals.count(count) + " runs";
  }

  static String images(int count) {
    return count == 1 ? "1 image" : Numerals.count(count) + " images";
  }

  /** The name of a run, which cannot turn the direction of the words around it. */
  static Tag name(RunLook look) {
    return Tag.of("bdi", Numerals.shortened(look.label())).type("name");
  }

  static String sentence(String note) {
    return note.substring(0, 1).toUpperCase(Locale.ROOT) + note.substring(1) + ".";
  }
}
