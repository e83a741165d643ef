package org.imageperformer.datasets.cifar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Makes CIFAR-10 files of random pixels. */
public final class CifarFiles {
  /** Bytes of one record: a label and a 32x32 RGB image. */
  public static final int RECORD_BYTES = CifarReader.RECORD_BYTES;

  private CifarFiles() {}

  /** The six files by name, with 2, 3, 4, 5, 6 and (test) 7 records. */
  public static Map<String, byte[]> contents(long seed) {
    Random random = new Random(seed);
    Map<String, byte[]> files = new LinkedHashMap<>();
    int records = 2;
    for (String name : CifarDataset.fileNames()) {
      files.put(name, records(records, random));
      records++;
    }
    return files;
  }

  public static byte[] records(int count, Random random) {
    byte[] records = new byte[count * CifarReader.RECORD_BYTES];
    random.nextBytes(records);
    for (int i = 0; i < count; i++) {
      records[i * CifarReader.RECORD_BYTES] = (byte) random.nextInt(10);
    }
    return records;
  }

  public static void write(Path folder, Map<String, byte[]> files) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
  }

  /** An archive as published: the folder, a note and the files, not in their order. */
  public static byte[] tar(Map<String, byte[]> files) {
    Tar tar = new Tar();
    tar.entry(new TarArchiveEntry(CifarDataset.FOLDER + "/"), new byte[0]);
    files.entrySet().stream()
        .sorted(Map.Entry.<String, byte[]>comparingByKey().reversed())
        .forEach(file -> tar.file(CifarDataset.FOLDER + "/" + file.getKey(), file.getValue()));
    tar.file(CifarDataset.FOLDER + "/readme.html", new byte[88]);
    return tar.bytes();
  }

  /** Makes a changed header's checksum right again. */
  public static byte[] withChecksum(byte[] header) {
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    byte[] octal = String.format(Locale.ROOT, "%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(octal, 0, header, 148, octal.length);
    return header;
  }

  /** A tar archive in the making. */
  public static final class Tar {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);

    public Tar() {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    }

    public Tar file(String name, byte[] content) {
      TarArchiveEntry entry = new TarArchiveEntry(name, true);
      entry.setSize(content.length);
      return entry(entry, content);
    }

    public Tar entry(TarArchiveEntry entry, byte[] content) {
      try {
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
        return this;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    public byte[] bytes() {
      try {
        tar.close();
        return bytes.toByteArray();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
