package org.imageperformer.eval;

import java.math.BigDecimal;

/** What a sweep changes of the test images, step by step. */
public enum SweepAxis {
  /** They are moved sideways, by whole columns; positive is right (data.md, "Shifted images"). */
  SHIFT("shift", "shift in pixels (right is positive)", true, 1),

  /** They are turned about their centre, by degrees counterclockwise (data.md, "Turned images"). */
  ANGLE("angle", "angle in degrees (counterclockwise)", false, 45);

  private final String column;
  private final String title;
  private final boolean whole;
  private final int step;

  SweepAxis(String column, String title, boolean whole, int step) {
    this.column = column;
    this.title = title;
    this.whole = whole;
    this.step = step;
  }

  /** Returns the name of its column in tables (cli.md, "CSV files"). */
  public String column() {
    return column;
  }

  /** Returns what stands below a plot's horizontal axis, with the unit. */
  public String title() {
    return title;
  }

  /** Returns whether its values are whole numbers. */
  public boolean isWhole() {
    return whole;
  }

  /** Returns what the labels of a plot's axis are multiples of: 1, or an eighth of a turn. */
  public int step() {
    return step;
  }

  /**
   * Spells a value as people write it: -8, 15, 22.5.
   *
   * @param value finite
   */
  public static String text(double value) {
    return value == 0 ? "0" : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
