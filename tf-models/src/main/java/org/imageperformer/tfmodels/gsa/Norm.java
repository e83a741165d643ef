package org.imageperformer.tfmodels.gsa;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.BatchNorm;

/** A norm with a scale and an offset per channel (gsa.md section 4). */
@FunctionalInterface
public interface Norm {

  /** Creates {@code name/scale}, {@code name/offset}, and what the type needs besides. */
  static Norm of(NormType type, Weights weights, String name, int channels) {
    return switch (type) {
      case LAYER_NORM -> new ImageNorm(weights, name, channels);
      case BATCH_NORM -> new BatchNorm(weights, name, channels, 1e-5f)::apply;
    };
  }

  /**
   * Adds the norm to the graph.
   *
   * @param x [b, h, w, G, C]
   * @return the same shape
   */
  Value apply(Pass pass, Value x);
}
