package org.imageperformer.datasets;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The contract for every data set and every kind of place. */
class DatasetContractTest {
  @Nested
  class MnistSample extends DatasetContract {
    MnistSample() {
      super(DatasetName.MNIST_SAMPLE, 5000, 1000);
    }

    @Override
    Dataset load(int imageSize) {
      return Datasets.loadOffline(DatasetName.MNIST_SAMPLE, nowhere(), imageSize);
    }
  }

  @Nested
  class FashionMnistSample extends DatasetContract {
    FashionMnistSample() {
      super(DatasetName.FASHION_MNIST_SAMPLE, 5000, 1000);
    }

    @Override
    Dataset load(int imageSize) {
      return Datasets.loadOffline(DatasetName.FASHION_MNIST_SAMPLE, nowhere(), imageSize);
    }
  }

  @Nested
  class OwnFilesAsMnist extends DatasetContract {
    private final FileSystem disk = Jimfs.newFileSystem(Configuration.unix());

    OwnFilesAsMnist() throws IOException {
      super(DatasetName.MNIST, 101, 37);
      IdxFiles.write(
          disk.getPath("/data/MNIST/raw"),
          IdxFiles.random(101, 28, 28, 1, 3),
          IdxFiles.random(37, 28, 28, 1, 5));
    }

    @Override
    Dataset load(int imageSize) {
      return Datasets.loadOffline(DatasetName.MNIST, disk.getPath("/data"), imageSize);
    }

    @AfterEach
    void close() throws IOException {
      disk.close();
    }
  }

  @Nested
  class CifarFolder extends DatasetContract {
    private final FileSystem disk = Jimfs.newFileSystem(Configuration.unix());

    CifarFolder() throws IOException {
      super(DatasetName.CIFAR10, 20, 7);
      CifarFiles.write(disk.getPath("/data/CIFAR10/cifar-10-batches-bin"), CifarFiles.contents(7));
    }

    @Override
    Dataset load(int imageSize) {
      return Datasets.loadOffline(DatasetName.CIFAR10, disk.getPath("/data"), imageSize);
    }

    @AfterEach
    void close() throws IOException {
      disk.close();
    }
  }

  @Nested
  class CifarArchive extends DatasetContract {
    private final FileSystem disk = Jimfs.newFileSystem(Configuration.unix());

    CifarArchive() throws IOException {
      super(DatasetName.CIFAR10, 20, 7);
      Path folder = Files.createDirectories(disk.getPath("/data/CIFAR10"));
      Files.write(
          folder.resolve("any.tar.gz"), IdxFiles.gzip(CifarFiles.tar(CifarFiles.contents(7))));
    }

    @Override
    Dataset load(int imageSize) {
      return Datasets.loadOffline(DatasetName.CIFAR10, disk.getPath("/data"), imageSize);
    }

    @AfterEach
    void close() throws IOException {
      disk.close();
    }
  }

  /** Skipped where the data set is not. */
  @Tag("slow")
  @Nested
  class CompleteMnist extends DatasetContract {
    CompleteMnist() {
      super(DatasetName.MNIST, 60_000, 10_000);
    }

    @Override
    Dataset load(int imageSize) {
      return RealData.load(DatasetName.MNIST, imageSize);
    }
  }

  /** Skipped where the data set is not. */
  @Tag("slow")
  @Nested
  class CompleteFashionMnist extends DatasetContract {
    CompleteFashionMnist() {
      super(DatasetName.FASHION_MNIST, 60_000, 10_000);
    }

    @Override
    Dataset load(int imageSize) {
      return RealData.load(DatasetName.FASHION_MNIST, imageSize);
    }
  }
}
