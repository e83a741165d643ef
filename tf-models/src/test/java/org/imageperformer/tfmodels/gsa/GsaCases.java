package org.imageperformer.tfmodels.gsa;

import static org.imageperformer.tfmodels.gsa.GsaOptions.BLOCK_SIZES;
import static org.imageperformer.tfmodels.gsa.GsaOptions.CROP_PER_LAYER;
import static org.imageperformer.tfmodels.gsa.GsaOptions.DROPOUT_ATT;
import static org.imageperformer.tfmodels.gsa.GsaOptions.DROPOUT_VALUES;
import static org.imageperformer.tfmodels.gsa.GsaOptions.EXPANSION_PER_BLOCK;
import static org.imageperformer.tfmodels.gsa.GsaOptions.NUM_CHANNELS;
import static org.imageperformer.tfmodels.gsa.GsaOptions.NUM_HEADS;
import static org.imageperformer.tfmodels.gsa.GsaOptions.PATCH_SIZE;

import java.util.List;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.models.ContractCase;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelSpec;

/** This family in the contract; parameters of gsa.md section 4. */
public final class GsaCases {
  private static final ImageShape DIGITS = new ImageShape(28, 28, 1);

  private GsaCases() {}

  public static List<ContractCase> all() {
    return List.of(
        new ContractCase(
            tiny(), ModelSpec.of(GsaFamily.GROUP_SELF_ATTENTION, DIGITS, 10), 44_428),
        new ContractCase(
            ModelSpec.of(GsaFamily.Z2_CNN, DIGITS, 3),
            ModelSpec.of(GsaFamily.Z2_CNN, DIGITS, 10),
            21_620));
  }

  private static ModelSpec tiny() {
    GsaFamily family = new GsaFamily();
    String model = GsaFamily.GROUP_SELF_ATTENTION;
    Options options =
        family
            .options(model)
            .defaults()
            .with(PATCH_SIZE, 3)
            .with(NUM_CHANNELS, 12)
            .with(NUM_HEADS, 2)
            .with(BLOCK_SIZES, List.of(1))
            .with(EXPANSION_PER_BLOCK, List.of(1))
            .with(CROP_PER_LAYER, List.of(1))
            .with(DROPOUT_ATT, 0.0)
            .with(DROPOUT_VALUES, 0.0);
    return new ModelSpec(family, model, new ImageShape(4, 5, 2), 3, options);
  }
}
