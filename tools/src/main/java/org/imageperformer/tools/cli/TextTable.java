package org.imageperformer.tools.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Columns of text for a person: names on the left, numbers to the right. */
public final class TextTable {
  private static final String GAP = "  ";

  private final List<String> header;
  private final int names;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * @param names how many columns, from the first on, stand to the left
   * @param header of all columns
   */
  public TextTable(int names, String... header) {
    this.names = names;
    this.header = List.of(header);
  }

  public void add(String... row) {
    if (row.length != header.size()) {
      throw new IllegalArgumentException(
          "expected " + header.size() + " cells, found " + row.length);
    }
    rows.add(List.of(row));
  }

  public void print(PrintWriter out) {
    int[] widths = new int[header.size()];
    measure(header, widths);
    rows.forEach(row -> measure(row, widths));
    print(header, widths, out);
    rows.forEach(row -> print(row, widths, out));
  }

  private static void measure(List<String> row, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], length(row.get(i)));
    }
  }

  private void print(List<String> row, int[] widths, PrintWriter out) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - length(row.get(i)));
      line.append(i == 0 ? "" : GAP);
      line.append(i < names ? row.get(i) + padding : padding + row.get(i));
    }
    out.println(line.toString().stripTrailing());
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
