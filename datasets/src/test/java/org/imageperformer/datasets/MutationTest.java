package org.imageperformer.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.imageperformer.datasets.cifar.CifarFiles;
import org.imageperformer.datasets.idx.IdxFiles;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged files load or are refused by name, within bounded time and memory: hundreds of each
 * format in every build, many more in the fuzz profile (their number: system property {@code
 * imageperformer.mutations}).
 */
class MutationTest {
  private static final int IMAGE_SIZE = 7;
  private static final int USUAL = 400;
  private static final int ALL = Integer.getInteger("imageperformer.mutations", 100_000);

  /** Generous for files of a few kilobytes, far below what their headers may claim. */
  private static final long MAX_ALLOCATED = 64 << 20;

  private static final long MAX_MILLIS = 5_000;

  /** The formats: a good file, the data set it is part of, and what is done after the damage. */
  private enum Format {
    IDX_IMAGES("MNIST/train-images-idx3-ubyte"),
    IDX_LABELS("MNIST/t10k-labels-idx1-ubyte"),
    GZIP_IDX_IMAGES("MNIST/train-images-idx3-ubyte"),
    IDX_IMAGES_INSIDE_GZIP("MNIST/train-images-idx3-ubyte"),
    CIFAR("CIFAR10/cifar-10-batches-bin/data_batch_3.bin"),
    CIFAR_TAR_GZ("CIFAR10/cifar-10-binary.tar.gz"),
    CIFAR_TAR_INSIDE_GZIP("CIFAR10/cifar-10-binary.tar.gz");

    private final String file;

    Format(String file) {
      this.file = file;
    }

    DatasetInfo dataset() {
      return file.startsWith("MNIST") ? Datasets.info("MNIST") : Datasets.info("CIFAR10");
    }

    byte[] good() {
      ImageSet images = IdxFiles.random(11, 7, 5, 1, 17);
      return switch (this) {
        case IDX_IMAGES, IDX_IMAGES_INSIDE_GZIP -> IdxFiles.images(images);
        case GZIP_IDX_IMAGES -> IdxFiles.gzip(IdxFiles.images(images));
        case IDX_LABELS -> IdxFiles.labels(IdxFiles.random(5, 7, 5, 1, 19));
        case CIFAR -> CifarFiles.contents(23).get("data_batch_3.bin");
        case CIFAR_TAR_GZ -> IdxFiles.gzip(smallTar());
        case CIFAR_TAR_INSIDE_GZIP -> smallTar();
      };
    }

    private static byte[] smallTar() {
      Map<String, byte[]> files = new TreeMap<>(CifarFiles.contents(23));
      files.replaceAll((name, content) -> Arrays.copyOf(content, CifarFiles.RECORD_BYTES));
      return CifarFiles.tar(files);
    }

    UnaryOperator<byte[]> afterwards() {
      return name().endsWith("INSIDE_GZIP") ? IdxFiles::gzip : UnaryOperator.identity();
    }
  }

  @ParameterizedTest
  @EnumSource
  void damagedFilesLoadOrAreRefused(Format format) throws IOException {
    damage(format, USUAL, 1);
  }

  @Tag("fuzz")
  @ParameterizedTest
  @EnumSource
  void manyDamagedFilesLoadOrAreRefused(Format format) throws IOException {
    damage(format, 1 + ALL / Format.values().length, 2);
  }

  private static void damage(Format format, int count, long seed) throws IOException {
    Mutations mutations = new Mutations(seed);
    byte[] good = format.good();
    int refused = 0;
    try (FileSystem disk = Jimfs.newFileSystem(Configuration.unix())) {
      Path data = disk.getPath("/data");
      IdxFiles.write(
          data.resolve("MNIST"), IdxFiles.random(11, 7, 5, 1, 17), IdxFiles.random(5, 7, 5, 1, 19));
      if (format == Format.CIFAR) {
        CifarFiles.write(data.resolve("CIFAR10/cifar-10-batches-bin"), CifarFiles.contents(23));
      }
      Path file = data.resolve(format.file);
      Files.createDirectories(file.getParent());
      Files.write(file, format.afterwards().apply(good));
      assertThat(isRefused(format, data, file, "undamaged")).isFalse();
      for (int i = 0; i < count; i++) {
        Files.write(file, format.afterwards().apply(mutations.of(good)));
        if (isRefused(format, data, file, format + ", seed " + seed + ", number " + i)) {
          refused++;
        }
      }
    }
    // Pixels may be anything, so some damage passes; headers and checksums catch much of it.
    assertThat(refused).isBetween(count / 4, count);
  }

  private static boolean isRefused(Format format, Path data, Path file, String which) {
    boolean[] refused = new boolean[1];
    long before = System.nanoTime();
    long allocated =
        Allocation.of(
            () -> {
              try {
                Dataset dataset = Datasets.loadOffline(format.dataset(), data, IMAGE_SIZE);
                assertThat(dataset.train().size()).as(which).isPositive();
              } catch (DatasetException e) {
                refused[0] = true;
                assertThat(e).as(which).hasMessageContaining(file.toString());
              } catch (RuntimeException | Error e) {
                throw new AssertionError(which, e);
              }
            });
    assertThat((System.nanoTime() - before) / 1_000_000).as(which).isLessThan(MAX_MILLIS);
    assertThat(allocated).as(which).isLessThan(MAX_ALLOCATED);
    return refused[0];
  }
}
