package org.imageperformer.tools.report;

import java.util.List;
import org.imageperformer.tools.plots.RunLook;
import org.imageperformer.tools.plots.Svg;

/** Pictures with their words. */
final class Figures {
  private Figures() {}

  /**
   * Plots side by side, or below each other where there is little room.
   *
   * @param id begins the names of its parts
   * @param drawings the plots
   * @param descriptions what each shows, for those who do not see it
   * @param runs whose lines the plots have
   * @param caption below the plots
   */
  static Tag plots(
      String id,
      List<Svg> drawings,
      List<String> descriptions,
      List<RunLook> runs,
      String caption) {
    Tag plots = new Tag("div").type("plots");
    for (int i = 0; i < drawings.size(); i++) {
      plots.add(
          new Tag("div")
              .type("plot")
              .attr("role", "img")
              .attr("aria-label", descriptions.get(i))
              .add(drawings.get(i)));
    }
    Tag legend = new Tag("ul").type("legend").attr("aria-label", "Legend");
    for (RunLook run : runs) {
      legend.add(new Tag("li").add(sample(run, id + "-legend-" + run.number()), Words.name(run)));
    }
    String note = RunLook.crowdNote(runs.size()).map(text -> " " + text).orElse("");
    return new Tag("figure").add(legend, plots, Tag.of("figcaption", caption + note));
  }

  /** A piece of a run's line. */
  static Tag sample(RunLook run, String id) {
    return new Tag("span").type("sample").add(run.sample(id));
  }

  /** An image of a data set. */
  static Tag image(Png picture, String description) {
    return new Tag("img")
        .attr("src", picture.uri())
        .attr("width", Integer.toString(picture.width()))
        .attr("height", Integer.toString(picture.height()))
        .attr("alt", description);
  }

  /** A table that scrolls by itself where the page is too narrow, also by keyboard. */
  static Tag scrolling(Tag table, String label) {
    return new Tag("div")
        .type("scrolling")
        .attr("role", "region")
        .attr("aria-label", label)
        .attr("tabindex", "0")
        .add(table);
  }

  static Tag columnHeader(String text) {
    return Tag.of("th", text).attr("scope", "col");
  }
}
