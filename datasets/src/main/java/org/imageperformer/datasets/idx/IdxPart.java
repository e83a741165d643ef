package org.imageperformer.datasets.idx;

import java.util.List;

/** The four files of a data set in MNIST's format. */
enum IdxPart {
  TRAIN_IMAGES("train-images-idx3-ubyte", 16 + 60_000 * 28 * 28),
  TRAIN_LABELS("train-labels-idx1-ubyte", 8 + 60_000),
  TEST_IMAGES("t10k-images-idx3-ubyte", 16 + 10_000 * 28 * 28),
  TEST_LABELS("t10k-labels-idx1-ubyte", 8 + 10_000);

  private final String fileName;
  private final long publishedBytes;

  IdxPart(String fileName, long publishedBytes) {
    this.fileName = fileName;
    this.publishedBytes = publishedBytes;
  }

  /** Its name uncompressed. */
  String fileName() {
    return fileName;
  }

  /** Its name as published. */
  String gzipName() {
    return fileName + ".gz";
  }

  /** Length of the uncompressed file in MNIST and in FashionMNIST. */
  long publishedBytes() {
    return publishedBytes;
  }

  /** The names that its file may have: also with a dot, as some archives and browsers have it. */
  List<String> names() {
    String dotted = fileName.replaceFirst("-idx", ".idx");
    return List.of(fileName, gzipName(), dotted, dotted + ".gz");
  }
}
