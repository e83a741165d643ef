package org.imageperformer.datasets;

import java.util.Locale;
import org.imageperformer.options.Labelled;

/** Which way images are moved. */
public enum ShiftDirection implements Labelled {
  /** To the right. */
  HORIZONTAL(0, 1),
  /** Down. */
  VERTICAL(1, 0),
  /** To the right and down by as much. */
  DIAGONAL(1, 1);

  private final int rows;
  private final int columns;

  ShiftDirection(int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
  }

  /** Rows down for a shift of 1. */
  public int rows() {
    return rows;
  }

  /** Columns to the right for a shift of 1. */
  public int columns() {
    return columns;
  }

  @Override
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
