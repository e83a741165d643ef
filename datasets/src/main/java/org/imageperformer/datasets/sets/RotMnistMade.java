package org.imageperformer.datasets.sets;

import java.util.List;
import java.util.Map;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.cache.ImageStore;
import org.imageperformer.datasets.rotate.RotatedSource;

/**
 * Turned digits made of {@link Mnist}, for when the original ones cannot be had: 10,000 training,
 * 2,000 validation and 50,000 test images. Results on them do not compare with published ones.
 */
public final class RotMnistMade extends RotatedSource {
  /** Called by {@link java.util.ServiceLoader}. */
  public RotMnistMade() {
    super(
        info("RotMNISTMade"),
        new Mnist(),
        new Sizes(10_000, 2_000, 40_000, 10_000),
        ImageStore.usual());
  }

  /** What all sets of turned digits have in common (gsa.md, section 6). */
  static DatasetInfo info(String name) {
    return new DatasetInfo(
        name,
        Mnist.INFO.classNames(),
        28,
        28,
        List.of(0.1307f),
        List.of(0.3081f),
        Mnist.INFO.shiftable(),
        Map.of());
  }
}
