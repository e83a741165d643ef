package org.imageperformer.datasets.cifar;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.cache.ReadImages;
import org.imageperformer.datasets.files.ContentStream;

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
  private final CifarReader reader;
  private final Map<String, CifarReader.Batch> batches = new LinkedHashMap<>();

  private CifarArchive(Path archive, CifarReader reader) {
    this.archive = archive;
    this.reader = reader;
  }

  /**
   * Reads an archive.
   *
   * @throws DatasetException if it is damaged, dangerous or lacks one of the six files, naming it
   */
  static ReadImages read(Path archive, CifarReader reader) {
    return new CifarArchive(archive, reader).read();
  }

  private ReadImages read() {
    try (InputStream stored = new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
        BudgetInputStream content = new BudgetInputStream(ContentStream.gunzip(stored));
        TarArchiveInputStream tar = new TarArchiveInputStream(content)) {
      readEntries(tar, content, Files.size(archive));
      // To the end, so that the gzip checksum covers the images.
      content.allow(HEADER_BYTES);
      content.transferTo(OutputStream.nullOutputStream());
      checkComplete();
      return CifarDataset.assemble(batches);
    } catch (EOFException e) {
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
    CifarReader.Batch batch = reader.read(file, location, tar, entry.getSize(), likely);
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
    byte kind = entry.getLinkFlag();
    boolean plain =
        kind == TarConstants.LF_NORMAL || kind == TarConstants.LF_OLDNORM || entry.isDirectory();
    if (!plain || entry.isSparse()) {
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
    boolean python = found.stream().anyMatch(file -> file.matches("data_batch_[1-5]"));
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
