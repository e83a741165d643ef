package org.imageperformer.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every data set must do, wherever its images come from. */
abstract class DatasetContract {
  private static final int SIDE = 32;

  private final DatasetName name;
  private final int trainSize;
  private final int testSize;

  DatasetContract(DatasetName name, int trainSize, int testSize) {
    this.name = name;
    this.trainSize = trainSize;
    this.testSize = testSize;
  }

  /** Loads the data set from its place. */
  abstract Dataset load(int imageSize) throws Exception;

  @Test
  void hasItsSizes() throws Exception {
    Dataset dataset = load(SIDE);

    assertThat(dataset.name()).isEqualTo(name);
    assertThat(dataset.train().size()).isEqualTo(trainSize);
    assertThat(dataset.test().size()).isEqualTo(testSize);
    for (ImageSet images : new ImageSet[] {dataset.train(), dataset.test()}) {
      assertThat(images.height()).isEqualTo(SIDE);
      assertThat(images.width()).isEqualTo(SIDE);
      assertThat(images.channels()).isEqualTo(name.channels());
      assertThat(images.imageBytes()).isEqualTo(SIDE * SIDE * name.channels());
    }
  }

  @Test
  void hasALabelWithinTheClassesForEveryImage() throws Exception {
    Dataset dataset = load(SIDE);
    for (ImageSet images : new ImageSet[] {dataset.train(), dataset.test()}) {
      for (int i = 0; i < images.size(); i++) {
        assertThat(images.label(i)).isBetween(0, name.classNames().size() - 1);
      }
    }
  }

  @Test
  void isTheSameEveryTime() throws Exception {
    Dataset once = load(SIDE);
    Dataset again = load(SIDE);

    assertThat(contents(again.train())).isEqualTo(contents(once.train()));
    assertThat(contents(again.test())).isEqualTo(contents(once.test()));
    assertThat(again.sources()).isEqualTo(once.sources());
  }

  @Test
  void resizesAsResizeDoes() throws Exception {
    Dataset original = load(name.channels() == 3 ? 32 : 28);

    Dataset resized = load(20);

    ImageSet expected = Resize.bilinear(original.test(), 20, 20);
    assertThat(contents(resized.test())).isEqualTo(contents(expected));
  }

  @Test
  void splitsIntoDisjointCompleteParts() throws Exception {
    ImageSet train = load(SIDE).train();
    int validation = Math.min(name.defaultValidation(), trainSize / 2);

    Split split = Split.of(train, validation, 3);

    assertThat(split.validation().size()).isEqualTo(validation);
    assertThat(split.train().size()).isEqualTo(trainSize - validation);
    Map<ByteBuffer, Integer> all = contents(split.train());
    contents(split.validation()).forEach((image, count) -> all.merge(image, count, Integer::sum));
    assertThat(all).isEqualTo(contents(train));
    assertThat(contents(Split.of(train, validation, 3).validation()))
        .isEqualTo(contents(split.validation()));
  }

  /** Batches of a size that does not divide the set: the smaller last one counts too. */
  @Test
  void everyImageCounts() throws Exception {
    ImageSet test = load(SIDE).test();
    int[] order = EpochOrder.permutation(test.size(), 5, 2);
    int batch = 13;
    Map<ByteBuffer, Integer> seen = new HashMap<>();
    for (int from = 0; from < order.length; from += batch) {
      int count = Math.min(batch, order.length - from);
      ByteBuffer images = ByteBuffer.allocate(count * test.imageBytes());
      for (int i = 0; i < count; i++) {
        test.copyImage(order[from + i], images);
      }
      assertThat(images.hasRemaining()).isFalse();
      for (int i = 0; i < count; i++) {
        ByteBuffer image = images.slice(i * test.imageBytes(), test.imageBytes());
        seen.merge(labelled(image, test.label(order[from + i])), 1, Integer::sum);
      }
    }
    assertThat(seen).isEqualTo(contents(test));
  }

  @Test
  void namesItsSources() throws Exception {
    assertThat(load(SIDE).sources())
        .hasSizeGreaterThanOrEqualTo(4)
        .allSatisfy(
            source -> {
              assertThat(source.md5()).matches("[0-9a-f]{32}");
              assertThat(source.location()).contains(source.name());
            });
  }

  /** How often each image with its label occurs; as a digest, to be quick and small. */
  private static Map<ByteBuffer, Integer> contents(ImageSet images) {
    Map<ByteBuffer, Integer> contents = new HashMap<>();
    for (int i = 0; i < images.size(); i++) {
      contents.merge(labelled(images.image(i), images.label(i)), 1, Integer::sum);
    }
    return contents;
  }

  private static ByteBuffer labelled(ByteBuffer image, int label) {
    var digest = Md5.digest();
    digest.update(image);
    digest.update((byte) label);
    return ByteBuffer.wrap(digest.digest());
  }

  /** A data path with nothing in it. */
  static Path nowhere() {
    return Path.of("no", "such", "folder");
  }
}
