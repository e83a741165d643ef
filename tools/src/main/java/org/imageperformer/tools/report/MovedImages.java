package org.imageperformer.tools.report;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.Shifts;

/**
 * The test images that a shift experiment moves, of which the first is shown.
 *
 * @param images all that qualify
 * @param minShift how far they are moved both ways, in columns
 */
record MovedImages(ImageSet images, int minShift) {
  /** Chooses them as the sweep does (data.md, "Shifted images"). */
  static MovedImages choose(ImageSet test, Set<Integer> labels, int minShift) {
    return new MovedImages(test.subset(Shifts.qualifying(test, labels, minShift)), minShift);
  }

  boolean isEmpty() {
    return images.size() == 0;
  }

  /** The shifts at which the first image is shown: both ends, half way to them, and none. */
  List<Integer> shown() {
    int half = (minShift + 1) / 2;
    return IntStream.of(-minShift, -half, 0, half, minShift).sorted().distinct().boxed().toList();
  }

  /** The first images, moved. */
  ImageSet moved(int count, int shift) {
    return Shifts.shifted(images.first(count), shift);
  }
}
