package org.imageperformer.tools.report;

import java.util.List;
import java.util.Optional;
import org.imageperformer.eval.SweepAxis;
import org.imageperformer.eval.SweepRow;
import org.imageperformer.tools.plots.RunLook;
import org.imageperformer.tools.plots.SweepPlot;

/** How runs on one data set bear images that are changed step by step. */
final class SweepSection {
  private final SweepFindings found;
  private final Experiment experiment;
  private final List<RunFindings> runs;
  private final SweepAxis axis;
  private final String id;

  /**
   * @param found what is shown
   * @param runs all runs of the report
   * @param id of the section, no other's on the page
   */
  SweepSection(SweepFindings found, List<RunFindings> runs, String id) {
    this.found = found;
    this.experiment = found.experiment();
    this.runs = runs.stream().filter(run -> found.rows().containsKey(run.look())).toList();
    this.axis = experiment.sweep().axis();
    this.id = id;
  }

  Tag section() {
    String what =
        " against %s, %s on %s"
            .formatted(axis.column(), Words.runs(found.rows().size()), found.dataset());
    Tag figure =
        Figures.plots(
            id,
            new SweepPlot(axis).draw(id + "-plot", found.rows()),
            List.of("Accuracy" + what, "Loss" + what),
            List.copyOf(found.rows().keySet()),
            experiment.caption(found));
    return new Tag("section")
        .attr("id", id)
        .add(
            Tag.of("h2", experiment.title() + " of " + found.dataset()),
            figure,
            Figures.scrolling(strip(), "The first of the images, " + experiment.participle()),
            Tag.of(
                    "p",
                    "The first of these images, a %s, at some %ss, and what each run takes it for with what probability."
                        .formatted(found.actual(), axis.column()))
                .type("caption"),
            numbers());
  }

  private Tag strip() {
    Tag header = new Tag("tr").add(Figures.columnHeader(axis.column()));
    Tag images = new Tag("tr").add(Tag.of("th", "image").attr("scope", "row"));
    found
        .pictures()
        .forEach(
            (change, picture) -> {
              header.add(Figures.columnHeader(experiment.numeral(change)));
              images.add(new Tag("td").add(Figures.image(picture, description(change))));
            });
    Tag body = new Tag("tbody").add(images);
    runs.forEach(run -> body.add(opinions(run)));
    return new Tag("table").type("strip").add(new Tag("thead").add(header), body);
  }

  private String description(double change) {
    return "A %s %s by %s"
        .formatted(found.actual(), experiment.participle(), experiment.numeral(change));
  }

  private Tag opinions(RunFindings run) {
    Tag row = new Tag("tr").add(runHeader(run.look(), "strip"));
    for (Double change : found.pictures().keySet()) {
      Opinion opinion = run.opinions().get(axis).get(change);
      row.add(
          new Tag("td")
              .type(opinion.right() ? "right" : "wrong")
              .add(
                  Tag.of("span", (opinion.right() ? "\u2713 " : "\u2717 ")).type("mark"),
                  Tag.of("bdi", run.className(opinion.predicted())),
                  Tag.of("small", " " + Numerals.probability(opinion.probability()))));
    }
    return row;
  }

  private Tag runHeader(RunLook run, String place) {
    return new Tag("th")
        .attr("scope", "row")
        .add(Figures.sample(run, id + "-" + place + "-" + run.number()), Words.name(run));
  }

  /** The values behind the curves. */
  private Tag numbers() {
    Tag names = new Tag("tr").add(Figures.columnHeader(axis.column()).attr("rowspan", "2"));
    Tag columns = new Tag("tr");
    for (RunLook run : found.rows().keySet()) {
      names.add(new Tag("th").attr("scope", "colgroup").attr("colspan", "2").add(Words.name(run)));
      columns.add(
          Figures.columnHeader("accuracy").type("number"),
          Figures.columnHeader("loss").type("number"));
    }
    Tag body = new Tag("tbody");
    for (double change : experiment.sweep().changes().stream().sorted().toList()) {
      Tag row = new Tag("tr").add(Tag.of("th", experiment.numeral(change)).attr("scope", "row"));
      for (List<SweepRow> rows : found.rows().values()) {
        for (String text : values(rows, change)) {
          row.add(Tag.of("td", text).type("number"));
        }
      }
      body.add(row);
    }
    Tag table = new Tag("table").type("numbers").add(new Tag("thead").add(names, columns), body);
    return new Tag("details")
        .add(
            Tag.of("summary", "The numbers behind the curves"),
            Figures.scrolling(table, "Accuracy and loss by " + axis.column()));
  }

  private static List<String> values(List<SweepRow> rows, double change) {
    Optional<SweepRow> found = rows.stream().filter(row -> row.change() == change).findFirst();
    return List.of(
        found.map(row -> Numerals.fourDigits(row.accuracyMean())).orElse(Numerals.NONE),
        found.map(row -> Numerals.fourDigits(row.lossMean())).orElse(Numerals.NONE));
  }
}
