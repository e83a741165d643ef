package org.imageperformer.datasets.sets;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.imageperformer.datasets.fetch.Published;
import org.imageperformer.datasets.fetch.RemoteFile;
import org.junit.jupiter.api.Test;

class PublishedFilesTest {
  @Test
  void knowsThePublishedFiles() {
    for (Published published : List.of(Mnist.PUBLISHED, FashionMnist.PUBLISHED)) {
      assertThat(published.files().stream().map(RemoteFile::name))
          .containsExactly(
              "train-images-idx3-ubyte.gz",
              "train-labels-idx1-ubyte.gz",
              "t10k-images-idx3-ubyte.gz",
              "t10k-labels-idx1-ubyte.gz");
      assertThat(published.files().stream().map(RemoteFile::contentBytes))
          .containsExactly(47_040_016L, 60_008L, 7_840_016L, 10_008L);
    }
    assertThat(Mnist.PUBLISHED.files().get(0).mirrors())
        .containsExactly(
            URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz"),
            URI.create(
                "https://storage.googleapis.com/cvdf-datasets/mnist/train-images-idx3-ubyte.gz"));
    assertThat(Mnist.PUBLISHED.files().get(3).md5()).isEqualTo("27ae3e4e09519cfbb04c329615203637");
    assertThat(FashionMnist.PUBLISHED.files().get(2).md5())
        .isEqualTo("8181f5470baa50b63fa0f6fddb340f0a");
    assertThat(Cifar10.PUBLISHED.files().get(0).mirrors())
        .containsExactly(URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"));
    assertThat(Cifar10.PUBLISHED.md5())
        .containsEntry("cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530");
  }
}
