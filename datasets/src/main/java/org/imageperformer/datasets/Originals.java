package org.imageperformer.datasets;

import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The files as their authors published them: mirrors and checksums of data.md.
 *
 * @param files by data set; those that cannot be downloaded are absent
 */
record Originals(Map<DatasetName, List<RemoteFile>> files) {
  static Originals published() {
    Map<DatasetName, List<RemoteFile>> files = new EnumMap<>(DatasetName.class);
    files.put(
        DatasetName.MNIST,
        idx(
            List.of(
                "https://ossci-datasets.s3.amazonaws.com/mnist/",
                "https://storage.googleapis.com/cvdf-datasets/mnist/"),
            Map.of(
                IdxPart.TRAIN_IMAGES,
                "6bbc9ace898e44ae57da46a324031adb",
                IdxPart.TRAIN_LABELS,
                "a25bea736e30d166cdddb491f175f624",
                IdxPart.TEST_IMAGES,
                "2646ac647ad5339dbf082846283269ea",
                IdxPart.TEST_LABELS,
                "27ae3e4e09519cfbb04c329615203637")));
    files.put(
        DatasetName.FASHION_MNIST,
        idx(
            List.of("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
            Map.of(
                IdxPart.TRAIN_IMAGES,
                "f4a8712d7a061bf5bd6d2ca38dc4d50a",
                IdxPart.TRAIN_LABELS,
                "9018921c3c673c538a1fc5bad174d6f9",
                IdxPart.TEST_IMAGES,
                "8181f5470baa50b63fa0f6fddb340f0a",
                IdxPart.TEST_LABELS,
                "15d484375f8d13e6eb1aabb0c3f46965")));
    files.put(
        DatasetName.CIFAR10,
        List.of(
            new RemoteFile(
                "cifar-10-binary.tar.gz",
                RemoteFile.Checks.STORED,
                "c32a1d4ab5d03f1284b67883e8d87530",
                -1,
                200_000_000,
                List.of(URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz")))));
    return new Originals(files);
  }

  /** The published files of a data set, none if it cannot be downloaded. */
  List<RemoteFile> of(DatasetName name) {
    return files.getOrDefault(name, List.of());
  }

  private static List<RemoteFile> idx(List<String> mirrors, Map<IdxPart, String> md5) {
    List<RemoteFile> files = new ArrayList<>();
    for (IdxPart part : IdxPart.values()) {
      List<URI> uris =
          mirrors.stream().map(mirror -> URI.create(mirror + part.gzipName())).toList();
      files.add(RemoteFile.gzip(part.gzipName(), md5.get(part), part.publishedBytes(), uris));
    }
    return files;
  }
}
