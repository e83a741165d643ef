package org.imageperformer.tfmodels.gsa;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.imageperformer.options.OptionSet;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelFamily;

/**
 * GSA-Nets and the convolutional network that their authors compare them with (gsa.md). Their
 * defaults are the published settings of a data set (gsa.md, section 7); of any other, those of
 * RotMNIST.
 */
public final class GsaFamily implements ModelFamily {
  public static final String GROUP_SELF_ATTENTION = "GroupSelfAttention";
  public static final String Z2_CNN = "Z2CNN";

  private static final Map<String, String> TRAINING =
      Map.of(
          "adam_betas", "0.9,0.999",
          "weight_decay", "1e-4",
          "gradient_clip_val", "0");
  private static final Map<String, String> ROT_MNIST =
      Map.of(
          "image_size", "28",
          "batch_size", "8",
          "max_epochs", "300",
          "patience", "300");
  private static final Map<String, String> WITH_MOMENTUM =
      Map.of(
          "optimizer", "sgd",
          "optimizer_momentum", "0.9",
          "learning_rate", "0.01",
          "schedule", "linear_warmup_cosine",
          "normalize_between_layers", "true");
  private static final Map<String, String> CIFAR10 =
      Map.of(
          "batch_size", "24",
          "max_epochs", "350",
          "patience", "350",
          "num_channels", "96",
          "block_sizes", "2,2,2",
          "expansion_per_block", "1,2,1",
          "crop_per_layer", "0,0,0,0,0,0",
          "dropout_values", "0",
          "input_dropout", "0.2",
          "dropout_after_pooling", "0.3");
  private static final Map<String, String> PCAM =
      Map.of(
          "image_size", "96",
          "batch_size", "16",
          "max_epochs", "100",
          "patience", "100",
          "num_channels", "12",
          "block_sizes", "0,1,2,1",
          "expansion_per_block", "1,2,2,2",
          "crop_per_layer", "0,2,1,1",
          "maxpool_after_last_block", "true");

  @Override
  public List<String> models() {
    return List.of(GROUP_SELF_ATTENTION, Z2_CNN);
  }

  @Override
  public OptionSet options(String model) {
    return model.equals(Z2_CNN) ? OptionSet.of() : GsaOptions.ALL;
  }

  @Override
  public Map<String, String> defaults(String model, String dataset) {
    Map<String, String> found = new HashMap<>(TRAINING);
    switch (dataset) {
      case "CIFAR10" -> {
        found.putAll(WITH_MOMENTUM);
        found.putAll(CIFAR10);
      }
      case "PCam" -> {
        found.putAll(WITH_MOMENTUM);
        found.putAll(PCAM);
      }
      default -> found.putAll(ROT_MNIST);
    }
    if (model.equals(Z2_CNN)) {
      found.put("image_size", Integer.toString(Z2Cnn.SIDE));
    }
    return found;
  }

  @Override
  public List<String> problems(String model, ImageShape shape, Options options) {
    if (model.equals(Z2_CNN)) {
      return Z2Cnn.problems(shape.height(), shape.width());
    }
    try {
      GsaOptions.architecture(options).requireRoom(shape.height(), shape.width());
      return List.of();
    } catch (IllegalArgumentException e) {
      return List.of(e.getMessage());
    }
  }

  @Override
  public ImageModel create(
      String model, Weights weights, ImageShape shape, int classes, Options options) {
    return model.equals(Z2_CNN)
        ? new Z2Cnn(
            weights,
            shape.height(),
            shape.width(),
            shape.channels(),
            classes,
            /* dropout= */ true)
        : new GsaNet(
            weights,
            GsaOptions.architecture(options),
            shape.height(),
            shape.width(),
            shape.channels(),
            classes);
  }
}
