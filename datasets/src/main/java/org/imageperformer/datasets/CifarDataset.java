package org.imageperformer.datasets;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** CIFAR-10 put together from its five training files and its test file. */
final class CifarDataset {
  static final String FOLDER = "cifar-10-batches-bin";
  static final List<String> TRAIN_FILES =
      IntStream.rangeClosed(1, 5).mapToObj(i -> "data_batch_" + i + ".bin").toList();
  static final String TEST_FILE = "test_batch.bin";

  private CifarDataset() {}

  /** Every file's name, training first. */
  static List<String> fileNames() {
    List<String> names = new ArrayList<>(TRAIN_FILES);
    names.add(TEST_FILE);
    return names;
  }

  /** The files that a folder lacks. */
  static List<String> missingIn(Path folder) {
    return fileNames().stream().filter(name -> !Files.exists(folder.resolve(name))).toList();
  }

  /** Reads the unpacked files. */
  static Dataset readFolder(Path folder, int imageSize) {
    List<CifarReader.Batch> train = new ArrayList<>();
    for (String name : TRAIN_FILES) {
      train.add(readFile(folder.resolve(name), name, imageSize));
    }
    return assemble(train, readFile(folder.resolve(TEST_FILE), TEST_FILE, imageSize), imageSize);
  }

  /** Puts the files' images together, by file name. */
  static Dataset assemble(Map<String, CifarReader.Batch> batches, int imageSize) {
    List<CifarReader.Batch> train = new ArrayList<>();
    for (String name : TRAIN_FILES) {
      train.add(batches.get(name));
    }
    return assemble(train, batches.get(TEST_FILE), imageSize);
  }

  private static CifarReader.Batch readFile(Path file, String name, int imageSize) {
    if (!Files.isRegularFile(file)) {
      throw DatasetException.mismatch(
          file.toString(),
          "one of the " + (TRAIN_FILES.size() + 1) + " files of CIFAR-10's binary version",
          Files.exists(file) ? "something that is not a file" : "nothing there",
          "Unpack cifar-10-binary.tar.gz again.");
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      long bytes = Files.size(file);
      CifarReader.Batch batch =
          CifarReader.read(name, file.toString(), in, bytes, bytes, imageSize, classes());
      if (in.read() >= 0) {
        throw DatasetException.mismatch(
            file.toString(), bytes + " bytes", "more", "Let no other program write to it.");
      }
      return batch;
    } catch (IOException e) {
      throw ContentStream.unreadable(file.toString(), e);
    }
  }

  static int classes() {
    return DatasetName.CIFAR10.classNames().size();
  }

  private static Dataset assemble(
      List<CifarReader.Batch> train, CifarReader.Batch test, int imageSize) {
    int imageBytes = test.images().imageBytes();
    int count = train.stream().mapToInt(batch -> batch.images().size()).sum();
    long bytes = (long) count * imageBytes;
    if (bytes > PixelCollector.MAX_BYTES) {
      throw new DatasetException(
          "The training images of CIFAR10 need "
              + (bytes >> 20)
              + " MiB of memory at image size "
              + imageSize
              + ", more than Java can hold in one array (2047 MiB). Choose a smaller image size.");
    }
    byte[] pixels = new byte[(int) bytes];
    byte[] labels = new byte[count];
    int at = 0;
    List<SourceFile> sources = new ArrayList<>();
    for (CifarReader.Batch batch : train) {
      for (int i = 0; i < batch.images().size(); i++) {
        batch.images().copyImage(i, pixels, at * imageBytes);
        labels[at] = (byte) batch.images().label(i);
        at++;
      }
      sources.add(batch.source());
    }
    sources.add(test.source());
    return new Dataset(
        DatasetName.CIFAR10,
        new ImageSet(pixels, labels, imageSize, imageSize, 3),
        test.images(),
        sources);
  }
}
