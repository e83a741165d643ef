package org.imageperformer.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.imageperformer.datasets.amat.AmatFiles;
import org.imageperformer.datasets.cache.ImageStore;
import org.imageperformer.datasets.cifar.CifarFiles;
import org.imageperformer.datasets.cifar.CifarSource;
import org.imageperformer.datasets.fetch.Published;
import org.imageperformer.datasets.folder.PictureFiles;
import org.imageperformer.datasets.idx.IdxFiles;
import org.imageperformer.datasets.idx.IdxSource;
import org.imageperformer.datasets.rotate.RotatedSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract for every data set, every kind of place and both kinds of memory. */
class DatasetContractTest {
  private static final Path NOWHERE = Path.of("no", "such", "folder");
  private static final ImageStore ALWAYS_MAPPED = new ImageStore(0);
  private static final FileSystem DISK = Jimfs.newFileSystem(Configuration.unix());
  @TempDir private static Path folder;

  /** A data set that is registered must be among those below, in a test that always runs. */
  @Test
  void coversEveryRegisteredDataSet() throws ReflectiveOperationException {
    Set<String> covered = new HashSet<>();
    for (Class<?> suite : getClass().getDeclaredClasses()) {
      if (DatasetContract.class.isAssignableFrom(suite) && !suite.isAnnotationPresent(Tag.class)) {
        assertThat(suite).hasAnnotation(Nested.class);
        DatasetContract contract =
            (DatasetContract) suite.getDeclaredConstructor(getClass()).newInstance(this);
        covered.add(contract.source().name());
      }
    }

    List<String> uncovered =
        new ArrayList<>(Datasets.all().stream().map(DatasetSource::name).toList());
    uncovered.removeAll(covered);
    assertThat(uncovered).isEmpty();
  }

  @Nested
  class MnistSample extends DatasetContract {
    MnistSample() {
      super(Datasets.source("MNISTSample"), NOWHERE, 5000, 1000);
    }
  }

  @Nested
  class FashionMnistSample extends DatasetContract {
    FashionMnistSample() {
      super(Datasets.source("FashionMNISTSample"), NOWHERE, 5000, 1000);
    }
  }

  @Nested
  class RotMnistSample extends DatasetContract {
    RotMnistSample() {
      super(Datasets.source("RotMNISTSample"), NOWHERE, 4500, 1000);
    }
  }

  @Nested
  class OwnFilesAsRotMnistMade extends DatasetContract {
    OwnFilesAsRotMnistMade() {
      super(rotated(ImageStore.usual()), idx(DISK.getPath("/turned"), "MNIST"), 50, 67);
    }
  }

  @Nested
  class MappedRotMnistMade extends DatasetContract {
    MappedRotMnistMade() {
      super(rotated(ALWAYS_MAPPED), idx(folder.resolve("turned"), "MNIST"), 50, 67);
    }
  }

  @Nested
  class OwnFilesAsMnist extends DatasetContract {
    OwnFilesAsMnist() {
      super(Datasets.source("MNIST"), idx(DISK.getPath("/mnist"), "MNIST/raw"), 101, 37);
    }
  }

  @Nested
  class OwnFilesAsFashionMnist extends DatasetContract {
    OwnFilesAsFashionMnist() {
      super(
          Datasets.source("FashionMNIST"), idx(DISK.getPath("/fashion"), "FashionMNIST"), 101, 37);
    }
  }

  @Nested
  class MappedMnist extends DatasetContract {
    MappedMnist() {
      super(
          new IdxSource(
              Datasets.info("MNIST"), new Published(List.of()), Optional.empty(), ALWAYS_MAPPED),
          idx(folder.resolve("mnist"), "MNIST"),
          101,
          37);
    }
  }

  @Nested
  class CifarFolder extends DatasetContract {
    CifarFolder() {
      super(Datasets.source("CIFAR10"), cifarFolder(DISK.getPath("/unpacked")), 20, 7);
    }
  }

  @Nested
  class CifarArchive extends DatasetContract {
    CifarArchive() {
      super(Datasets.source("CIFAR10"), cifarArchive(DISK.getPath("/packed")), 20, 7);
    }
  }

