package org.imageperformer.tools.authors;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.imageperformer.savedmodels.OneLine;

/**
 * The zip that {@code torch.save} writes: {@code PREFIX/data.pkl}, {@code PREFIX/data/KEY} for each
 * storage, {@code PREFIX/byteorder}. Entries are read into memory and their names never become
 * paths.
 */
final class TorchArchive implements Closeable {
  private static final String PICKLE = "data.pkl";
  private static final byte[] ZIP_MAGIC = {'P', 'K', 3, 4};

  /** A pickled integer, the first object of the format before PyTorch 1.6. */
  private static final byte[] LEGACY_MAGIC = {
    (byte) 0x80,
    2,
    (byte) 0x8a,
    10,
    0x6c,
    (byte) 0xfc,
    (byte) 0x9c,
    0x46,
    (byte) 0xf9,
    0x20,
    0x6a,
    (byte) 0xa8,
    0x50,
    0x19
  };

  private final ZipFile zip;
  private final String prefix;

  private TorchArchive(ZipFile zip, String prefix) {
    this.zip = zip;
    this.prefix = prefix;
  }

  /**
   * Opens a checkpoint file.
   *
   * @throws RefusedException if it is not a PyTorch zip
   */
  static TorchArchive open(Path file) throws IOException {
    checkMagic(file);
    ZipFile zip = openZip(file);
    try {
      return new TorchArchive(zip, prefixOf(zip));
    } catch (RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  /** The pickle, of at most that many bytes. */
  byte[] pickle(int limit) throws IOException {
    ZipEntry entry = zip.getEntry(prefix + PICKLE);
    if (entry.getSize() > limit) {
      throw new RefusedException(
          "its data.pkl has " + entry.getSize() + " bytes, expected at most " + limit);
    }
    return read(entry);
  }

  /** The order of the bytes in all storages; files without a word on it are little-endian. */
  ByteOrder byteOrder() throws IOException {
    ZipEntry entry = zip.getEntry(prefix + "byteorder");
    if (entry == null) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    String order =
        entry.getSize() > 16 ? "too long" : new String(read(entry), StandardCharsets.UTF_8);
    return switch (order.strip()) {
      case "little" -> ByteOrder.LITTLE_ENDIAN;
      case "big" -> ByteOrder.BIG_ENDIAN;
      default ->
          throw new RefusedException(
              "its byteorder is " + OneLine.quoted(order) + ", expected little or big");
    };
  }

  /**
   * The bytes of a storage.
   *
   * @throws RefusedException if it is missing, damaged, or not of the length announced
   */
  byte[] storage(StorageReference storage) throws IOException {
    ZipEntry entry = zip.getEntry(prefix + "data/" + storage.key());
    if (entry == null) {
      throw new RefusedException(
          "there is no entry "
              + OneLine.quoted(prefix + "data/" + storage.key())
              + " for a storage of "
              + storage.bytes()
              + " bytes: the file is incomplete");
    }
    if (entry.getSize() != storage.bytes()) {
      throw new RefusedException(
          "the entry "
              + OneLine.quoted(entry.getName())
              + " has "
              + entry.getSize()
              + " bytes, expected "
              + storage.bytes()
              + ": the file is damaged");
    }
    return read(entry);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  /** The entry's bytes: as many as the zip's directory says, with the checksum it says. */
  private byte[] read(ZipEntry entry) throws IOException {
    String name = OneLine.quoted(entry.getName());
    if (entry.getSize() < 0 || entry.getSize() > Integer.MAX_VALUE - 8) {
      throw new RefusedException("the entry " + name + " has an impossible size");
    }
    try (InputStream in = zip.getInputStream(entry)) {
      // Grows with what is really there, so a false size takes no memory.
      byte[] bytes = in.readNBytes((int) entry.getSize());
      if (bytes.length != entry.getSize() || in.read() != -1) {
        throw new RefusedException(
            "the entry " + name + " does not have the " + entry.getSize() + " bytes it should");
      }
      CRC32 crc = new CRC32();
      crc.update(bytes);
      if (crc.getValue() != entry.getCrc()) {
        throw new RefusedException(
            "the entry " + name + " is damaged: its checksum does not match");
      }
      return bytes;
    }
  }

  private static void checkMagic(Path file) throws IOException {
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(LEGACY_MAGIC.length);
    }
    if (Arrays.equals(start, LEGACY_MAGIC)) {
      throw new RefusedException(
          "this is the format of PyTorch before 1.6, which is not a zip. Convert it with a newer"
              + " PyTorch (1.13 or later): python -c \"import torch; f = 'FILE.ckpt';"
              + " torch.save(torch.load(f, map_location='cpu', weights_only=False), f)\"");
    }
    if (start.length < ZIP_MAGIC.length || !Arrays.equals(Arrays.copyOf(start, 4), ZIP_MAGIC)) {
      throw new RefusedException(
          "not a PyTorch checkpoint: expected the zip that torch.save writes, found another kind of"
              + " file");
    }
  }

  private static ZipFile openZip(Path file) throws IOException {
    try {
      return new ZipFile(file.toFile());
    } catch (IOException | RuntimeException e) {
      throw new RefusedException(
          "its zip directory cannot be read ("
              + OneLine.reason(e)
              + "): the file is truncated or"
              + " damaged",
          e);
    }
  }

  private static String prefixOf(ZipFile zip) {
    List<String> pickles =
        zip.stream()
            .map(ZipEntry::getName)
            .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
            .limit(2)
            .toList();
    if (pickles.size() != 1) {
      throw new RefusedException(
          pickles.isEmpty()
              ? "the zip holds no data.pkl: it is not a PyTorch checkpoint"
              : "the zip holds more than one data.pkl: it is not a PyTorch checkpoint");
    }
    String pickle = pickles.get(0);
    return pickle.substring(0, pickle.length() - PICKLE.length());
  }
}
