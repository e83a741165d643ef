package org.imageperformer.tfmodels.cnn;

import java.util.List;
import org.imageperformer.tfmodels.models.ContractCase;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelSpec;

/** This family in the contract; parameters of docs/cnn.md. */
public final class CnnCases {
  private static final ImageShape DIGITS = new ImageShape(32, 32, 1);
  private static final int TINY_WIDTH = 4;

  private CnnCases() {}

  public static List<ContractCase> all() {
    return List.of(
        of(CnnFamily.ALEX_NET, new ImageShape(29, 64, 2), 2_456_778),
        of(CnnFamily.RES_NET_18, new ImageShape(41, 73, 2), 11_175_370),
        of(CnnFamily.VGG_16, new ImageShape(32, 64, 2), 134_300_362));
  }

  private static ContractCase of(String model, ImageShape tiny, long parameters) {
    return new ContractCase(
        withoutDropout(ModelSpec.of(model, tiny, 3)).with(CnnOptions.WIDTH, TINY_WIDTH),
        ModelSpec.of(model, DIGITS, 10),
        parameters);
  }

  static ModelSpec withoutDropout(ModelSpec spec) {
    return spec.options().set().has(CnnOptions.DROPOUT) ? spec.with(CnnOptions.DROPOUT, 0.0) : spec;
  }
}
