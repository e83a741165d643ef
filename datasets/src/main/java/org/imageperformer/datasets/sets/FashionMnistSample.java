package org.imageperformer.datasets.sets;

import org.imageperformer.datasets.idx.IdxSample;

/**
 * The first 5,000 training and 1,000 test images of {@link FashionMnist}, shipped with this module.
 */
public final class FashionMnistSample extends IdxSample {
  /** Called by {@link java.util.ServiceLoader}. */
  public FashionMnistSample() {
    super(FashionMnist.INFO.part(FashionMnist.INFO.name() + "Sample", 500));
  }
}
