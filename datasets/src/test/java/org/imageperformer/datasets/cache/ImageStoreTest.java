package org.imageperformer.datasets.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.datasets.files.LockFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ImageStoreTest {
  /** 4x4 gray images of 16 bytes. */
  private static final int SIDE = 4;

  private static final DatasetInfo INFO = Readings.info("Made", 1);

  @TempDir private Path folder;
  private int readings;

  /** Two files of 3 and 2 training images, one of 4 test images: 144 bytes. */
  private ReadImages made(ImageReading reading) {
    readings++;
    return new ReadImages(
        List.of(file(reading, 3, 10), file(reading, 2, 20)),
        List.of(),
        List.of(file(reading, 4, 30)),
        List.of(
            new SourceFile("a", data().resolve("Made/a").toString(), "0a"),
            new SourceFile("b", "classpath:b", "0b")));
  }

  private static ReadImages.OfFile file(ImageReading reading, int count, int first) {
    ImageCollector collector = reading.begin("f" + first, count, 1);
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      collector.add(image(first + i));
      labels[i] = (byte) ((first + i) % 10);
    }
    assertThat(collector.count()).isEqualTo(count);
    return collector.finish(labels);
  }

  private static byte[] image(int number) {
    byte[] image = new byte[SIDE * SIDE];
    for (int i = 0; i < image.length; i++) {
      image[i] = (byte) (number + 7 * i);
    }
    return image;
  }

  private Path data() {
    return folder.resolve("data");
  }

  private Path cache() {
    return data().resolve(".cache/Made-4.images");
  }

  private Dataset read(ImageStore store, String checksum) {
    return store.read(INFO, data(), SIDE, () -> checksum, this::made);
  }

  private static void check(Dataset dataset) {
    assertThat(dataset.info()).isEqualTo(INFO);
    assertThat(dataset.validation()).isEmpty();
    checkImages(dataset.train(), 10, 11, 12, 20, 21);
    checkImages(dataset.test(), 30, 31, 32, 33);
  }

  private static void checkImages(ImageSet images, int... numbers) {
    assertThat(images.size()).isEqualTo(numbers.length);
    for (int i = 0; i < numbers.length; i++) {
      assertThat(images.image(i)).isEqualTo(ByteBuffer.wrap(image(numbers[i])));
      assertThat(images.label(i)).isEqualTo(numbers[i] % 10);
      byte[] copy = new byte[SIDE * SIDE + 1];
      images.copyImage(i, copy, 1);
      assertThat(ByteBuffer.wrap(copy, 1, SIDE * SIDE)).isEqualTo(images.image(i));
    }
  }

  /** The limit counts the whole data set; whatever is over, all of it is then in the file. */
  @ParameterizedTest
  @ValueSource(longs = {0, 47, 48, 79, 80, 143})
  void whatIsLargerThanTheLimitIsMapped(long heapBytes) {
    Dataset dataset = read(new ImageStore(heapBytes), "c");

    check(dataset);
    assertThat(dataset.train().image(0).isDirect()).isTrue();
    assertThat(dataset.test().image(3).isDirect()).isTrue();
    assertThat(dataset.train().image(0).isReadOnly()).isTrue();
    assertThat(cache()).exists();
    assertThat(cache().resolveSibling("Made-4.images.part")).doesNotExist();
  }

  @Test
  void whatFitsStaysOnTheHeap() {
    Dataset dataset = read(new ImageStore(144), "c");

    check(dataset);
    assertThat(dataset.train().image(0).isDirect()).isFalse();
    assertThat(data()).doesNotExist();
  }

  @Test
  void theNextLoadDecodesNothing() {
    Dataset first = read(new ImageStore(0), "c");
    Dataset second = read(new ImageStore(1 << 20), "c");

    check(second);
    assertThat(readings).isEqualTo(1);
    assertThat(second.sources()).isEqualTo(first.sources());
  }

  /** As if no buffer could be longer than 2 images, then not even one. */
  @ParameterizedTest
  @ValueSource(ints = {32, 47, 1})
  void imagesMayExceedOneMapping(int mappedBytes) {
    Dataset dataset = read(new ImageStore(0, mappedBytes), "c");

    check(dataset);
    checkImages(dataset.train().subset(new int[] {4, 0, 3}), 21, 10, 20);
    checkImages(dataset.train().first(2), 10, 11);
  }

  @Test
  void keepsValidationImages() {
    Function<ImageReading, ReadImages> reader =
        reading ->
            new ReadImages(
                List.of(file(reading, 3, 10)),
                List.of(file(reading, 1, 50), file(reading, 1, 60)),
                List.of(file(reading, 2, 30)),
                List.of());
    for (long heapBytes : new long[] {1 << 20, 0, 0}) {
      Dataset dataset = new ImageStore(heapBytes).read(INFO, data(), SIDE, () -> "c", reader);
      checkImages(dataset.validation().orElseThrow(), 50, 60);
      checkImages(dataset.test(), 30, 31);
    }
  }

  @Test
  void otherSourcesAreReadAnew() {
    read(new ImageStore(0), "c");
    check(read(new ImageStore(0), "d"));
    assertThat(readings).isEqualTo(2);
    read(new ImageStore(0), "d");
    assertThat(readings).isEqualTo(2);
  }

  @Test
  void otherSizesHaveFilesOfTheirOwn() {
    read(new ImageStore(0), "c");
    ImageStore store = new ImageStore(0);
    store.read(
        INFO,
        data(),
        2,
        () -> "c",
        reading ->
            new ReadImages(
                List.of(file(reading, 1, 1)), List.of(), List.of(file(reading, 1, 2)), List.of()));
    assertThat(data().resolve(".cache/Made-2.images")).exists();
    check(read(store, "c"));
    assertThat(readings).isEqualTo(1);
  }

  /** Cut anywhere, or changed in its description or its end. */
  @Test
  void aDamagedFileIsWrittenAnew() throws IOException {
    read(new ImageStore(0), "c");
    byte[] good = Files.readAllBytes(cache());
    int pixels = 9 * SIDE * SIDE;
    Stream.Builder<byte[]> damaged = Stream.builder();
    for (int length = 0; length < good.length; length += 5) {
      damaged.add(Arrays.copyOf(good, length));
    }
    for (int at = pixels; at < good.length; at += 3) {
      byte[] changed = good.clone();
      changed[at] ^= 0x41;
      damaged.add(changed);
    }
    damaged.add(Arrays.copyOf(good, good.length + 1));
    for (byte[] content : damaged.build().toList()) {
      Files.write(cache(), content);
      int before = readings;
      check(read(new ImageStore(0), "c"));
      assertThat(readings).isEqualTo(before + 1);
      assertThat(cache()).hasBinaryContent(good);
    }
  }

  @Test
  void otherClassesAreReadAnew() {
    read(new ImageStore(0), "c");
    DatasetInfo fewer =
        new DatasetInfo("Made", List.of("a", "b"), 4, 4, List.of(0f), List.of(1f), false, Map.of());
    new ImageStore(0).read(fewer, data(), SIDE, () -> "c", this::made);
    assertThat(readings).isEqualTo(2);
  }

  @Test
  void mayBeDeletedBetweenLoadsAndWhileMapped() throws IOException {
    Dataset dataset = read(new ImageStore(0), "c");
    Files.delete(cache());
    check(dataset);
    check(read(new ImageStore(0), "c"));
    assertThat(readings).isEqualTo(2);
  }

  @Test
  void movesWithTheDataPath() throws IOException {
    read(new ImageStore(0), "c");
    Path moved = folder.resolve("moved");
    Files.move(data(), moved);

    Dataset dataset = new ImageStore(0).read(INFO, moved, SIDE, () -> "c", this::made);

    check(dataset);
    assertThat(readings).isEqualTo(1);
    assertThat(dataset.sources().stream().map(SourceFile::location))
        .containsExactly(moved.resolve("Made/a").toString(), "classpath:b");
  }

  @Test
  void aFailedReadingLeavesNothing() throws IOException {
    Function<ImageReading, ReadImages> fails =
        reading -> {
          file(reading, 3, 1);
          throw new DatasetException("damaged");
        };
    assertThatThrownBy(() -> new ImageStore(0).read(INFO, data(), SIDE, () -> "c", fails))
        .hasMessage("damaged");
    try (Stream<Path> left = Files.list(data().resolve(".cache"))) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactly("Made-4.images.lock");
    }
  }

  @Test
  void replacesWhatAKilledProcessLeft() throws IOException {
    Files.createDirectories(cache().getParent());
    Files.write(cache().resolveSibling("Made-4.images.part"), new byte[100_000]);
    check(read(new ImageStore(0), "c"));
    assertThat(Files.size(cache())).isLessThan(10_000);
  }

  /** Another process holds the lock, writes the file and ends: this one takes that file. */
  @Test
  void waitsForTheProcessThatIsWriting() throws Exception {
    read(new ImageStore(0), "c");
    Path hidden = folder.resolve("hidden");
    Files.move(cache(), hidden);
    CompletableFuture<Dataset> waiting;
    try (LockFile lock = LockFile.acquire(lockFile(), () -> {})) {
      assertThat(lock).isNotNull();
      CountDownLatch reading = new CountDownLatch(1);
      waiting =
          CompletableFuture.supplyAsync(
              () ->
                  new ImageStore(0)
                      .read(
                          INFO,
                          data(),
                          SIDE,
                          () -> "c",
                          images -> {
                            reading.countDown();
                            return made(images);
                          }));
      assertThat(reading.await(60, TimeUnit.SECONDS)).isTrue();
      Thread.sleep(300);
      assertThat(waiting).isNotDone();
      Files.move(hidden, cache());
    }
    Object file = Files.readAttributes(cache(), "unix:ino").get("ino");
    check(waiting.get(60, TimeUnit.SECONDS));
    assertThat(Files.readAttributes(cache(), "unix:ino").get("ino")).isEqualTo(file);
    assertThat(cache().resolveSibling("Made-4.images.part")).doesNotExist();
  }

  private Path lockFile() {
    return cache().resolveSibling("Made-4.images.lock");
  }

  /** As where the data path is read-only: what fits into an array stays in memory. */
  @Test
  void withoutAPlaceForTheFileTheHeapServes() throws IOException {
    Files.write(data(), new byte[1]);

    Dataset dataset = read(new ImageStore(0), "c");

    check(dataset);
    assertThat(dataset.train().image(0).isDirect()).isFalse();
    assertThat(data()).isRegularFile();
  }

  @Test
  void saysWhenNeitherHeapNorFileServes() throws IOException {
    Files.write(data(), new byte[1]);
    Function<ImageReading, ReadImages> large =
        reading -> {
          reading.begin("x", 200_000_000, 1);
          throw new AssertionError("began");
        };
    assertThatThrownBy(() -> new ImageStore(0).read(INFO, data(), SIDE, () -> "c", large))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith(
            "x: its images need 3051 MiB of memory, more than Java can hold in one array (2047"
                + " MiB), and "
                + cache()
                + " cannot be written (")
        .hasMessageEndingWith("). Choose a smaller image size or another data path.");
  }

  @Test
  void looksForRoomBeforeItWrites() {
    Function<ImageReading, ReadImages> huge =
        reading -> {
          reading.begin("x", Integer.MAX_VALUE, 1);
          throw new AssertionError("began");
        };
    assertThatThrownBy(() -> new ImageStore(0).read(INFO, data(), 1024, () -> "c", huge))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("Made-1024.images cannot be written (it needs 2147483647 MiB, ")
        .hasMessageContaining(" MiB are free). Choose");
  }

  @Test
  void growsWhenMoreImagesComeThanWereLikely() {
    ImageReading reading = Readings.heap(2);
    ImageCollector collector = reading.begin("x", 7, 1);
    for (byte i = 0; i < 7; i++) {
      collector.add(new byte[] {i, 1, 2, i});
    }

    byte[] pixels = Readings.pixels(collector, 4);
    assertThat(pixels).hasSize(28);
    assertThat(pixels[24]).isEqualTo((byte) 6);
    assertThat(pixels[27]).isEqualTo((byte) 6);
  }

  @Test
  void refusesAnotherNumberOfLabels() {
    ImageCollector collector = Readings.heap(2).begin("x", 7, 1);
    collector.add(new byte[4]);
    assertThatThrownBy(() -> collector.finish(new byte[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("x: 2 labels for 1 images.");
  }

  @Test
  void saysWhenTheHeapIsTooSmall() {
    assumeTrue(Runtime.getRuntime().maxMemory() <= 2L << 30, "the heap is large enough");
    int images = (1 << 21) - 1;

    assertThatThrownBy(() -> Readings.heap(32).begin("x", images, images))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "x: its images need 2047 MiB of memory, more than Java has left. Choose a smaller image"
                + " size or allow more memory (-Xmx).");
  }

  /** More than an array or a mapping can have: 2,200 images of 1 MiB. */
  @Tag("slow")
  @Test
  void imagesMayExceedTwoGigabytes() {
    int count = 2200;
    int side = 1024;
    UnaryOperator<byte[]> filled =
        image -> {
          Arrays.fill(image, (byte) readings++);
          return image;
        };
    Function<ImageReading, ReadImages> reader =
        reading -> {
          byte[] image = new byte[side * side];
          ImageCollector collector = reading.begin("x", count, count);
          for (int i = 0; i < count; i++) {
            collector.add(filled.apply(image));
          }
          ReadImages.OfFile train = collector.finish(new byte[count]);
          return new ReadImages(List.of(train), List.of(), List.of(train), List.of());
        };

    ImageSet images = ImageStore.usual().read(INFO, data(), side, () -> "c", reader).train();

    assertThat(images.size()).isEqualTo(count);
    for (int i : new int[] {0, 2046, 2047, 2048, count - 1}) {
      assertThat(images.image(i).get(0)).isEqualTo((byte) i);
      assertThat(images.image(i).get(side * side - 1)).isEqualTo((byte) i);
    }
    assertThat(images.image(count - 1).isDirect()).isTrue();
  }
}
