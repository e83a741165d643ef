package org.imageperformer.tools.summary;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ModelConfig;
import org.imageperformer.tools.cli.TextTable;

/**
 * The parts of a model with their trainable parameters and their work per image.
 *
 * @param parts parameters by name, in the order of the model
 * @param cost their work
 * @param randomFeatures numbers in the random projections, which are not trained
 */
public record ModelSummary(Map<String, Long> parts, ModelCost cost, long randomFeatures) {
  private static final Pattern BLOCK = Pattern.compile("blocks/(\\d+)/(attention|feed_forward)/.*");

  /** Needs neither a graph nor a session. */
  public static ModelSummary of(ModelConfig config) {
    Weights weights = new Weights();
    ImageModel.create(weights, config);
    Map<String, Long> parts = new LinkedHashMap<>();
    // In the order of the computation; parts without weights are left out again.
    List.of("embedding", "positions", "class_query").forEach(part -> parts.put(part, 0L));
    for (int block = 0; block < config.depth(); block++) {
      parts.put(attention(block), 0L);
      parts.put(feedForward(block), 0L);
    }
    for (Weight weight : weights.of(Weight.Role.TRAINED)) {
      parts.merge(part(weight), (long) weight.size(), Long::sum);
    }
    parts.values().removeIf(parameters -> parameters == 0);
    long randomFeatures =
        weights.of(Weight.Role.RANDOM_FEATURES).stream().mapToLong(Weight::size).sum();
    return new ModelSummary(parts, ModelCost.of(config), randomFeatures);
  }

  public long parameters() {
    return parts.values().stream().mapToLong(Long::longValue).sum();
  }

  public void print(PrintWriter out) {
    TextTable table = new TextTable(1, "part", "parameters", "MFLOP per image");
    parts.forEach(
        (part, parameters) -> {
          OptionalLong work = work(part);
          table.add(part, count(parameters), work.isPresent() ? mega(work.getAsLong()) : "");
        });
    table.add("total", count(parameters()), mega(cost.forward()));
    table.print(out);
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

  private OptionalLong work(String part) {
    for (int block = 0; block < cost.depth(); block++) {
      if (part.equals(attention(block))) {
        return OptionalLong.of(cost.of(block).attention());
      }
      if (part.equals(feedForward(block))) {
        return OptionalLong.of(cost.of(block).feedForward());
      }
    }
    return switch (part) {
      case "embedding" -> OptionalLong.of(cost.embedding());
      case "output" -> OptionalLong.of(cost.output());
      default -> OptionalLong.empty();
    };
  }

  private static String part(Weight weight) {
    Matcher block = BLOCK.matcher(weight.name());
    if (!block.matches()) {
      return weight.name().replaceFirst("/.*", "");
    }
    int index = Integer.parseInt(block.group(1));
    return block.group(2).equals("attention") ? attention(index) : feedForward(index);
  }

  private static String attention(int block) {
    return "block " + block + " attention";
  }

  private static String feedForward(int block) {
    return "block " + block + " feed-forward";
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
