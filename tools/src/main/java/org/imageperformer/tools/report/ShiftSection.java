package org.imageperformer.tools.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.eval.SweepAxis;
import org.imageperformer.eval.SweepRow;
import org.imageperformer.tools.plots.RunLook;
import org.imageperformer.tools.plots.SweepPlot;

/** How runs on one data set bear images moved sideways. */
final class ShiftSection {
  private final Findings findings;
  private final ShiftFindings shift;
  private final String id;

  ShiftSection(Findings findings, int number) {
    this.findings = findings;
    this.shift = findings.shifts().get(number);
    this.id = "shift-" + number;
  }

  Tag section() {
    int minShift = findings.request().minShift();
    String what = Words.runs(shift.rows().size()) + " on " + shift.dataset();
    Tag figure =
        Figures.plots(
            id,
            new SweepPlot(SweepAxis.SHIFT).draw(id + "-plot", shift.rows()),
            List.of("Accuracy against shift, " + what, "Loss against shift, " + what),
            List.copyOf(shift.rows().keySet()),
            ("Accuracy and mean loss on %s of the class %s moved sideways by %s to %s"
                    + " columns (positive is to the right). These are the test images with empty"
                    + " margins wide enough to stay whole. The more level a line, the less the run"
                    + " depends on where in the image they are.")
                .formatted(
                    Words.images(shift.images()),
                    String.join(" or ", shift.classNames()),
                    Numerals.shift(-minShift),
                    Numerals.shift(minShift)));
    return new Tag("section")
        .attr("id", id)
        .add(
            Tag.of("h2", "Shifted images of " + shift.dataset()),
            figure,
            Figures.scrolling(strip(), "The first of the images, moved"),
            Tag.of(
                    "p",
                    "The first of these images, a "
                        + shift.actual()
                        + ", at some shifts, and what each run takes it for with what probability.")
                .type("caption"),
            numbers());
  }

  private Tag strip() {
    Tag header = new Tag("tr").add(Figures.columnHeader("shift"));
    Tag images = new Tag("tr").add(Tag.of("th", "image").attr("scope", "row"));
    shift
        .pictures()
        .forEach(
            (columns, picture) -> {
              header.add(Figures.columnHeader(Numerals.shift(columns)));
              images.add(
                  new Tag("td")
                      .add(
                          Figures.image(
                              picture,
                              "A " + shift.actual() + " moved by " + Numerals.shift(columns))));
            });
    Tag body = new Tag("tbody").add(images);
    for (RunFindings run : findings.runs()) {
      if (shift.rows().containsKey(run.look())) {
        body.add(opinions(run));
      }
    }
    return new Tag("table").type("strip").add(new Tag("thead").add(header), body);
  }

  private Tag opinions(RunFindings run) {
    Tag row = new Tag("tr").add(runHeader(run.look(), "strip"));
    for (Integer columns : shift.pictures().keySet()) {
      Opinion opinion = run.moved().get(columns);
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
    Tag names = new Tag("tr").add(Tag.of("th", "shift").attr("scope", "col").attr("rowspan", "2"));
    Tag columns = new Tag("tr");
    for (RunLook run : shift.rows().keySet()) {
      names.add(new Tag("th").attr("scope", "colgroup").attr("colspan", "2").add(Words.name(run)));
      columns.add(
          Figures.columnHeader("accuracy").type("number"),
          Figures.columnHeader("loss").type("number"));
    }
    Tag body = new Tag("tbody");
    int minShift = findings.request().minShift();
    for (int columnsMoved = -minShift; columnsMoved <= minShift; columnsMoved++) {
      Tag row = new Tag("tr").add(Tag.of("th", Numerals.shift(columnsMoved)).attr("scope", "row"));
      for (Map.Entry<RunLook, List<SweepRow>> run : shift.rows().entrySet()) {
        for (String text : values(run.getValue(), columnsMoved)) {
          row.add(Tag.of("td", text).type("number"));
        }
      }
      body.add(row);
    }
    Tag table = new Tag("table").type("numbers").add(new Tag("thead").add(names, columns), body);
    return new Tag("details")
        .add(
            Tag.of("summary", "The numbers behind the curves"),
            Figures.scrolling(table, "Accuracy and loss by shift"));
  }

  private static List<String> values(List<SweepRow> rows, int columnsMoved) {
    Optional<SweepRow> found = rows.stream().filter(row -> row.change() == columnsMoved).findFirst();
    List<String> texts = new ArrayList<>();
    texts.add(found.map(row -> Numerals.fourDigits(row.accuracyMean())).orElse(Numerals.NONE));
    texts.add(found.map(row -> Numerals.fourDigits(row.lossMean())).orElse(Numerals.NONE));
    return texts;
  }
}
