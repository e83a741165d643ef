package org.imageperformer.datasets;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is fixed about a data set (data.md).
 *
 * @param name what users write, and the name of its folder below the data path
 * @param classNames what each class shows, by class number
 * @param height rows of its images before any resizing
 * @param width columns of its images before any resizing
 * @param mean per channel, 1 or 3, of the pixels divided by 255: subtracted before dividing by std
 * @param std standard deviation per channel of the pixels divided by 255
 * @param shiftable whether its images have empty margins, so that the shift experiment is defined
 * @param defaults values that options take on this data set unless the user says otherwise, by the
 *     option's name, such as {@code val_split -> 5000}
 * @param kept what its name alone does not say, by the names under which a run keeps it, for {@link
 *     DatasetSource#info(Path, Map)}; empty for most
 */
public record DatasetInfo(
    String name,
    List<String> classNames,
    int height,
    int width,
    List<Float> mean,
    List<Float> std,
    boolean shiftable,
    Map<String, String> defaults,
    Map<String, String> kept) {
  /** Under which {@link #kept} has the mean of the pixels, divided by 255, per channel. */
  public static final String PIXEL_MEAN = "pixel_mean";

  /** Under which {@link #kept} has their standard deviation. */
  public static final String PIXEL_STD = "pixel_std";

  /** Under which {@link #kept} says whether images have empty, black margins. */
  public static final String BLACK_MARGINS = "black_margins";

  private static final String VAL_SPLIT = "val_split";

  /**
   * Checks that the parts fit together.
   *
   * @throws IllegalArgumentException naming the part that does not
   */
  public DatasetInfo {
    Objects.requireNonNull(name, "name");
    classNames = List.copyOf(classNames);
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    defaults = Map.copyOf(defaults);
    kept = Collections.unmodifiableMap(new TreeMap<>(kept));
    check(name, !classNames.isEmpty() && classNames.size() <= 256, "1 to 256 classes", classNames);
    check(name, height >= 1 && width >= 1, "a size of at least 1x1", height + "x" + width);
    check(name, mean.size() == 1 || mean.size() == 3, "a mean for 1 or 3 channels", mean);
    check(name, std.size() == mean.size(), "as many deviations as means, " + mean.size(), std);
    check(name, std.stream().allMatch(value -> value > 0), "deviations above 0", std);
    String split = defaults.getOrDefault(VAL_SPLIT, "1");
    check(name, split.matches("[1-9][0-9]{0,8}"), VAL_SPLIT + " of at least 1", split);
  }

  /** A data set that its name says all about. */
  public DatasetInfo(
      String name,
      List<String> classNames,
      int height,
      int width,
      List<Float> mean,
      List<Float> std,
      boolean shiftable,
      Map<String, String> defaults) {
    this(name, classNames, height, width, mean, std, shiftable, defaults, Map.of());
  }

  private static void check(String name, boolean right, String expected, Object found) {
    if (!right) {
      throw new IllegalArgumentException(
          "Data set " + name + ": expected " + expected + ", found " + found + ".");
    }
  }

  /** Values per pixel: 1 for gray, 3 for RGB. */
  public int channels() {
    return mean.size();
  }

  /**
   * Images split off the training set for validation unless the user says otherwise.
   *
   * @return the default of {@code val_split}; 0 if there is none, as where the data set brings
   *     validation images of its own
   */
  public int defaultValidation() {
    return Integer.parseInt(defaults.getOrDefault(VAL_SPLIT, "0"));
  }

  /**
   * Describes a part of this data set that goes by a name of its own.
   *
   * @param part its name
   * @param validation the part's default of {@code val_split}
   * @return the same but for these two
   */
  public DatasetInfo part(String part, int validation) {
    Map<String, String> changed = new TreeMap<>(defaults);
    changed.put(VAL_SPLIT, Integer.toString(validation));
    return new DatasetInfo(part, classNames, height, width, mean, std, shiftable, changed, kept);
  }

  /**
   * Whether mean, deviation and margins are known; if not, they are found out from the images that
   * a run trains on.
   */
  public boolean isMeasured() {
    return kept.isEmpty() || kept.containsKey(PIXEL_MEAN);
  }

  /**
   * Describes this data set with mean, deviation and margins of images, which it keeps.
   *
   * @param train the images that are trained on
   * @return margins count as empty if those of at least half of the images are black all around
   */
  public DatasetInfo measuredOn(ImageSet train) {
    PixelStatistics found = PixelStatistics.of(train);
    Map<String, String> all = new TreeMap<>(kept);
    all.put(PIXEL_MEAN, text(found.mean()));
    all.put(PIXEL_STD, text(found.std()));
    all.put(BLACK_MARGINS, Boolean.toString(found.blackMargins()));
    return new DatasetInfo(
        name,
        classNames,
        height,
        width,
        found.mean(),
        found.std(),
        found.blackMargins(),
        defaults,
        all);
  }

  private static String text(List<Float> values) {
    return values.stream().map(value -> Float.toString(value)).collect(Collectors.joining(","));
  }

  /** Its name. */
  @Override
  public String toString() {
    return name;
  }
}
