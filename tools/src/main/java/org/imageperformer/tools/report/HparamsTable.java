package org.imageperformer.tools.report;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All hyperparameters, a column for each run. */
final class HparamsTable {
  private final List<RunFindings> runs;

  HparamsTable(List<RunFindings> runs) {
    this.runs = runs;
  }

  Tag section() {
    Tag header = new Tag("tr").add(Figures.columnHeader("name"));
    Set<String> names = new LinkedHashSet<>();
    for (RunFindings run : runs) {
      header.add(new Tag("th").attr("scope", "col").add(Words.name(run.look())));
      names.addAll(values(run).keySet());
    }
    Tag body = new Tag("tbody");
    names.forEach(name -> body.add(row(name)));
    Tag section =
        new Tag("section")
            .attr("id", "hyperparameters")
            .add(
                Tag.of("h2", "Hyperparameters"),
                Figures.scrolling(
                    new Tag("table").type("hparams").add(new Tag("thead").add(header), body),
                    "Hyperparameters of all runs"));
    return runs.size() == 1
        ? section
        : section.add(
            Tag.of(
                    "p",
                    "Rows in which the runs differ are marked; an empty cell means that a run"
                        + " does not have it.")
                .type("caption"));
  }

  private Tag row(String name) {
    List<String> texts =
        runs.stream()
            .map(run -> values(run).containsKey(name) ? Numerals.value(values(run).get(name)) : "")
            .toList();
    boolean differs = texts.stream().distinct().count() > 1;
    Tag row =
        new Tag("tr")
            .type(differs ? "differs" : "")
            .add(new Tag("th").attr("scope", "row").add(Tag.of("bdi", Numerals.shortened(name))));
    for (String text : texts) {
      row.add(new Tag("td").add(Tag.of("bdi", text)));
    }
    return row;
  }

  private static Map<String, Object> values(RunFindings run) {
    return run.hparams().values();
  }
}
