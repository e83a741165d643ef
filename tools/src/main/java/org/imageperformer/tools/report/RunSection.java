package org.imageperformer.tools.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.imageperformer.savedmodels.Results;

/** What one run gets wrong. */
final class RunSection {
  /** Class names longer than this stand upright above the columns. */
  private static final int SHORT_NAME = 2;

  /** Accuracies further apart than this are not a matter of rounding. */
  private static final double TOLERANCE = 0.002;

  private final RunFindings run;
  private final RunFindings.TestFindings test;

  RunSection(RunFindings run) {
    this.run = run;
    this.test = run.test();
  }

  Tag section() {
    Tag section =
        new Tag("section")
            .type("run")
            .attr("id", "run-" + run.look().number())
            .add(
                new Tag("h2")
                    .add(
                        Figures.sample(run.look(), "heading-" + run.look().number()),
                        Words.name(run.look())),
                Tag.of("p", facts()),
                new Tag("p")
                    .type("caption")
                    .add(
                        Tag.of("span", "Folder "),
                        Tag.of("bdi", Numerals.shortened(run.data().run().path().toString()))));
    Optional<String> difference = difference();
    difference.ifPresent(text -> section.add(Tag.of("p", text).type("note")));
    section.add(Tag.of("h3", "Confusion matrix"));
    if (test.confusion().isPresent()) {
      section.add(
          Figures.scrolling(matrix(test.confusion().get()), "Confusion matrix"),
          Tag.of(
                  "p",
                  "Rows are the true classes, columns what the run takes their images for; the last"
                      + " column is the share of the class found (recall). Shading grows with the"
                      + " share of the row.")
              .type("caption"));
    } else {
      section.add(
          Tag.of("p", "There are too many classes (" + run.classes().size() + ") to show it.")
              .type("note"));
    }
    return section.add(Tag.of("h3", "Surest mistakes"), mistakes());
  }

  private String facts() {
    return run.hparam("model").map(Numerals::value).orElse("A model")
        + " on "
        + run.data().key().dataset().name()
        + ": test accuracy "
        + Numerals.fourDigits(test.accuracy())
        + ", loss "
        + Numerals.fourDigits(test.loss())
        + " on "
        + Words.images(test.images())
        + ".";
  }

  private Optional<String> difference() {
    return run.recorded()
        .map(Results::testAcc)
        .filter(recorded -> test.whole() && Math.abs(recorded - test.accuracy()) > TOLERANCE)
        .map(
            recorded ->
                "The run's results.json says test accuracy "
                    + Numerals.fourDigits(recorded)
                    + ": the test images or the model are others now than when it was written.");
  }

  private Tag matrix(ConfusionMatrix confusion) {
    int classes = confusion.classes();
    boolean upright = run.classes().stream().anyMatch(name -> name.length() > SHORT_NAME);
    Tag header = new Tag("tr").add(Figures.columnHeader("true \\ predicted"));
    for (int predicted = 0; predicted < classes; predicted++) {
      header.add(
          new Tag("th")
              .attr("scope", "col")
              .type(upright ? "upright" : "")
              .add(Tag.of("bdi", run.className(predicted))));
    }
    header.add(Figures.columnHeader("recall"));
    Tag body = new Tag("tbody");
    for (int actual = 0; actual < classes; actual++) {
      body.add(row(confusion, actual));
    }
    return new Tag("table").type("matrix").add(new Tag("thead").add(header), body);
  }

  private Tag row(ConfusionMatrix confusion, int actual) {
    Tag row =
        new Tag("tr")
            .add(new Tag("th").attr("scope", "row").add(Tag.of("bdi", run.className(actual))));
    for (int predicted = 0; predicted < confusion.classes(); predicted++) {
      int count = confusion.count(actual, predicted);
      Tag cell = Tag.of("td", Numerals.count(count));
      if (count == 0) {
        cell.type("nothing");
      } else {
        cell.type(actual == predicted ? "hit" : "miss")
            .attr("style", "--share:" + shade(confusion.share(actual, predicted)));
      }
      row.add(cell);
    }
    boolean none = confusion.total(actual) == 0;
    return row.add(
        Tag.of("td", none ? Numerals.NONE : Numerals.probability(confusion.share(actual, actual)))
            .type("recall"));
  }

  /** The square root lets rare mistakes be seen. */
  private static String shade(double share) {
    return String.format(Locale.ROOT, "%.2f", Math.sqrt(share));
  }

  private Tag mistakes() {
    List<Mistake> mistakes = test.mistakes();
    if (mistakes.isEmpty()) {
      return Tag.of("p", "None: every test image is classified rightly.");
    }
    Tag list = new Tag("ul").type("mistakes");
    for (Mistake mistake : mistakes) {
      String actual = run.className(mistake.actual());
      String predicted = run.className(mistake.predicted());
      list.add(
          new Tag("li")
              .add(
                  new Tag("figure")
                      .add(
                          Figures.image(
                              mistake.picture(),
                              "Test image "
                                  + mistake.index()
                                  + ", a "
                                  + actual
                                  + " taken for a "
                                  + predicted),
                          new Tag("figcaption")
                              .add(
                                  new Tag("span")
                                      .type("right")
                                      .add(Tag.of("span", "true "), Tag.of("bdi", actual)),
                                  new Tag("span")
                                      .type("wrong")
                                      .add(Tag.of("span", "predicted "), Tag.of("bdi", predicted)),
                                  Tag.of(
                                      "small",
                                      Numerals.probability(mistake.probability())
                                          + ", no. "
                                          + mistake.index())))));
    }
    return new Tag("div")
        .add(
            list,
            Tag.of(
                    "p",
                    "The wrong answers given with the highest probability, the surest first, with"
                        + " the image's number in the test set, counted from 0.")
                .type("caption"));
  }
}
