package org.imageperformer.datasets.sets;

import org.imageperformer.datasets.cache.ImageStore;
import org.imageperformer.datasets.rotate.RotatedSource;

/**
 * As {@link RotMnistMade}, of {@link MnistSample}: 4,500 training, 500 validation and 1,000 test
 * images, with nothing to download.
 */
public final class RotMnistSample extends RotatedSource {
  /** Called by {@link java.util.ServiceLoader}. */
  public RotMnistSample() {
    super(
        RotMnistMade.info("RotMNISTSample"),
        new MnistSample(),
        new Sizes(4_500, 500, 0, 1_000),
        ImageStore.usual());
  }
}
