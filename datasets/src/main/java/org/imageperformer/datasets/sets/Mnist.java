package org.imageperformer.datasets.sets;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.cache.ImageStore;
import org.imageperformer.datasets.fetch.Published;
import org.imageperformer.datasets.idx.IdxSource;

/** Handwritten digits, 60,000 and 10,000 gray images (LeCun, Cortes and Burges 1998). */
public final class Mnist extends IdxSource {
  static final DatasetInfo INFO =
      new DatasetInfo(
          "MNIST",
          List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
          28,
          28,
          List.of(0f),
          List.of(1f),
          true,
          Map.of("val_split", "5000"));

  static final Published PUBLISHED =
      published(
          List.of(
              "https://ossci-datasets.s3.amazonaws.com/mnist/",
              "https://storage.googleapis.com/cvdf-datasets/mnist/"),
          List.of(
              "6bbc9ace898e44ae57da46a324031adb",
              "a25bea736e30d166cdddb491f175f624",
              "2646ac647ad5339dbf082846283269ea",
              "27ae3e4e09519cfbb04c329615203637"));

  /** Called by {@link java.util.ServiceLoader}. */
  public Mnist() {
    super(INFO, PUBLISHED, Optional.empty(), ImageStore.usual());
  }
}
