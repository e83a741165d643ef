package org.imageperformer.tfmodels.cnn;

import java.util.List;
import java.util.Map;
import org.imageperformer.options.OptionSet;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelFamily;

/** The convolutional networks that the paper compares its Performers with (docs/cnn.md). */
public final class CnnFamily implements ModelFamily {
  public static final String ALEX_NET = "AlexNet";
  public static final String RES_NET_18 = "ResNet18";
  public static final String VGG_16 = "VGG16";

  /** How the paper trains them. */
  private static final Map<String, String> TRAINING =
      Map.of(
          "learning_rate", "0.0002",
          "adam_betas", "0.9,0.999",
          "gradient_clip_val", "0",
          "batch_size", "32",
          "max_epochs", "20");

  @Override
  public List<String> models() {
    return List.of(ALEX_NET, RES_NET_18, VGG_16);
  }

  @Override
  public OptionSet options(String model) {
    return model.equals(RES_NET_18)
        ? OptionSet.of(CnnOptions.WIDTH)
        : OptionSet.of(CnnOptions.WIDTH, CnnOptions.DROPOUT);
  }

  @Override
  public Map<String, String> defaults(String model, String dataset) {
    return TRAINING;
  }

  @Override
  public List<String> problems(String model, ImageShape shape, Options options) {
    int fewest =
        switch (model) {
          case ALEX_NET -> AlexNet.FEWEST_ROWS;
          case VGG_16 -> Vgg16.FEWEST_ROWS;
          default -> 1;
        };
    return Math.min(shape.height(), shape.width()) >= fewest
        ? List.of()
        : List.of(
            "%s takes images of at least %dx%d, not %dx%d"
                .formatted(model, fewest, fewest, shape.height(), shape.width()));
  }

  @Override
  public ImageModel create(
      String model, Weights weights, ImageShape shape, int classes, Options options) {
    int width = options.get(CnnOptions.WIDTH);
    return switch (model) {
      case ALEX_NET -> new AlexNet(weights, shape, classes, width, options.get(CnnOptions.DROPOUT));
      case VGG_16 -> new Vgg16(weights, shape, classes, width, options.get(CnnOptions.DROPOUT));
      default -> new ResNet18(weights, shape, classes, width);
    };
  }
}
