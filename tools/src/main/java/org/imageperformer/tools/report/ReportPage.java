package org.imageperformer.tools.report;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.imageperformer.tools.plots.RunLook;
import org.imageperformer.tools.plots.Svg;
import org.imageperformer.tools.plots.TrainingCurves;
import org.imageperformer.tools.plots.TrainingPlot;

/** The report as an HTML file. */
final class ReportPage {
  /** Whatever comes with a name or a class: the page loads nothing and runs nothing. */
  private static final String POLICY =
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

  private final Findings findings;

  ReportPage(Findings findings) {
    this.findings = findings;
  }

  String html() {
    Tag head =
        new Tag("head")
            .add(
                new Tag("meta").attr("charset", "utf-8"),
                new Tag("meta")
                    .attr("http-equiv", "Content-Security-Policy")
                    .attr("content", POLICY),
                new Tag("meta")
                    .attr("name", "viewport")
                    .attr("content", "width=device-width, initial-scale=1"),
                new Tag("meta").attr("name", "color-scheme").attr("content", "light dark"),
                Tag.of("title", title()),
                new Tag("style").style(StyleSheet.load()));
    Tag main = new Tag("main");
    main.add(problems());
    main.add(new RunsTable(findings.runs()).section());
    main.add(training());
    sweepSections()
        .forEach((id, sweep) -> main.add(new SweepSection(sweep, findings.runs(), id).section()));
    findings.runs().forEach(run -> main.add(new RunSection(run).section()));
    main.add(new HparamsTable(findings.runs()).section());
    Tag body =
        new Tag("body")
            .add(header(), main)
            .add(new Tag("footer").add(Tag.of("p", "Written by " + findings.request().product())));
    return "<!DOCTYPE html>\n" + new Tag("html").attr("lang", "en").add(head, body) + "\n";
  }

  /** What experiments found, by the name of its section: shift-0, shift-1, angle-0. */
  private Map<String, SweepFindings> sweepSections() {
    Map<String, SweepFindings> sections = new LinkedHashMap<>();
    for (SweepFindings sweep : findings.sweeps()) {
      String axis = sweep.experiment().sweep().axis().column();
      int number = 0;
      while (sections.containsKey(axis + "-" + number)) {
        number++;
      }
      sections.put(axis + "-" + number, sweep);
    }
    return sections;
  }

  private String title() {
    return "Image Performer: " + Words.runs(findings.runs().size()) + " on " + datasets();
  }

  private String datasets() {
    return findings.runs().stream()
        .map(run -> run.data().key().dataset().name())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private Tag header() {
    Tag links = new Tag("ul");
    links.add(link("runs", "Results"));
    if (hasTraining()) {
      links.add(link("training", "Training"));
    }
    Set<String> titles = new HashSet<>();
    sweepSections()
        .forEach(
            (id, sweep) -> {
              if (titles.add(sweep.experiment().title())) {
                links.add(link(id, sweep.experiment().title()));
              }
            });
    for (RunFindings run : findings.runs()) {
      links.add(
          new Tag("li")
              .add(
                  new Tag("a")
                      .attr("href", "#run-" + run.look().number())
                      .add(Words.name(run.look()))));
    }
    links.add(link("hyperparameters", "Hyperparameters"));
    return new Tag("header")
        .add(
            Tag.of("h1", title()),
            Tag.of("p", introduction()),
            new Tag("nav").attr("aria-label", "Contents").add(links));
  }

  private static Tag link(String id, String text) {
    return new Tag("li").add(Tag.of("a", text).attr("href", "#" + id));
  }

  private String introduction() {
    String images =
        findings
            .request()
            .limitTest()
            .map(
                limit ->
                    "Only the first "
                        + Numerals.count(limit)
                        + " test images count in this quick report.")
            .orElse("");
    return ("Test results, mistakes and answers to changed images are computed from the exported models alone. "
            + images)
        .strip();
  }

  /** What is missing comes first. */
  private Tag problems() {
    Tag box = new Tag("div");
    if (!findings.problems().isEmpty()) {
      Tag list = new Tag("ul");
      for (Problem problem : findings.problems()) {
        list.add(
            new Tag("li")
                .add(
                    Tag.of("bdi", Numerals.shortened(problem.run().toString())).type("name"),
                    Tag.of("span", ": " + problem.message())));
      }
      box.add(
          new Tag("section")
              .type("problems")
              .attr("aria-labelledby", "problems")
              .add(Tag.of("h2", "Not shown").attr("id", "problems"), list));
    }
    for (String note : findings.notes()) {
      box.add(Tag.of("p", Words.sentence(note)).type("note"));
    }
    return box;
  }

  private boolean hasTraining() {
    return findings.runs().stream().anyMatch(run -> run.training().isPresent());
  }

  private Tag training() {
    if (!hasTraining()) {
      return Tag.of("p", "None of the runs has a metrics.csv: there are no training curves.")
          .type("note");
    }
    Map<RunLook, TrainingCurves> curves = new LinkedHashMap<>();
    findings
        .runs()
        .forEach(run -> run.training().ifPresent(found -> curves.put(run.look(), found)));
    List<Svg> drawings = TrainingPlot.draw("training-plot", curves);
    Tag figure =
        Figures.plots(
            "training",
            drawings,
            List.of(
                "Loss over the epochs of training, " + Words.runs(curves.size()),
                "Accuracy over the epochs of training, " + Words.runs(curves.size())),
            List.copyOf(curves.keySet()),
            "Loss (nats per image) and accuracy after each epoch: validation as in the legend,"
                + " training dotted in the same colour. Training figures are means over the epoch,"
                + " with dropout.");
    String without =
        findings.runs().stream()
            .filter(run -> run.training().isEmpty())
            .map(run -> run.look().label())
            .collect(Collectors.joining(", "));
    Tag section = new Tag("section").attr("id", "training").add(Tag.of("h2", "Training"), figure);
    if (!without.isEmpty()) {
      section.add(Tag.of("p", "Without training curves: " + without + ".").type("note"));
    }
    return section;
  }
}
