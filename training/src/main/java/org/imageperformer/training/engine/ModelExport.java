package org.imageperformer.training.engine;

import static org.imageperformer.training.TrainingOptions.BATCH_SIZE;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.ModelInfo;
import org.imageperformer.savedmodels.SavedModelWriter;
import org.imageperformer.savedmodels.SignatureSpec;
import org.imageperformer.tfmodels.graph.PassOptions;
import org.imageperformer.tfmodels.graph.PassOptions.Kernels;
import org.imageperformer.tfmodels.models.InferenceGraph;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.imageperformer.training.Precision;
import org.imageperformer.training.SavedModelExport;
import org.imageperformer.training.TrainingConfig;

/** Writes the SavedModel of a checkpoint from a fresh inference graph, its weights constants. */
public final class ModelExport implements SavedModelExport {

  private final String productVersion;
  private final PassOptions options;

  /**
   * An export by this version of the product, in float32 whatever the training's precision: fast on
   * every processor.
   *
   * @param productVersion goes into model.json
   */
  public ModelExport(String productVersion) {
    this(productVersion, Precision.FP32);
  }

  /**
   * An export by this version of the product.
   *
   * @param productVersion goes into model.json
   * @param precision of the matrix products; weights, inputs and outputs are float32 in any case
   */
  public ModelExport(String productVersion, Precision precision) {
    this.productVersion = productVersion;
    this.options = new PassOptions(Kernels.FAST, Engines.precision(precision));
  }

  @Override
  public void export(TrainingConfig config, Path checkpoint, Path target) {
    write(config, CheckpointWeights.read(config.spec(), checkpoint), target);
  }

  /**
   * Writes a SavedModel.
   *
   * @param weights row-major values by name
   */
  public void write(TrainingConfig config, Map<String, float[]> weights, Path target) {
    ModelSpec model = config.spec();
    try (InferenceGraph graph =
        new InferenceGraph(
            model, Scaling.of(config), weights, options, config.dataset().shiftable())) {
      InferenceGraph.Outputs outputs = graph.outputs();
      InferenceGraph.Outputs encoded = graph.encodedOutputs();
      SavedModelWriter.write(
          graph.graph(),
          List.of(
              SignatureSpec.servingDefault(
                  graph.images(), outputs.logits(), outputs.probabilities(), outputs.classes()),
              SignatureSpec.encodedImages(
                  graph.imageBytes(),
                  encoded.logits(),
                  encoded.probabilities(),
                  encoded.classes())),
          new ModelInfo(
              config.model(),
              config.dataset().name(),
              config.dataset().classNames(),
              model.shape().height(),
              model.shape().width(),
              model.shape().channels(),
              config.get(BATCH_SIZE),
              config.outline().traits().coupling().isPresent()
                  ? ModelInfo.BATCH
                  : ModelInfo.EXAMPLE,
              productVersion,
              HParams.of(config.plainOptions()),
              config.definingOptions(),
              Optional.of(Engines.imagesAtOnce(config.outline()))),
          graph.compiledTwins(),
          target);
    }
  }
}
