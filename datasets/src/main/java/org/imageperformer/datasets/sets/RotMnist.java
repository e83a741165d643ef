package org.imageperformer.datasets.sets;

import java.net.URI;
import java.util.List;
import org.imageperformer.datasets.amat.AmatSource;
import org.imageperformer.datasets.cache.ImageStore;
import org.imageperformer.datasets.fetch.Published;
import org.imageperformer.datasets.fetch.RemoteFile;

/**
 * Handwritten digits turned by random angles, 10,000, 2,000 and 50,000 gray images (Larochelle and
 * others 2007).
 */
public final class RotMnist extends AmatSource {
  static final Published PUBLISHED =
      new Published(
          List.of(
              new RemoteFile(
                  "mnist_rotation_new.zip",
                  RemoteFile.Checks.STORED,
                  "0f9a947ff3d30e95cd685462cbf3b847",
                  -1,
                  100_000_000,
                  List.of(
                      URI.create(
                          "http://www.iro.umontreal.ca/~lisa/icml2007data/mnist_rotation_new.zip")))));

  /** Called by {@link java.util.ServiceLoader}. */
  public RotMnist() {
    super(
        RotMnistMade.info("RotMNIST"),
        PUBLISHED,
        "mnist_all_rotation_normalized_float_train_valid.amat",
        "mnist_all_rotation_normalized_float_test.amat",
        new ImageStore(0)); // a text takes long to read
  }
}
