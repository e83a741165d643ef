package org.imageperformer.datasets;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The data sets that ship with the product, by name; what they are, their sources say. */
public enum DatasetName {
  /** Handwritten digits, 60,000 and 10,000 gray images. */
  MNIST("MNIST"),
  /** Garments, in MNIST's format and sizes. */
  FASHION_MNIST("FashionMNIST"),
  /** Objects, 50,000 and 10,000 RGB images. */
  CIFAR10("CIFAR10"),
  /** The first 5,000 training and 1,000 test images of {@link #MNIST}, shipped with this module. */
  MNIST_SAMPLE("MNISTSample"),
  /** The first 5,000 training and 1,000 test images of {@link #FASHION_MNIST}, shipped likewise. */
  FASHION_MNIST_SAMPLE("FashionMNISTSample");

  private final String label;

  DatasetName(String label) {
    this.label = label;
  }

  /**
   * Finds a data set by its label, spelled exactly.
   *
   * @param label such as {@code "FashionMNIST"}
   * @return the data set
   * @throws IllegalArgumentException naming the nearest label and all known ones
   */
  public static DatasetName of(String label) {
    for (DatasetName name : values()) {
      if (name.label.equals(label)) {
        return name;
      }
    }
    throw Datasets.unknown(label, Arrays.stream(values()).map(DatasetName::label).toList());
  }

  /** The name users write, and of the folder below the data path: such as {@code "MNIST"}. */
  public String label() {
    return label;
  }

  /** What is fixed about the data set. */
  public DatasetInfo info() {
    return Datasets.source(label).info(Path.of(""));
  }

  /** What each class shows, by class number: 10 names. */
  public List<String> classNames() {
    return info().classNames();
  }

  /** Values per pixel: 1 for gray, 3 for RGB. */
  public int channels() {
    return info().channels();
  }

  /** Whether the shift experiment of data.md is defined on this data set: false for CIFAR10. */
  public boolean shiftable() {
    return info().shiftable();
  }

  /** Images split off for validation by default: 5000, for the samples 500. */
  public int defaultValidation() {
    return info().defaultValidation();
  }

  /**
   * Mean per channel, as in {@link DatasetInfo}.
   *
   * @return a new array, one value per channel
   */
  public float[] mean() {
    return array(info().mean());
  }

  /**
   * Standard deviation per channel, as in {@link DatasetInfo}.
   *
   * @return a new array, one value per channel
   */
  public float[] std() {
    return array(info().std());
  }

  @Override
  public String toString() {
    return label;
  }

  private static float[] array(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }
}
