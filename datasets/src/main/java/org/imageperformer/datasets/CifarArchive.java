package org.imageperformer.datasets;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * CIFAR-10's binary version read straight from its {@code .tar.gz}. Nothing is unpacked to disk;
 * archives with links, absolute paths or paths leading outside are refused all the same, as nobody
 * publishes this data set so.
 */
final class CifarArchive {
  private static final String AGAIN = "Copy or download the archive again.";
  private static final int MAX_ENTRIES = 1000;
  private static final long MAX_OTHER_BYTES = 16 << 20;
  private static final long HEADER_BYTES = 1 << 20;

  private final Path archive;
  private final int imageSize;
  private final Map<String, CifarReader.Batch> batches = new LinkedHashMap<>();

  private CifarArchive(Path archive, int imageSize) {
    this.archive = archive;
    this.imageSize = imageSize;
  }

  /** The data set, and the MD5 of the archive itself. */
  record Content(Dataset dataset, String archiveMd5) {}

  /**
   * Reads an archive.
   *
   * @throws DatasetException if it is damaged, dangerous or lacks one of the six files, naming it
   */
  static Content read(Path archive, int imageSize) {
    return new CifarArchive(archive, imageSize).read();
  }

  private Content read() {
    if (!Files.isRegularFile(archive)) {
      throw DatasetException.mismatch(
          archive.toString(), "a .tar.gz file", "something else", "Replace it with the archive.");
    }
    try (DigestInputStream stored =
            new DigestInputStream(Files.newInputStream(archive), Md5.digest());
        BudgetInputStream content =
            new BudgetInputStream(
                new GZIPInputStream(new BufferedInputStream(stored, 1 << 16), 1 << 16));
        TarArchiveInputStream tar = new TarArchiveInputStream(content)) {
      readEntries(tar, content, Files.size(archive));
      // To the end, so that the gzip checksum covers the images and the digest the whole file.
      content.allow(HEADER_BYTES);
      content.transferTo(OutputStream.nullOutputStream());
      stored.transferTo(OutputStream.nullOutputStream());
      checkComplete();
      return new Content(
          CifarDataset.assemble(batches, imageSize), Md5.hex(stored.getMessageDigest()));
    } catch (ZipException | EOFException e) {
      throw ContentStream.unreadable(archive.toString(), e);
    } catch (IOException e) {
      throw damaged(e);
    } catch (DatasetException e) {
      throw e;
    } catch (RuntimeException e) { // what the tar reader throws on some malformed headers
      throw damaged(e);
    }
  }

  private void readEntries(TarArchiveInputStream tar, BudgetInputStream content, long storedBytes)
      throws IOException {
    long otherBytes = 0;
    int entries = 0;
    List<String> others = new ArrayList<>();
    for (TarArchiveEntry entry = next(tar, content); entry != null; entry = next(tar, content)) {
      entries++;
      checkHarmless(entry, entries);
      String file = fileName(entry);
      content.allow(entry.getSize() + HEADER_BYTES);
      if (CifarDataset.fileNames().contains(file)) {
        readBatch(tar, entry, file, storedBytes);
      } else if (!entry.isDirectory()) {
        others.add(file);
        otherBytes += entry.getSize();
        if (otherBytes > MAX_OTHER_BYTES) {
          throw wrongLayout(others);
        }
        tar.transferTo(OutputStream.nullOutputStream());
      }
    }
    if (batches.isEmpty()) {
      throw wrongLayout(others);
    }
  }

  private static TarArchiveEntry next(TarArchiveInputStream tar, BudgetInputStream content)
      throws IOException {
    content.allow(HEADER_BYTES);
    return tar.getNextEntry();
  }

  private void readBatch(
      TarArchiveInputStream tar, TarArchiveEntry entry, String file, long storedBytes)
      throws IOException {
    String location = archive + "!/" + entry.getName();
    // Images compress little, so a size far beyond the archive's own is only a claim.
    long likely = Math.min(entry.getSize(), storedBytes * 2);
    CifarReader.Batch batch =
        CifarReader.read(
            file, location, tar, entry.getSize(), likely, imageSize, CifarDataset.classes());
    if (batches.put(file, batch) != null) {
      throw DatasetException.mismatch(
          archive.toString(), "each file once", "two of " + file, AGAIN);
    }
  }

  private void checkHarmless(TarArchiveEntry entry, int entries) {
    String name = entry.getName();
    if (entries > MAX_ENTRIES) {
      throw DatasetException.mismatch(
          archive.toString(), "the few files of CIFAR-10", "over " + MAX_ENTRIES, AGAIN);
    }
    if (!(entry.isFile() || entry.isDirectory())
        || entry.isLink()
        || entry.isSymbolicLink()
        || entry.isSparse()) {
      throw DatasetException.mismatch(
          archive.toString(),
          "plain files and folders",
          "a link, a device or a sparse file: '" + name + "'",
          AGAIN);
    }
    if (name.startsWith("/")
        || name.contains("\\")
        || name.contains(":")
        || List.of(name.split("/")).contains("..")) {
      throw DatasetException.mismatch(
          archive.toString(), "paths that stay within the archive", "'" + name + "'", AGAIN);
    }
    if (entry.getSize() < 0) {
      throw DatasetException.mismatch(
          archive.toString(), "sizes of 0 or more", entry.getSize() + " for '" + name + "'", AGAIN);
    }
  }

  private static String fileName(TarArchiveEntry entry) {
    String name = entry.getName();
    return entry.isDirectory() ? "" : name.substring(name.lastIndexOf('/') + 1);
  }

  private void checkComplete() {
    List<String> missing = new ArrayList<>(CifarDataset.fileNames());
    missing.removeAll(batches.keySet());
    if (!missing.isEmpty()) {
      throw DatasetException.mismatch(
          archive.toString(),
          "the files " + String.join(", ", CifarDataset.fileNames()),
          "no " + String.join(", ", missing),
          AGAIN);
    }
  }

  private DatasetException wrongLayout(List<String> found) {
    boolean python = found.contains("data_batch_1");
    String first = String.join(", ", found.subList(0, Math.min(found.size(), 5)));
    return DatasetException.mismatch(
        archive.toString(),
        "CIFAR-10's binary version with the files " + String.join(", ", CifarDataset.fileNames()),
        python
            ? "its Python version"
            : found.isEmpty() ? "no files" : found.size() + " others (" + first + ")",
        python ? "Use cifar-10-binary.tar.gz instead." : AGAIN);
  }

  private DatasetException damaged(Exception e) {
    return new DatasetException(
        archive + ": not a readable .tar.gz archive (" + e.getMessage() + "). " + AGAIN, e);
  }
}
