package org.imageperformer.datasets;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The data sets that the product knows by name, and what is fixed about each (data.md). */
public enum DatasetName {
  /** Handwritten digits, 60,000 and 10,000 gray images. */
  MNIST("MNIST", Family.DIGITS, 5000),
  /** Garments, in MNIST's format and sizes. */
  FASHION_MNIST("FashionMNIST", Family.GARMENTS, 5000),
  /** Objects, 50,000 and 10,000 RGB images. */
  CIFAR10("CIFAR10", Family.OBJECTS, 5000),
  /** The first 5,000 training and 1,000 test images of {@link #MNIST}, shipped with this module. */
  MNIST_SAMPLE("MNISTSample", Family.DIGITS, 500),
  /** The first 5,000 training and 1,000 test images of {@link #FASHION_MNIST}, shipped likewise. */
  FASHION_MNIST_SAMPLE("FashionMNISTSample", Family.GARMENTS, 500);

  private final String label;
  private final Family family;
  private final int defaultValidation;

  DatasetName(String label, Family family, int defaultValidation) {
    this.label = label;
    this.family = family;
    this.defaultValidation = defaultValidation;
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
    List<String> known = Arrays.stream(values()).map(DatasetName::label).toList();
    throw new IllegalArgumentException(
        "Unknown data set '"
            + label
            + "': did you mean "
            + NearestLabel.to(label, known)
            + "? Known are "
            + known.stream().collect(Collectors.joining(", "))
            + ".");
  }

  /**
   * The name users write, which is also the name of the folder below the data path.
   *
   * @return such as {@code "MNIST"}
   */
  public String label() {
    return label;
  }

  /**
   * What each class shows, by class number.
   *
   * @return 10 names
   */
  public List<String> classNames() {
    return family.classNames;
  }

  /**
   * Values per pixel.
   *
   * @return 1 for gray, 3 for RGB
   */
  public int channels() {
    return family.mean.length;
  }

  /**
   * Whether the shift experiment of data.md is defined on this data set: it needs images with empty
   * margins.
   *
   * @return false for CIFAR10
   */
  public boolean shiftable() {
    return family != Family.OBJECTS;
  }

  /**
   * Images split off the training set for validation unless the user says otherwise.
   *
   * @return 5000, for the samples 500
   */
  public int defaultValidation() {
    return defaultValidation;
  }

  /**
   * Mean per channel of the pixels divided by 255, to be subtracted before dividing by {@link
   * #std}.
   *
   * @return a new array, one value per channel
   */
  public float[] mean() {
    return family.mean.clone();
  }

  /**
   * Standard deviation per channel of the pixels divided by 255.
   *
   * @return a new array, one value per channel
   */
  public float[] std() {
    return family.std.clone();
  }

  @Override
  public String toString() {
    return label;
  }

  @SuppressWarnings("ImmutableEnumChecker") // the list is immutable, the arrays leave as copies
  private enum Family {
    DIGITS(
        List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
        new float[] {0f},
        new float[] {1f}),
    GARMENTS(
        List.of(
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot"),
        new float[] {0f},
        new float[] {1f}),
    OBJECTS(
        List.of(
            "airplane",
            "automobile",
            "bird",
            "cat",
            "deer",
            "dog",
            "frog",
            "horse",
            "ship",
            "truck"),
        new float[] {0.4914f, 0.4822f, 0.4465f},
        new float[] {0.2023f, 0.1994f, 0.2010f});

    private final List<String> classNames;

    private final float[] mean;
    private final float[] std;

    Family(List<String> classNames, float[] mean, float[] std) {
      this.classNames = classNames;
      this.mean = mean;
      this.std = std;
    }
  }
}
