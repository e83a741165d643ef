package org.imageperformer.datasets;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;

/**
 * The complete data sets, for those tests that run only where they are: below the folder named by
 * the system property {@code imageperformer.data}, by default {@code data} beside the modules.
 */
public final class RealData {
  private static final String PROPERTY = "imageperformer.data";

  private RealData() {}

  static Path path() {
    return Path.of(System.getProperty(PROPERTY, "../data"));
  }

  /** The folder; ends the test as skipped unless it has the data set. */
  public static Path with(String name) {
    assumeTrue(
        Datasets.source(name).status(path()).present(),
        () -> name + " is not on this machine: name its folder with -D" + PROPERTY + "=DIR");
    return path();
  }
}
