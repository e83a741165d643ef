package org.imageperformer.datasets.sets;

import org.imageperformer.datasets.idx.IdxSample;

/** The first 5,000 training and 1,000 test images of {@link Mnist}, shipped with this module. */
public final class MnistSample extends IdxSample {
  /** Called by {@link java.util.ServiceLoader}. */
  public MnistSample() {
    super(Mnist.INFO.part(Mnist.INFO.name() + "Sample", 500));
  }
}
