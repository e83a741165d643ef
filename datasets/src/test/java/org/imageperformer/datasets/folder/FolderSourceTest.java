package org.imageperformer.datasets.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.SourceFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class FolderSourceTest {
  private static final int SIDE = 6;
  private final Logger logger = (Logger) LoggerFactory.getLogger("org.imageperformer.datasets");
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  @TempDir private Path folder;

  @BeforeEach
  void listen() {
    said.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(said);
  }

  @AfterEach
  void end() {
    logger.detachAppender(said);
    logger.setLevel(null);
  }

  private Dataset load(Map<String, String> options) {
    DatasetInfo info = Datasets.info("folder", folder, options);
    return Datasets.loadOffline(info, folder, SIDE);
  }

  private String refusal(Map<String, String> options) {
    try {
      load(options);
    } catch (DatasetException e) {
      return e.getMessage();
    }
    throw new AssertionError("nothing was refused");
  }

  private List<String> said() {
    return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private static Set<ByteBuffer> contents(ImageSet images) {
    Set<ByteBuffer> contents = new HashSet<>();
    for (int i = 0; i < images.size(); i++) {
      byte[] image = new byte[images.imageBytes()];
      images.copyImage(i, image, 0);
      contents.add(ByteBuffer.wrap(image));
    }
    return contents;
  }

  private void classes(int... counts) throws IOException {
    for (int i = 0; i < counts.length; i++) {
      PictureFiles.write(folder.resolve("class " + (char) ('a' + i)), counts[i], SIDE, i);
    }
  }

  @Test
  void readsThePartsThatAreThere() throws IOException {
    PictureFiles.write(folder.resolve("train/日本"), 3, SIDE, 1);
    PictureFiles.write(folder.resolve("train/a b"), 2, SIDE, 2);
    PictureFiles.write(folder.resolve("valid/a b"), 2, SIDE, 3);
    PictureFiles.write(folder.resolve("test/日本/deep er"), 1, SIDE, 4);

    Dataset dataset = load(Map.of());

    assertThat(dataset.info().classNames()).containsExactly("a b", "日本");
    assertThat(dataset.info().name()).isEqualTo("folder:" + folder.getFileName());
    assertThat(dataset.train().size()).isEqualTo(5);
    assertThat(dataset.validation().orElseThrow().size()).isEqualTo(2);
    assertThat(dataset.test().size()).isEqualTo(1);
    assertThat(dataset.test().label(0)).isEqualTo(1);
    assertThat(List.of(dataset.train().label(0), dataset.train().label(4))).containsExactly(0, 1);
    assertThat(dataset.sources())
        .extracting(SourceFile::name)
        .containsExactly("train", "valid", "test");
    BufferedImage first = PictureFiles.noise(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY, 2000);
    byte[] expected = new byte[SIDE * SIDE];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (byte) first.getRaster().getSample(i % SIDE, i / SIDE, 0);
    }
    byte[] found = new byte[SIDE * SIDE];
    dataset.train().copyImage(0, found, 0);
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void splitsByASeedWhatHasNoParts() throws IOException {
    classes(20, 10, 5);

    Dataset dataset = load(Map.of());

    assertThat(dataset.train().size()).isEqualTo(28);
    assertThat(dataset.test().size()).isEqualTo(7);
    assertThat(dataset.info().defaultValidation()).isEqualTo(2);
    Set<ByteBuffer> test = contents(dataset.test());
    Set<ByteBuffer> all = new HashSet<>(test);
    all.addAll(contents(dataset.train()));
    assertThat(all).hasSize(35);
    int[] counts = new int[3];
    for (int i = 0; i < 7; i++) {
      counts[dataset.test().label(i)]++;
    }
    assertThat(counts).containsExactly(4, 2, 1);
    assertThat(contents(load(Map.of()).test())).isEqualTo(test);
    assertThat(contents(load(Map.of("split_seed", "7")).test())).isNotEqualTo(test);
    // One more class moves no picture of another to the other side.
    PictureFiles.write(folder.resolve("class 0"), 5, SIDE, 9);
    assertThat(contents(load(Map.of()).test())).containsAll(test);
  }

  @Test
  void keepsCopiesOnOneSideAndReportsThemBetweenParts() throws IOException {
    classes(10, 10);
    for (int i = 0; i < 10; i++) {
      Files.copy(
          folder.resolve("class a/" + i + ".png"), folder.resolve("class a/" + i + " copy.png"));
    }
    Dataset dataset = load(Map.of());
    Set<ByteBuffer> both = contents(dataset.test());
    both.retainAll(contents(dataset.train()));
    assertThat(both).isEmpty();
    assertThat(said()).anyMatch(text -> text.contains("class a/0 copy.png"));

    PictureFiles.write(folder.resolve("parts/train/x"), 2, SIDE, 1);
    PictureFiles.write(folder.resolve("parts/train/y"), 2, SIDE, 2);
    PictureFiles.write(folder.resolve("parts/test/x"), 1, SIDE, 1);
    Path parts = folder.resolve("parts");
    Datasets.loadOffline(Datasets.info("folder", parts, Map.of()), parts, SIDE);
    assertThat(said())
        .anyMatch(
            text ->
                text.contains("1 pictures are there twice")
                    && text.contains("train/x/0.png = test/x/0.png"));
  }

  @Test
  void tellsGrayFromColour() throws IOException {
    classes(2, 2);
    assertThat(load(Map.of()).train().channels()).isEqualTo(1);
    assertThat(load(Map.of("channels", "3")).train().channels()).isEqualTo(3);
    BufferedImage color = PictureFiles.noise(9, 5, BufferedImage.TYPE_INT_RGB, 1);
    PictureFiles.write(folder.resolve("class b/c.bmp"), PictureFiles.encoded(color, "bmp"));
    assertThat(load(Map.of()).train().channels()).isEqualTo(3);
    assertThat(load(Map.of("channels", "1")).train().channels()).isEqualTo(1);
    assertThatThrownBy(() -> load(Map.of("channels", "2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("channels is 2, must be one of auto, 1, 3");
  }

  /** 12x4 in 6x6: rows 2 and 3 are the picture, unless it is stretched. */
  @Test
  void fitsPicturesAsAsked() throws IOException {
    for (String name : List.of("a/1", "a/2", "b/1", "b/2")) {
      BufferedImage white = new BufferedImage(12, 4, BufferedImage.TYPE_BYTE_GRAY);
      white.getGraphics().fillRect(0, 0, 12, 4);
      white.getRaster().setSample(0, 0, 0, name.hashCode() & 0xff);
      PictureFiles.write(folder.resolve(name + ".png"), PictureFiles.encoded(white, "png"));
    }
    assertThat(load(Map.of()).test().image(0).get(3)).isZero();
    assertThat(load(Map.of("fit", "stretch")).test().image(0).get(3)).isEqualTo((byte) 255);
  }

  @Test
  void describesTheImagesThatAreTrainedOn() throws IOException {
    classes(4, 4);
    Dataset dataset = load(Map.of());
    assertThat(dataset.info().isMeasured()).isFalse();

    DatasetInfo measured = dataset.info().measuredOn(dataset.train());

    double sum = 0;
    double squares = 0;
    int count = 0;
    for (int i = 0; i < dataset.train().size(); i++) {
      for (byte pixel : contentsOf(dataset.train(), i)) {
        double value = (pixel & 0xff) / 255.0;
        sum += value;
        squares += value * value;
        count++;
      }
    }
    double mean = sum / count;
    assertThat(measured.isMeasured()).isTrue();
    assertThat(measured.mean().get(0)).isCloseTo((float) mean, within(1e-6f));
    assertThat(measured.std().get(0))
        .isCloseTo((float) Math.sqrt(squares / count - mean * mean), within(1e-6f));
    assertThat(measured.shiftable()).isFalse();
    // What a run keeps is enough, wherever the folder is now.
    Map<String, String> run = new TreeMap<>(measured.kept());
    run.put("dataset", measured.name());
    DatasetInfo again = Datasets.info(measured.name(), Path.of("no", "such"), run);
    assertThat(again.kept()).isEqualTo(measured.kept());
    assertThat(again.mean()).isEqualTo(measured.mean());
    assertThat(again.classNames()).isEqualTo(measured.classNames());
    assertThat(again.name()).isEqualTo(measured.name());
  }

  private static byte[] contentsOf(ImageSet images, int i) {
    byte[] image = new byte[images.imageBytes()];
    images.copyImage(i, image, 0);
    return image;
  }

  @Test
  void knowsBlackMarginsAndPicturesOfOneGray() {
    byte[] pixels = new byte[2 * 9];
    pixels[4] = 100;
    pixels[9 + 4] = 50;
    ImageSet dots = ImageSet.of(pixels, new byte[] {0, 1}, 3, 3, 1);
    DatasetInfo info =
        new DatasetInfo(
            "x",
            List.of("a", "b"),
            3,
            3,
            List.of(0f),
            List.of(1f),
            false,
            Map.of(),
            Map.of("k", "v"));
    assertThat(info.measuredOn(dots).shiftable()).isTrue();
    ImageSet gray = ImageSet.of(new byte[] {7, 7, 7, 7}, new byte[1], 2, 2, 1);
    assertThat(info.measuredOn(gray).std()).containsExactly(1f);
    assertThat(info.measuredOn(gray).shiftable()).isFalse();
  }

  @Test
  void decodesOnceAsLongAsContentsStay() throws IOException {
    classes(3, 3);
    Dataset first = load(Map.of());
    Path cache = folder.resolve(".cache/folder-6.images");
    FileTime written = Files.getLastModifiedTime(cache);
    assertThat(said()).anyMatch(text -> text.contains("decoding 6 pictures"));
    said.list.clear();

    Dataset again = load(Map.of());

    assertThat(said()).noneMatch(text -> text.contains("decoding"));
    assertThat(Files.getLastModifiedTime(cache)).isEqualTo(written);
    assertThat(contents(again.train())).isEqualTo(contents(first.train()));
    // Another content under the same name, of the same length and time, is noticed.
    Path picture = folder.resolve("class a/0.png");
    FileTime time = Files.getLastModifiedTime(picture);
    byte[] bytes = Files.readAllBytes(folder.resolve("class a/1.png"));
    Files.write(picture, bytes);
    Files.setLastModifiedTime(picture, time);
    load(Map.of());
    assertThat(said()).anyMatch(text -> text.contains("decoding 6 pictures"));
    Files.delete(cache);
    assertThat(load(Map.of()).train().size() + load(Map.of()).test().size()).isEqualTo(6);
  }

  @Test
  void namesBrokenPicturesOrLeavesThemOut() throws IOException {
    classes(6, 6);
    byte[] whole = Files.readAllBytes(folder.resolve("class a/2.png"));
    Files.write(folder.resolve("class a/2.png"), Arrays.copyOf(whole, whole.length / 2));
    Files.write(folder.resolve("class b/3.png"), new byte[0]);
    Files.createSymbolicLink(folder.resolve("class b/link.png"), Path.of("nowhere.png"));

    assertThat(refusal(Map.of()))
        .startsWith("3 of 13 pictures cannot be read: ")
        .contains("class a/2.png: a damaged or unsupported PNG image")
        .contains("class b/3.png: not a PNG, JPEG")
        .contains("there is no file " + folder.resolve("class b/link.png"))
        .contains("--skip_broken");
    assertThat(folder.resolve(".cache/folder-6.images")).doesNotExist();

    for (int i = 0; i < 2; i++) { // decoded, then from the cache
      said.list.clear();
      Dataset dataset = load(Map.of("skip_broken", "true"));
      assertThat(dataset.train().size() + dataset.test().size()).isEqualTo(10);
      assertThat(said())
          .anyMatch(
              text ->
                  text.contains("left out 3 of 13 pictures")
                      && text.contains("class a/2.png")
                      && text.contains("class b/link.png"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".hidden.png", "._0.png", ".thumbs/0.png", "__MACOSX/0.png"})
  void whatIsHiddenIsNoData(String name) throws IOException {
    classes(2, 2);
    PictureFiles.write(folder.resolve("class a").resolve(name), new byte[] {1, 2, 3});
    PictureFiles.write(folder.resolve(".class").resolve("x.png"), new byte[] {1, 2, 3});
    Dataset dataset = load(Map.of());
    assertThat(dataset.info().classNames()).containsExactly("class a", "class b");
    assertThat(dataset.train().size() + dataset.test().size()).isEqualTo(4);
  }

  @Test
  void whatIsNoPictureIsPassedOverWithAWarning() throws IOException {
    classes(2, 2);
    Files.writeString(folder.resolve("class a/Readme.txt"), "x");
    assertThat(load(Map.of()).train().size()).isEqualTo(2);
    assertThat(said()).anyMatch(text -> text.contains("class a") && text.contains("Readme.txt"));
  }

  @Test
  void refusesWhatIsNoFolderOfClasses() throws IOException {
    assertThat(refusal(Map.of())).contains(folder + ": expected 2 to 256 folders", "found none");
    classes(2);
    assertThat(refusal(Map.of())).contains("found 1");
    Files.createDirectories(folder.resolve("class b"));
    assertThat(refusal(Map.of()))
        .contains("class b: expected pictures of the class class b, found none");
    Files.writeString(folder.resolve("class b/x.heic"), "x");
    assertThat(refusal(Map.of())).contains("found other files: x.heic");
    PictureFiles.write(folder.resolve("class b"), 1, SIDE, 5);
    assertThat(refusal(Map.of())).contains("found one of class b");
    PictureFiles.write(folder.resolve("class b"), 2, SIDE, 5);
    load(Map.of());
    Files.createDirectories(folder.resolve("test/x"));
    assertThat(refusal(Map.of())).contains("expected a folder train beside test");
    assertThatThrownBy(() -> Datasets.info("folder", folder.resolve("no"), Map.of()))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("no: there is no such folder");
  }

  @Test
  void refusesClassesThatTheTrainingDoesNotHave() throws IOException {
    PictureFiles.write(folder.resolve("train/a"), 2, SIDE, 1);
    PictureFiles.write(folder.resolve("train/b"), 2, SIDE, 2);
    PictureFiles.write(folder.resolve("test/c"), 2, SIDE, 3);
    assertThat(refusal(Map.of())).contains("test: expected folders of the classes a, b, found c");
  }

  @Test
  void refusesLinksThatGoRoundInCircles() throws IOException {
    classes(2, 2);
    Files.createSymbolicLink(folder.resolve("class a/again"), folder);
    assertThat(refusal(Map.of())).contains("again").contains("a link that leads back");
  }

  /** Proportions of any kind, and a picture of a few bytes that asks for a lot of memory. */
  @Test
  void extremePicturesAreReadOrNamed() throws IOException {
    classes(2, 2);
    for (int[] size : new int[][] {{1, 1}, {30_000, 1}, {1, 30_000}}) {
      BufferedImage image = new BufferedImage(size[0], size[1], BufferedImage.TYPE_BYTE_GRAY);
      PictureFiles.write(
          folder.resolve("class a/" + size[0] + "x" + size[1] + ".png"),
          PictureFiles.encoded(image, "png"));
    }
    Dataset dataset = load(Map.of());
    assertThat(dataset.train().size() + dataset.test().size()).isEqualTo(7);
    byte[] bomb = Files.readAllBytes(folder.resolve("class a/1x1.png"));
    ByteBuffer.wrap(bomb).putInt(16, 100_000).putInt(20, 100_000);
    Files.write(folder.resolve("class b/bomb.png"), bomb);
    assertThat(refusal(Map.of()))
        .contains("bomb.png: expected an image of at most 67108864 pixels, found 100000x100000");
  }

  @Test
  void listsManyBrokenPicturesShortly() throws IOException {
    classes(2, 2);
    for (int i = 100; i < 130; i++) {
      Files.writeString(folder.resolve("class a/" + i + ".png"), "no picture " + i);
    }
    assertThat(refusal(Map.of()))
        .startsWith("30 of 34")
        .contains("and 20 more")
        .hasSizeLessThan(4000);
  }
}
