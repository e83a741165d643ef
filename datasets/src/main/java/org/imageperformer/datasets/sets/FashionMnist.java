package org.imageperformer.datasets.sets;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.cache.ImageStore;
import org.imageperformer.datasets.fetch.Published;
import org.imageperformer.datasets.idx.IdxSource;

/** Garments, in MNIST's format and sizes (Xiao, Rasul and Vollgraf 2017). */
public final class FashionMnist extends IdxSource {
  static final DatasetInfo INFO =
      new DatasetInfo(
          "FashionMNIST",
          List.of(
              "T-shirt/top",
              "Trouser",
              "Pullover",
              "Dress",
              "Coat",
              "Sandal",
              "Shirt",
              "Sneaker",
              "Bag",
              "Ankle boot"),
          28,
          28,
          List.of(0f),
          List.of(1f),
          true,
          Map.of("val_split", "5000"));

  static final Published PUBLISHED =
      published(
          List.of("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
          List.of(
              "f4a8712d7a061bf5bd6d2ca38dc4d50a",
              "9018921c3c673c538a1fc5bad174d6f9",
              "8181f5470baa50b63fa0f6fddb340f0a",
              "15d484375f8d13e6eb1aabb0c3f46965"));

  /** Called by {@link java.util.ServiceLoader}. */
  public FashionMnist() {
    super(
        INFO,
        PUBLISHED,
        Optional.of(Path.of("/usr/share/datasets/fashion-mnist")),
        ImageStore.usual());
  }
}
