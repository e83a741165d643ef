package org.imageperformer.tools.summary;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalLong;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.ModelOutline;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.imageperformer.tools.cli.TextTable;

/**
 * The parts of a model with their trainable parameters and their work per image.
 *
 * @param outline of the model
 */
public record ModelSummary(ModelOutline outline) {
  /** Needs neither a graph nor a session. */
  public static ModelSummary of(ModelSpec spec) {
    return new ModelSummary(spec.outline());
  }

  public void print(PrintWriter out) {
    TextTable table = new TextTable(1, "part", "parameters", "MFLOP per image");
    Weights weights = outline.weights();
    Cost cost = outline.cost();
    for (Cost.Part part : cost.parts()) {
      long parameters =
          weights.of(Weight.Role.TRAINED).stream()
              .filter(weight -> part.owns(weight.name()))
              .mapToLong(Weight::size)
              .sum();
      if (parameters > 0) {
        OptionalLong work = part.operations();
        table.add(part.name(), count(parameters), work.isPresent() ? mega(work.getAsLong()) : "");
      }
    }
    table.add("total", count(weights.parameters()), mega(cost.forward()));
    table.print(out);
    long randomFeatures =
        weights.of(Weight.Role.RANDOM_FEATURES).stream().mapToLong(Weight::size).sum();
    if (randomFeatures > 0) {
      out.println("and " + count(randomFeatures) + " numbers in random projections, not trained");
    }
    out.println(
        "work per image: "
            + amount(cost.forward())
            + " forward, "
            + amount(cost.training())
            + " in training");
  }

  private static String amount(long operations) {
    return operations < 1e8
        ? String.format(Locale.ROOT, "%.2f MFLOP", operations / 1e6)
        : String.format(Locale.ROOT, "%.2f GFLOP", operations / 1e9);
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String mega(long operations) {
    return String.format(Locale.ROOT, "%,.3f", operations / 1e6);
  }
}
