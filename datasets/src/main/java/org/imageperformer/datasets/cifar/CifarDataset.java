package org.imageperformer.datasets.cifar;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.datasets.cache.ReadImages;
import org.imageperformer.datasets.files.ContentStream;

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
  static ReadImages readFolder(Path folder, CifarReader reader) {
    Map<String, CifarReader.Batch> batches = new HashMap<>();
    for (String name : fileNames()) {
      batches.put(name, readFile(folder.resolve(name), name, reader));
    }
    return assemble(batches);
  }

  /** Puts the files' images together, by file name. */
  static ReadImages assemble(Map<String, CifarReader.Batch> batches) {
    List<SourceFile> sources =
        fileNames().stream().map(name -> batches.get(name).source()).toList();
    return new ReadImages(
        TRAIN_FILES.stream().map(name -> batches.get(name).images()).toList(),
        List.of(),
        List.of(batches.get(TEST_FILE).images()),
        sources);
  }

  private static CifarReader.Batch readFile(Path file, String name, CifarReader reader) {
    if (!Files.isRegularFile(file)) {
      throw DatasetException.mismatch(
          file.toString(),
          "one of the " + (TRAIN_FILES.size() + 1) + " files of CIFAR-10's binary version",
          Files.exists(file) ? "something that is not a file" : "nothing there",
          "Unpack cifar-10-binary.tar.gz again.");
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      long bytes = Files.size(file);
      CifarReader.Batch batch = reader.read(name, file.toString(), in, bytes, bytes);
      if (in.read() >= 0) {
        throw DatasetException.mismatch(
            file.toString(), bytes + " bytes", "more", "Let no other program write to it.");
      }
      return batch;
    } catch (IOException e) {
      throw ContentStream.unreadable(file.toString(), e);
    }
  }
}
