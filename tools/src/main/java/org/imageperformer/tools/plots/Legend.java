package org.imageperformer.tools.plots;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The names of lines in columns, each beside a piece of its line, to stand below panels. Names that
 * are long are broken into several lines of text.
 */
final class Legend {
  /** As the legend that stands beside a panel. */
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

  /** Widths as XChart measures them, whatever is drawn on. */
  private static final FontRenderContext MEASURE = new FontRenderContext(null, true, false);

  private static final int LINE_HEIGHT = 18;
  private static final int MARGIN = 14;
  private static final int SAMPLE_GAP = 8;
  private static final int COLUMN_GAP = 24;

  /** However long the names are. */
  private static final int FEWEST_COLUMNS = 2;

  /** Characters of a name that are shown; of longer ones, both ends. */
  private static final int LONGEST = 160;

  /** Where a name is broken, if one of these is near: after it. */
  private static final String BREAKS = "/_- ,";

  private record Entry(Curve curve, List<String> lines) {}

  private final List<Entry> entries;
  private final int columns;
  private final int columnWidth;
  private final List<String> note;

  /**
   * @param curves one or more
   * @param width of the picture, in pixels
   */
  Legend(List<Curve> curves, int width) {
    int besideText = LineLook.SAMPLE_WIDTH + SAMPLE_GAP + COLUMN_GAP;
    int room = width - 2 * MARGIN + COLUMN_GAP;
    int widestText = Math.min(room / FEWEST_COLUMNS - besideText, (int) Math.ceil(widest(curves)));
    this.columnWidth = widestText + besideText;
    this.columns = Math.max(1, Math.min(room / columnWidth, curves.size()));
    this.entries =
        curves.stream()
            .map(curve -> new Entry(curve, broken(shown(curve.name()), widestText)))
            .toList();
    long runs = curves.stream().filter(curve -> !curve.secondary()).count();
    this.note =
        RunLook.crowdNote((int) runs)
            .map(text -> broken(text, width - 2 * MARGIN))
            .orElse(List.of());
  }

  /** The width of the longest name, in pixels. */
  static double widest(List<Curve> curves) {
    return curves.stream().mapToDouble(curve -> width(shown(curve.name()))).max().orElse(0);
  }

  private static String shown(String name) {
    return name.length() <= LONGEST
        ? name
        : name.substring(0, LONGEST / 2) + "\u2026" + name.substring(name.length() - LONGEST / 2);
  }

  private static double width(String text) {
    return text.isEmpty() ? 0 : new TextLayout(text, FONT, MEASURE).getAdvance();
  }

  /** Pixels. */
  int height() {
    int lines = note.isEmpty() ? 0 : note.size() + 1;
    for (int row = 0; row < rows(); row++) {
      lines += linesOf(row);
    }
    return lines * LINE_HEIGHT + MARGIN;
  }

  private int rows() {
    return (entries.size() + columns - 1) / columns;
  }

  /** Entries go down the columns: a row has every n-th. */
  private Optional<Entry> entry(int row, int column) {
    int index = column * rows() + row;
    return index < entries.size() ? Optional.of(entries.get(index)) : Optional.empty();
  }

  private int linesOf(int row) {
    int most = 1;
    for (int column = 0; column < columns; column++) {
      most = Math.max(most, entry(row, column).map(entry -> entry.lines().size()).orElse(0));
    }
    return most;
  }

  /** Draws it with its upper left corner at the origin. */
  void paint(Graphics2D graphics) {
    double top = 0;
    for (int row = 0; row < rows(); row++) {
      for (int column = 0; column < columns; column++) {
        Optional<Entry> entry = entry(row, column);
        if (entry.isPresent()) {
          paint(entry.get(), MARGIN + column * columnWidth, top, graphics);
        }
      }
      top += linesOf(row) * LINE_HEIGHT;
    }
    top += LINE_HEIGHT;
    for (String line : note) {
      paint(line, MARGIN, top, graphics);
      top += LINE_HEIGHT;
    }
  }

  private static void paint(Entry entry, double left, double top, Graphics2D graphics) {
    LineLook.of(entry.curve().look())
        .paintSample(graphics, entry.curve().secondary(), left, top + LINE_HEIGHT / 2.0);
    double line = top;
    for (String text : entry.lines()) {
      paint(text, left + LineLook.SAMPLE_WIDTH + SAMPLE_GAP, line, graphics);
      line += LINE_HEIGHT;
    }
  }

  /** As an outline, so that the picture needs no font where it is looked at. */
  private static void paint(String text, double left, double top, Graphics2D graphics) {
    if (text.isEmpty()) {
      return;
    }
    TextLayout layout = new TextLayout(text, FONT, MEASURE);
    double baseline = top + (LINE_HEIGHT + layout.getAscent() - layout.getDescent()) / 2.0;
    graphics.setColor(Color.BLACK);
    graphics.fill(layout.getOutline(AffineTransform.getTranslateInstance(left, baseline)));
  }

  /** Breaks a text into lines that are not wider than so many pixels. */
  private static List<String> broken(String text, double widest) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (width(rest) > widest) {
      int end = fitting(rest, widest);
      int nice = end;
      while (nice > end / 2 && BREAKS.indexOf(rest.charAt(nice - 1)) < 0) {
        nice--;
      }
      int cut = nice > end / 2 ? nice : end;
      lines.add(rest.substring(0, cut).strip());
      rest = rest.substring(cut).strip();
    }
    if (!rest.isEmpty() || lines.isEmpty()) {
      lines.add(rest);
    }
    return lines;
  }

  /** How many characters fit, one at least, no pair of surrogates broken. */
  private static int fitting(String text, double widest) {
    int low = text.offsetByCodePoints(0, 1);
    int high = text.length();
    while (low < high) {
      int middle = (low + high + 1) / 2;
      if (width(text.substring(0, middle)) <= widest) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return Character.isHighSurrogate(text.charAt(low - 1)) && low > 1 ? low - 1 : low;
  }
}
