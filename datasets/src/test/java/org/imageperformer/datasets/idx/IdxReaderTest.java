package org.imageperformer.datasets.idx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.imageperformer.datasets.Allocation;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.cache.Readings;
import org.imageperformer.datasets.files.ContentStream;
import org.imageperformer.datasets.resize.Resize;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxReaderTest {
  private static final String AGAIN = " Copy or download the file again.";
  private final ImageSet images = IdxFiles.random(7, 5, 5, 1, 3);
  private final byte[] imageFile = IdxFiles.images(images);
  private final byte[] labelFile = IdxFiles.labels(images);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsPlainAndGzipFiles(boolean gzip) {
    UnaryOperator<byte[]> wrap = gzip ? IdxFiles::gzip : UnaryOperator.identity();

    byte[] pixels = pixels(wrap.apply(imageFile), 5);

    assertThat(pixels).isEqualTo(Arrays.copyOfRange(imageFile, 16, imageFile.length));
    assertThat(labels(wrap.apply(labelFile)))
        .isEqualTo(Arrays.copyOfRange(labelFile, 8, labelFile.length));
  }

  @Test
  void resizesWhileReading() {
    ImageSet wide = IdxFiles.random(3, 5, 7, 1, 3);
    ImageSet expected = Resize.bilinear(wide, 11, 11);

    byte[] pixels = pixels(IdxFiles.images(wide), 11);

    assertThat(pixels).hasSize(3 * 121);
    for (int i = 0; i < 3; i++) {
      assertThat(Arrays.copyOfRange(pixels, i * 121, (i + 1) * 121)).isEqualTo(bytes(expected, i));
    }
  }

  @Test
  void takesMembersOfAGzipFileTogether() throws IOException {
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    parts.write(IdxFiles.gzip(Arrays.copyOf(imageFile, 20)));
    parts.write(IdxFiles.gzip(Arrays.copyOfRange(imageFile, 20, imageFile.length)));

    assertThat(pixels(parts.toByteArray(), 5)).hasSize(7 * 25);
  }

  @Test
  void digestsTheUncompressedContent() {
    try (ContentStream in = open(IdxFiles.gzip(imageFile))) {
      IdxReader.readImages(in, 5, Readings.heap(5));
      assertThat(in.md5()).isEqualTo(IdxFiles.md5(imageFile));
    }
  }

  @Test
  void refusesSwappedFiles() {
    refusesImages(
        labelFile,
        "x: expected the magic number 2051 of an IDX file of images, found 2049, an IDX file of"
            + " labels. Image and label file seem to be swapped.");
    refusesLabels(
        imageFile,
        "x: expected the magic number 2049 of an IDX file of labels, found 2051, an IDX file of"
            + " images. Image and label file seem to be swapped.");
  }

  @Test
  void refusesOtherFiles() {
    refusesImages(
        "<!DOCTYPE html>".getBytes(StandardCharsets.US_ASCII),
        "x: expected the magic number 2051 of an IDX file of images, found text that begins with"
            + " '<!DO'."
            + AGAIN);
    refusesImages(
        new byte[100],
        "x: expected the magic number 2051 of an IDX file of images, found 0." + AGAIN);
    refusesImages(new byte[0], "x: expected an IDX file of images, found 0 bytes." + AGAIN);
    refusesLabels(new byte[3], "x: expected an IDX file of labels, found 3 bytes." + AGAIN);
  }

  @Test
  void refusesTruncatedFiles() {
    refusesImages(
        Arrays.copyOf(imageFile, 10),
        "x: expected the rows in its header, found the end of the file." + AGAIN);
    refusesImages(
        Arrays.copyOf(imageFile, 16 + 40),
        "x: expected 175 bytes after the header, which announces 7 images, found 40 bytes: the"
            + " file is truncated."
            + AGAIN);
    refusesLabels(
        Arrays.copyOf(labelFile, 8 + 3),
        "x: expected 7 bytes after the header, which announces 7 labels, found 3 bytes: the file"
            + " is truncated."
            + AGAIN);
    byte[] gzip = IdxFiles.gzip(imageFile);
    String ends = "x: the gzip data ends early, the file is truncated. Copy or download it again.";
    refusesImages(Arrays.copyOf(gzip, gzip.length / 2), ends);
    refusesImages(Arrays.copyOf(gzip, gzip.length - 1), ends);
    refusesImages(Arrays.copyOf(gzip, 5), ends);
  }

  @Test
  void refusesDamagedGzip() {
    byte[] gzip = IdxFiles.gzip(imageFile);
    gzip[gzip.length / 2] ^= 0x10;

    assertThatThrownBy(() -> pixels(gzip, 5))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith("x: ")
        .hasMessageEndingWith(AGAIN);
  }

  @Test
  void refusesFilesThatAreTooLong() {
    refusesImages(
        Arrays.copyOf(imageFile, imageFile.length + 1),
        "x: expected 175 bytes after the header, which announces 7 images of 5x5, found more."
            + AGAIN);
    refusesLabels(
        Arrays.copyOf(labelFile, labelFile.length + 1),
        "x: expected 7 bytes after the header, which announces 7 labels, found more." + AGAIN);
  }

  @Test
  void refusesAbsurdHeaders() {
    refusesImages(
        header(2051, -1, 5, 5),
        "x: expected at least one of its images, found a count of -1." + AGAIN);
    refusesImages(
        header(2051, 0, 5, 5),
        "x: expected at least one of its images, found a count of 0." + AGAIN);
    refusesImages(header(2051, 7, 0, 5), "x: expected 1 to 1024 rows, found 0." + AGAIN);
    refusesImages(header(2051, 7, 5, -5), "x: expected 1 to 1024 columns, found -5." + AGAIN);
    refusesImages(header(2051, 7, 1025, 5), "x: expected 1 to 1024 rows, found 1025." + AGAIN);
    refusesImages(
        header(2051, Integer.MAX_VALUE, 1024, 1024),
        "x: expected at most 2047 MiB of images, found a header that announces 2147483647 of"
            + " 1024x1024."
            + AGAIN);
    refusesLabels(
        header(2049, Integer.MAX_VALUE),
        "x: expected 2147483647 bytes after the header, which announces 2147483647 labels, found"
            + " 0 bytes: the file is truncated."
            + AGAIN);
  }

  @Test
  void refusesLabelsOutOfRange() {
    labelFile[8 + 4] = 10;
    refusesLabels(
        labelFile,
        "x: expected labels within 0..9, found 10 in label 4. The file is damaged or belongs to"
            + " another data set.");
    labelFile[8 + 4] = -1;
    refusesLabels(
        labelFile,
        "x: expected labels within 0..9, found 255 in label 4. The file is damaged or belongs to"
            + " another data set.");
  }

  @Test
  void refusesWhatNeitherMemoryNorDiskCanHold() {
    assertThatThrownBy(() -> pixels(header(2051, 70_000, 28, 28), 1024))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "x: its images need 70000 MiB of memory, more than Java can hold in one array (2047"
                + " MiB), and data/.cache/Test-1024.images cannot be written (not on a disk of"
                + " this machine). Choose a smaller image size or another data path.");
  }

  /** A header may announce gigabytes; what is allocated follows what is there. */
  @Test
  void claimsCostNoMemory() {
    byte[] claim = IdxFiles.gzip(header(2051, 2_700_000, 28, 28));
    pixelsFail(claim); // warm up

    assertThat(Allocation.of(() -> pixelsFail(claim))).isLessThan(2_000_000);
  }

  @Test
  void aBombEndsAtTheHeadersCount() {
    byte[] bomb = new byte[200_000_000];
    ByteBuffer.wrap(bomb).putInt(2051).putInt(7).putInt(5).putInt(5);
    byte[] gzip = IdxFiles.gzip(bomb);
    pixelsFail(gzip); // warm up

    assertThat(Allocation.of(() -> pixelsFail(gzip))).isLessThan(2_000_000);
    refusesImages(
        gzip,
        "x: expected 175 bytes after the header, which announces 7 images of 5x5, found more."
            + AGAIN);
  }

  /** java.util.zip recurses for each of them and overflows its stack. */
  @Test
  void manyEmptyGzipMembersAreHarmless() throws IOException {
    byte[] empty = IdxFiles.gzip(new byte[0]);
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    for (int i = 0; i < 100_000; i++) {
      members.write(empty);
    }

    Assertions.assertTimeout(
        Duration.ofSeconds(20),
        () ->
            refusesImages(
                members.toByteArray(),
                "x: expected an IDX file of images, found 0 bytes." + AGAIN));
  }

  private static void pixelsFail(byte[] file) {
    assertThatThrownBy(() -> pixels(file, 5)).isInstanceOf(DatasetException.class);
  }

  private static void refusesImages(byte[] file, String message) {
    assertThatThrownBy(() -> pixels(file, 5))
        .isInstanceOf(DatasetException.class)
        .hasMessage(message);
  }

  private static void refusesLabels(byte[] file, String message) {
    assertThatThrownBy(() -> labels(file)).isInstanceOf(DatasetException.class).hasMessage(message);
  }

  private static byte[] header(int... values) {
    ByteBuffer header = ByteBuffer.allocate(4 * values.length);
    for (int value : values) {
      header.putInt(value);
    }
    return header.array();
  }

  private static byte[] pixels(byte[] file, int imageSize) {
    try (ContentStream in = open(file)) {
      return Readings.pixels(
          IdxReader.readImages(in, imageSize, Readings.heap(imageSize)), imageSize * imageSize);
    }
  }

  private static byte[] labels(byte[] file) {
    try (ContentStream in = open(file)) {
      return IdxReader.readLabels(in, 10);
    }
  }

  private static ContentStream open(byte[] file) {
    return ContentStream.of("x", new ByteArrayInputStream(file), file.length);
  }

  private static byte[] bytes(ImageSet images, int i) {
    byte[] bytes = new byte[images.imageBytes()];
    images.copyImage(i, bytes, 0);
    return bytes;
  }
}
