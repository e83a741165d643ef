package org.imageperformer.datasets.sets;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.augment.Augmentation;
import org.imageperformer.datasets.augment.CropAndMirror;
import org.imageperformer.datasets.cache.ImageStore;
import org.imageperformer.datasets.cifar.CifarSource;
import org.imageperformer.datasets.fetch.Published;
import org.imageperformer.datasets.fetch.RemoteFile;

/** Objects, 50,000 and 10,000 RGB images (Krizhevsky 2009). */
public final class Cifar10 extends CifarSource {
  static final DatasetInfo INFO =
      new DatasetInfo(
          "CIFAR10",
          List.of(
              "airplane",
              "automobile",
              "bird",
              "cat",
              "deer",
              "dog",
              "frog",
              "horse",
              "ship",
              "truck"),
          32,
          32,
          List.of(0.4914f, 0.4822f, 0.4465f),
          List.of(0.2023f, 0.1994f, 0.2010f),
          false,
          Map.of("val_split", "5000"));

  static final Published PUBLISHED =
      new Published(
          List.of(
              new RemoteFile(
                  "cifar-10-binary.tar.gz",
                  RemoteFile.Checks.STORED,
                  "c32a1d4ab5d03f1284b67883e8d87530",
                  -1,
                  200_000_000,
                  List.of(URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz")))));

  /** Called by {@link java.util.ServiceLoader}. */
  public Cifar10() {
    super(INFO, PUBLISHED, ImageStore.usual());
  }

  @Override
  public Optional<Augmentation> augmentation() {
    return Optional.of(new CropAndMirror(4));
  }
}