  @Nested
  class MappedCifarFolder extends DatasetContract {
    MappedCifarFolder() {
      super(mappedCifar(), cifarFolder(folder.resolve("unpacked")), 20, 7);
    }
  }

  @Nested
  class MappedCifarArchive extends DatasetContract {
    MappedCifarArchive() {
      super(mappedCifar(), cifarArchive(folder.resolve("packed")), 20, 7);
    }
  }

  @Nested
  class Pictures extends DatasetContract {
    Pictures() {
      super(Datasets.source("folder"), pictures(DISK.getPath("/pictures")), 13, 5);
    }
  }

  @Nested
  class MappedPictures extends DatasetContract {
    MappedPictures() {
      super(Datasets.source("folder"), pictures(folder.resolve("pictures")), 13, 5);
    }
  }

  @Nested
  class OwnFilesAsPCam extends DatasetContract {
    OwnFilesAsPCam() {
      super(Datasets.source("PCam"), tissue(folder.resolve("tissue")), 7, 2);
    }
  }

  @Nested
  class OwnFilesAsRotMnist extends DatasetContract {
    OwnFilesAsRotMnist() {
      super(Datasets.source("RotMNIST"), amat(folder.resolve("amat")), 50, 21);
    }
  }

  /** Skipped where the data set is not. */
  @Tag("slow")
  @Nested
  class CompleteMnist extends DatasetContract {
    CompleteMnist() {
      super(Datasets.source("MNIST"), RealData.with("MNIST"), 60_000, 10_000);
    }
  }

  /** Skipped where the data set is not. */
  @Tag("slow")
  @Nested
  class CompleteFashionMnist extends DatasetContract {
    CompleteFashionMnist() {
      super(Datasets.source("FashionMNIST"), RealData.with("FashionMNIST"), 60_000, 10_000);
    }
  }

  /** As the whole set, of fewer images: 101 for training, 37 for testing. */
  private static RotatedSource rotated(ImageStore store) {
    return new RotatedSource(
        Datasets.info("RotMNISTMade"),
        Datasets.source("MNIST"),
        new RotatedSource.Sizes(50, 21, 30, 37),
        store);
  }

  private static CifarSource mappedCifar() {
    return new CifarSource(Datasets.info("CIFAR10"), new Published(List.of()), ALWAYS_MAPPED);
  }

  private static Path idx(Path data, String place) {
    try {
      IdxFiles.write(
          data.resolve(place),
          IdxFiles.random(101, 28, 28, 1, 3),
          IdxFiles.random(37, 28, 28, 1, 5));
      return data;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path pictures(Path data) {
    try {
      PictureFiles.write(data.resolve("train/cats"), 6, 32, 1);
      PictureFiles.write(data.resolve("train/dogs"), 7, 32, 2);
      PictureFiles.write(data.resolve("valid/cats"), 3, 32, 3);
      PictureFiles.write(data.resolve("test/cats"), 2, 32, 4);
      PictureFiles.write(data.resolve("test/dogs"), 3, 32, 5);
      return data;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path tissue(Path data) {
    try {
      PictureFiles.write(data.resolve("PCam/train/no_tumor"), 3, 96, 1);
      PictureFiles.write(data.resolve("PCam/train/tumor"), 4, 96, 2);
      for (String part : List.of("valid", "test")) {
        PictureFiles.write(data.resolve("PCam").resolve(part).resolve("no_tumor"), 1, 96, 3);
        PictureFiles.write(data.resolve("PCam").resolve(part).resolve("tumor"), 1, 96, 4);
      }
      return data;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path amat(Path data) {
    try {
      AmatFiles.write(data.resolve("RotMNIST"), 60, 21);
      return data;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path cifarFolder(Path data) {
    try {
      CifarFiles.write(data.resolve("CIFAR10/cifar-10-batches-bin"), CifarFiles.contents(7));
      return data;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path cifarArchive(Path data) {
    try {
      Path place = Files.createDirectories(data.resolve("CIFAR10"));
      Files.write(
          place.resolve("any.tar.gz"), IdxFiles.gzip(CifarFiles.tar(CifarFiles.contents(7))));
      return data;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
