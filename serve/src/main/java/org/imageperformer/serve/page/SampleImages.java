package org.imageperformer.serve.page;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.imageperformer.datasets.Availability.Place;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetSource;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.ImageSet;

/** Test images that ship with the product. */
final class SampleImages {
  private static final String USUAL = "MNISTSample";

  /** Samples are inside the product, whatever the folder of data sets. */
  private static final Path NO_DATA = Path.of("");

  private SampleImages() {}

  /**
   * An image.
   *
   * @param dataset where it is from
   * @param label its class
   * @param side height and width, pixels
   * @param pixels a gray byte for each, row by row, in Base64
   */
  record Sample(String dataset, String label, int side, String pixels) {}

  /**
   * Returns the name of the sample of a data set; of MNIST where there is none.
   *
   * @param dataset that a model was trained on
   */
  static String nearest(String dataset) {
    List<DatasetSource> all = Datasets.all();
    return List.of(dataset, dataset + "Sample").stream()
        .filter(
            name -> all.stream().anyMatch(source -> source.name().equals(name) && ships(source)))
        .findFirst()
        .orElse(USUAL);
  }

  private static boolean ships(DatasetSource source) {
    return source.status(NO_DATA).place() == Place.SHIPPED;
  }

  /**
   * Reads the first test image of each class.
   *
   * @param dataset a sample
   * @param side pixels to resize to
   */
  static List<Sample> read(String dataset, int side) {
    DatasetSource source = Datasets.source(dataset);
    Optional<Dataset> read = source.read(NO_DATA, side);
    ImageSet test = read.orElseThrow().test();
    List<String> classes = source.info(NO_DATA).classNames();
    List<Sample> samples = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < test.size() && seen.size() < classes.size(); i++) {
      if (seen.add(test.label(i))) {
        byte[] pixels = new byte[test.imageBytes()];
        test.copyImage(i, pixels, 0);
        samples.add(
            new Sample(
                dataset,
                classes.get(test.label(i)),
                side,
                Base64.getEncoder().encodeToString(pixels)));
      }
    }
    samples.sort((a, b) -> classes.indexOf(a.label()) - classes.indexOf(b.label()));
    return samples;
  }
}
