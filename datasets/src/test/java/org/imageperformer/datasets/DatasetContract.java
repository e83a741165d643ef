package org.imageperformer.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.imageperformer.datasets.files.Md5;
import org.imageperformer.datasets.resize.Resize;
import org.junit.jupiter.api.Test;

/** What every data set must do, wherever its images come from and wherever they are kept. */
abstract class DatasetContract {
  private static final int SIDE = 32;

  private final DatasetSource source;
  private final Path dataPath;
  private final DatasetInfo info;
  private final int trainSize;
  private final int testSize;

  DatasetContract(DatasetSource source, Path dataPath, int trainSize, int testSize) {
    this.source = source;
    this.dataPath = dataPath;
    info = source.info(dataPath);
    this.trainSize = trainSize;
    this.testSize = testSize;
  }

  DatasetSource source() {
    return source;
  }

  Dataset load(int imageSize) {
    return Datasets.loadOffline(source, dataPath, imageSize);
  }

  @Test
  void describesItself() {
    assertThat(source.name()).matches("[A-Za-z0-9]+");
    assertThat(info.name().replaceFirst(":.*", "")).isEqualTo(source.name());
    assertThat(info.classNames()).hasSizeGreaterThan(1).doesNotHaveDuplicates();
    assertThat(info.std()).hasSize(info.channels()).allMatch(value -> value > 0);
    assertThat(info.mean()).hasSize(info.channels()).allMatch(value -> value >= 0 && value < 1);
    assertThat(source.remedy(dataPath)).endsWith(".");
    Availability status = source.status(dataPath);
    assertThat(status.dataset()).isEqualTo(source.name());
    assertThat(status.present()).as(status.note()).isTrue();
  }

  @Test
  void hasItsSizes() {
    Dataset dataset = load(SIDE);

    assertThat(dataset.info()).isEqualTo(info);
    assertThat(dataset.train().size()).isEqualTo(trainSize);
    assertThat(dataset.test().size()).isEqualTo(testSize);
    for (ImageSet images : parts(dataset)) {
      assertThat(images.size()).isPositive();
      assertThat(images.height()).isEqualTo(SIDE);
      assertThat(images.width()).isEqualTo(SIDE);
      assertThat(images.channels()).isEqualTo(info.channels());
      assertThat(images.imageBytes()).isEqualTo(SIDE * SIDE * info.channels());
    }
  }

  @Test
  void hasALabelWithinTheClassesForEveryImage() {
    Dataset dataset = load(SIDE);
    for (ImageSet images : parts(dataset)) {
      for (int i = 0; i < images.size(); i++) {
        assertThat(images.label(i)).isBetween(0, info.classNames().size() - 1);
      }
    }
  }

  @Test
  void isTheSameEveryTime() {
    Dataset once = load(SIDE);
    Dataset again = load(SIDE);

    assertThat(contents(again.train())).isEqualTo(contents(once.train()));
    assertThat(contents(again.test())).isEqualTo(contents(once.test()));
    assertThat(again.sources()).isEqualTo(once.sources());
  }

  @Test
  void resizesAsResizeDoes() {
    assertThat(info.height()).isEqualTo(info.width());
    Dataset original = load(info.height());

    Dataset resized = load(20);

    ImageSet expected = Resize.bilinear(original.test(), 20, 20);
    assertThat(contents(resized.test())).isEqualTo(contents(expected));
  }

  @Test
  void isPartitionedIntoDisjointCompleteParts() {
    Dataset dataset = load(SIDE);
    boolean own = dataset.validation().isPresent();
    assertThat(info.defaultValidation() == 0).isEqualTo(own);
    int validation = Math.min(info.defaultValidation(), trainSize / 2);
    Partition partition = new Partition(3, validation, Partition.ALL, Partition.ALL, Partition.ALL);

    assertThat(partition.test(dataset).size()).isEqualTo(testSize);
    assertThat(partition.train(dataset).size()).isEqualTo(trainSize - validation);
    Map<ByteBuffer, Integer> all = contents(partition.train(dataset));
    contents(partition.validation(dataset))
        .forEach((image, count) -> all.merge(image, count, Integer::sum));
    Map<ByteBuffer, Integer> expected = contents(dataset.train());
    dataset
        .validation()
        .ifPresent(
            images -> contents(images).forEach((i, n) -> expected.merge(i, n, Integer::sum)));
    assertThat(all).isEqualTo(expected);
    assertThat(contents(partition.validation(load(SIDE))))
        .isEqualTo(contents(partition.validation(dataset)));
  }

  /** Batches of a size that does not divide the set: the smaller last one counts too. */
  @Test
  void everyImageCounts() {
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
  void namesItsSources() {
    assertThat(load(SIDE).sources())
        .isNotEmpty()
        .allSatisfy(
            source -> {
              assertThat(source.md5()).matches("[0-9a-f]{32}");
              assertThat(source.location()).contains(source.name());
            });
  }

  private static List<ImageSet> parts(Dataset dataset) {
    List<ImageSet> parts = new ArrayList<>(List.of(dataset.train(), dataset.test()));
    dataset.validation().ifPresent(parts::add);
    return parts;
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
}
