package org.imageperformer.datasets.cifar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.imageperformer.datasets.Allocation;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.datasets.cache.ImageStore;
import org.imageperformer.datasets.cache.ReadImages;
import org.imageperformer.datasets.cache.Readings;
import org.imageperformer.datasets.idx.IdxFiles;
import org.imageperformer.datasets.resize.Resize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CifarTest {
  private static final String AGAIN = " Copy or download the archive again.";
  private static final String SIX =
      "data_batch_1.bin, data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin,"
          + " test_batch.bin";
  private final Map<String, byte[]> files = CifarFiles.contents(5);
  private final FileSystem disk = Jimfs.newFileSystem(Configuration.unix());
  private final Path folder = disk.getPath("/c/cifar-10-batches-bin");
  private final Path archive = disk.getPath("/c/cifar.tar.gz");

  @BeforeEach
  void write() throws IOException {
    CifarFiles.write(folder, files);
    writeArchive(CifarFiles.tar(files));
  }

  @AfterEach
  void close() throws IOException {
    disk.close();
  }

  @Test
  void readsPlanesAsPixelsInTheOrderOfTheFiles() {
    Dataset dataset = readFolder(32);

    assertThat(dataset.train()).hasToString("20 images of 32x32x3");
    assertThat(dataset.test()).hasToString("7 images of 32x32x3");
    checkImage(dataset.train(), 0, files.get("data_batch_1.bin"), 0);
    checkImage(dataset.train(), 2 + 3 + 4 + 4, files.get("data_batch_4.bin"), 4);
    checkImage(dataset.train(), 19, files.get("data_batch_5.bin"), 5);
    checkImage(dataset.test(), 6, files.get("test_batch.bin"), 6);
    assertThat(dataset.sources().stream().map(SourceFile::name)).containsExactly(SIX.split(", "));
    assertThat(dataset.sources().get(5).md5()).isEqualTo(IdxFiles.md5(files.get("test_batch.bin")));
    assertThat(dataset.sources().get(5).location())
        .isEqualTo("/c/cifar-10-batches-bin/test_batch.bin");
  }

  @Test
  void readsTheSameFromTheArchive() {
    Dataset unpacked = readFolder(32);

    Dataset packed = readArchive(32);

    same(packed.train(), unpacked.train());
    same(packed.test(), unpacked.test());
    assertThat(packed.sources().stream().map(SourceFile::md5))
        .containsExactlyElementsOf(unpacked.sources().stream().map(SourceFile::md5).toList());
    assertThat(packed.sources().get(0).location())
        .isEqualTo("/c/cifar.tar.gz!/cifar-10-batches-bin/data_batch_1.bin");
  }

  @Test
  void resizesToOtherSizes() {
    Dataset original = readFolder(32);

    same(readFolder(13).train(), Resize.bilinear(original.train(), 13, 13));
    same(readArchive(37).test(), Resize.bilinear(original.test(), 37, 37));
  }

  @Test
  void refusesAPartialLastRecord() throws IOException {
    byte[] partial = Arrays.copyOf(files.get("data_batch_3.bin"), 2 * 3073 + 100);
    files.put("data_batch_3.bin", partial);
    CifarFiles.write(folder, files);
    writeArchive(CifarFiles.tar(files));
    String rest =
        "/data_batch_3.bin: expected whole records of 3073 bytes, found 6246 bytes, which is 2"
            + " records and 100 bytes. Copy or download the file again.";

    refusesFolder(folder + rest);
    refusesArchive(archive + "!/cifar-10-batches-bin" + rest);
  }

  @Test
  void refusesAnEmptyFile() throws IOException {
    Files.write(folder.resolve("test_batch.bin"), new byte[0]);

    refusesFolder(
        folder
            + "/test_batch.bin: expected whole records of 3073 bytes, found 0 bytes, which is 0"
            + " records and 0 bytes. Copy or download the file again.");
  }

  @Test
  void refusesLabelsOutOfRange() throws IOException {
    files.get("data_batch_2.bin")[3073] = 10;
    CifarFiles.write(folder, files);

    refusesFolder(
        folder
            + "/data_batch_2.bin: expected labels within 0..9, found 10 in record 1. The file is"
            + " damaged or belongs to another data set.");
  }

  @Test
  void refusesAMissingFile() throws IOException {
    Files.delete(folder.resolve("data_batch_5.bin"));
    files.remove("data_batch_5.bin");
    files.remove("test_batch.bin");
    writeArchive(CifarFiles.tar(files));

    refusesFolder(
        folder
            + "/data_batch_5.bin: expected one of the 6 files of CIFAR-10's binary version, found"
            + " nothing there. Unpack cifar-10-binary.tar.gz again.");
    refusesArchive(
        archive
            + ": expected the files "
            + SIX
            + ", found no data_batch_5.bin, test_batch.bin."
            + AGAIN);
  }

  @Test
  void refusesThePythonVersion() throws IOException {
    CifarFiles.Tar tar = new CifarFiles.Tar();
    tar.file("cifar-10-batches-py/data_batch_4", new byte[1000]);
    writeArchive(tar.bytes());

    refusesArchive(
        archive
            + ": expected CIFAR-10's binary version with the files "
            + SIX
            + ", found its Python version. Use cifar-10-binary.tar.gz instead.");
  }

  @Test
  void refusesOtherArchives() throws IOException {
    writeArchive(new CifarFiles.Tar().file("a.txt", new byte[3]).file("b", new byte[9]).bytes());
    refusesArchive(
        archive
            + ": expected CIFAR-10's binary version with the files "
            + SIX
            + ", found 2 others (a.txt, b)."
            + AGAIN);

    writeArchive(new CifarFiles.Tar().bytes());
    refusesArchive(
        archive
            + ": expected CIFAR-10's binary version with the files "
            + SIX
            + ", found no files."
            + AGAIN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../data_batch_1.bin",
        "/etc/data_batch_1.bin",
        "cifar-10-batches-bin/../../data_batch_1.bin",
        "C:/data_batch_1.bin",
        "..\\data_batch_1.bin"
      })
  void refusesPathsThatLeadOutside(String name) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(3073);
    byte[] header = new byte[512];
    entry.writeEntryHeader(header);
    // Past the library, which would make some of these names harmless.
    byte[] plain = name.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(plain, 0, header, 0, plain.length);
    writeArchive(Arrays.copyOf(CifarFiles.withChecksum(header), 512 + 3073 + 3072));

    assertThatThrownBy(() -> readArchive(32))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith(archive + ": expected paths that stay within the archive, found '")
        .hasMessageEndingWith("data_batch_1.bin'." + AGAIN);
  }

  @ParameterizedTest
  @ValueSource(bytes = {TarConstants.LF_LINK, TarConstants.LF_SYMLINK, TarConstants.LF_FIFO})
  void refusesLinksAndDevices(byte kind) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry("cifar-10-batches-bin/data_batch_1.bin", kind);
    entry.setLinkName("/etc/passwd");
    writeArchive(new CifarFiles.Tar().entry(entry, new byte[0]).bytes());

    refusesArchive(
        archive
            + ": expected plain files and folders, found a link, a device or a sparse file:"
            + " 'cifar-10-batches-bin/data_batch_1.bin'."
            + AGAIN);
  }

  @Test
  void refusesAFileTwice() throws IOException {
    byte[] one = files.get("data_batch_1.bin");
    writeArchive(
        new CifarFiles.Tar()
            .file("a/data_batch_1.bin", one)
            .file("b/data_batch_1.bin", one)
            .bytes());

    refusesArchive(archive + ": expected each file once, found two of data_batch_1.bin." + AGAIN);
  }

  @Test
  void refusesTruncatedAndDamagedArchives() throws IOException {
    byte[] whole = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(whole, whole.length / 2));
    refusesArchive(
        archive + ": the gzip data ends early, the file is truncated. Copy or download it again.");

    Files.write(archive, Arrays.copyOf(whole, whole.length - 4));
    refusesArchive(
        archive + ": the gzip data ends early, the file is truncated. Copy or download it again.");

    byte[] wrongChecksum = whole.clone();
    wrongChecksum[whole.length - 6] ^= 1;
    Files.write(archive, wrongChecksum);
    assertThatThrownBy(() -> readArchive(32))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith(archive + ": not a readable .tar.gz archive (");

    Files.write(archive, new byte[100]);
    assertThatThrownBy(() -> readArchive(32))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith(archive + ": not a readable .tar.gz archive (");

    byte[] tar = CifarFiles.tar(files);
    writeArchive(Arrays.copyOf(tar, 5000));
    assertThatThrownBy(() -> readArchive(32))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith(archive.toString());
  }

  /** An entry announced with 2 GB of records, of which nothing is there. */
  @Test
  void claimsCostNoMemory() throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry("cifar-10-batches-bin/data_batch_1.bin");
    entry.setSize(3073L * 600_000);
    byte[] header = new byte[512];
    entry.writeEntryHeader(header);
    writeArchive(header);
    readFails(); // warm up

    assertThat(Allocation.of(this::readFails)).isLessThan(4_000_000);
  }

  @Test
  void boundsWhatElseIsInTheArchive() throws IOException {
    Map<String, byte[]> more = new LinkedHashMap<>();
    more.put("zeros", new byte[17 << 20]);
    more.putAll(files);
    writeArchive(CifarFiles.tar(more));
    assertThatThrownBy(() -> readArchive(32))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith(archive + ": expected CIFAR-10's binary version");

    CifarFiles.Tar many = new CifarFiles.Tar();
    for (int i = 0; i < 1001; i++) {
      many.file("f" + i, new byte[0]);
    }
    writeArchive(many.bytes());
    refusesArchive(archive + ": expected the few files of CIFAR-10, found over 1000." + AGAIN);
  }

  /** The tar reader itself would gather such a name without end. */
  @Test
  void boundsTheHeaders() throws IOException {
    TarArchiveEntry entry =
        new TarArchiveEntry(TarConstants.GNU_LONGLINK, TarConstants.LF_GNUTYPE_LONGNAME);
    byte[] name = new byte[50_000_000];
    Arrays.fill(name, (byte) 'a');
    entry.setSize(name.length);
    writeArchive(new CifarFiles.Tar().entry(entry, name).bytes());
    readFails(); // warm up

    assertThat(Allocation.of(this::readFails)).isLessThan(16_000_000);
    refusesArchive(
        archive
            + ": not a readable .tar.gz archive (more data than the archive's headers account"
            + " for)."
            + AGAIN);
  }

  @Test
  void boundsWhatFollowsTheLastFile() throws IOException {
    byte[] tar = CifarFiles.tar(files);
    writeArchive(Arrays.copyOf(tar, tar.length + (3 << 20)));

    refusesArchive(
        archive
            + ": not a readable .tar.gz archive (more data than the archive's headers account"
            + " for)."
            + AGAIN);
  }

  @Test
  void findsFolderOrArchive() throws IOException {
    Path data = disk.getPath("/c");
    assertThat(CifarPlace.find(data.getParent(), data.getFileName().toString())).contains(folder);

    Files.delete(folder.resolve("test_batch.bin"));
    assertThat(CifarPlace.find(data.getParent(), data.getFileName().toString()))
        .as("incomplete folder")
        .contains(archive);

    Files.write(data.resolve("other.tar.gz"), new byte[1]);
    assertThatThrownBy(() -> CifarPlace.find(data.getParent(), data.getFileName().toString()))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "/c: expected one .tar.gz archive, found cifar.tar.gz, other.tar.gz. Keep one, or name"
                + " the one to use cifar-10-binary.tar.gz.");

    Files.move(archive, data.resolve("cifar-10-binary.tar.gz"));
    assertThat(CifarPlace.find(data.getParent(), data.getFileName().toString()))
        .contains(data.resolve("cifar-10-binary.tar.gz"));

    assertThat(CifarPlace.find(disk.getPath("/none"), "CIFAR10")).isEmpty();
  }

  private Dataset readFolder(int imageSize) {
    return read(imageSize, reader -> CifarDataset.readFolder(folder, reader));
  }

  private Dataset readArchive(int imageSize) {
    return read(imageSize, reader -> CifarArchive.read(archive, reader));
  }

  private Dataset read(int imageSize, Function<CifarReader, ReadImages> files) {
    return ImageStore.usual()
        .read(
            Readings.info("Test", 3),
            disk.getPath("/data"),
            imageSize,
            () -> "",
            reading -> files.apply(new CifarReader(reading, imageSize, 10)));
  }

  private void readFails() {
    assertThatThrownBy(() -> readArchive(32)).isInstanceOf(DatasetException.class);
  }

  private void refusesFolder(String message) {
    assertThatThrownBy(() -> readFolder(32))
        .isInstanceOf(DatasetException.class)
        .hasMessage(message);
  }

  private void refusesArchive(String message) {
    assertThatThrownBy(() -> readArchive(32))
        .isInstanceOf(DatasetException.class)
        .hasMessage(message);
  }

  private void writeArchive(byte[] tar) throws IOException {
    Files.write(archive, IdxFiles.gzip(tar));
  }

  private static void checkImage(ImageSet images, int i, byte[] file, int record) {
    int at = record * 3073;
    assertThat(images.label(i)).isEqualTo(file[at]);
    byte[] image = new byte[3072];
    images.copyImage(i, image, 0);
    for (int y : List.of(0, 7, 31)) {
      for (int x : List.of(0, 11, 31)) {
        for (int c = 0; c < 3; c++) {
          assertThat(image[(y * 32 + x) * 3 + c]).isEqualTo(file[at + 1 + c * 1024 + y * 32 + x]);
        }
      }
    }
  }

  private static void same(ImageSet actual, ImageSet expected) {
    assertThat(actual.size()).isEqualTo(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.image(i)).isEqualTo(expected.image(i));
      assertThat(actual.label(i)).isEqualTo(expected.label(i));
    }
  }

  /** Random bytes are no CIFAR file, whatever their length. */
  @Test
  void refusesNoise() throws IOException {
    byte[] noise = new byte[3073 * 40];
    new Random(1).nextBytes(noise);
    Files.write(folder.resolve("data_batch_1.bin"), noise);

    assertThatThrownBy(() -> readFolder(32))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("data_batch_1.bin: expected labels within 0..9, found ");
  }
}
