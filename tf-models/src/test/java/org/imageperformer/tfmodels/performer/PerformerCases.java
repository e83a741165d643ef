package org.imageperformer.tfmodels.performer;

import java.util.List;
import java.util.function.Predicate;
import org.imageperformer.tfmodels.models.ContractCase;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelSpec;

/** The Performers in the contract; parameters of models.md section 7. */
public final class PerformerCases {
  private PerformerCases() {}

  public static List<ContractCase> all() {
    return List.of(
        of(PerformerFamily.PERFORMER, 794_794, weight -> false),
        of(PerformerFamily.NOPOS_PERFORMER, 794_762, weight -> false),
        // The last block asks for the class token alone, whose encoding is zero: rotating it
        // changes nothing (in the published program neither).
        of(
            PerformerFamily.RELATIVE_PERFORMER,
            795_022,
            weight -> weight.startsWith("blocks/1/attention/rotation/")),
        of(PerformerFamily.CLIPPED_RELATIVE_PERFORMER, 762_890, weight -> false),
        of(PerformerFamily.EQUIVARIANT_PERFORMER, 800_266, weight -> false)); // equivariant.md
  }

  private static ContractCase of(String model, long parameters, Predicate<String> idle) {
    return new ContractCase(
        Specs.tiny(model), ModelSpec.of(model, new ImageShape(32, 32, 1), 10), parameters, idle);
  }
}
