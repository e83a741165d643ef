package org.imageperformer.datasets.cache;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.SourceFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The decoded images of a data set in one size, in a file: the pixels, a description, and an end of
 * fixed length that leads to it.
 *
 * <pre>
 * pixels of one file after the other   [image, size, size, channel], one byte each
 * description                          checksum of the sources, image size, channels, classes;
 *                                      training, validation, test: files, each with the offset of
 *                                      its pixels, its images and their labels; sources
 * end, 32 bytes                        magic number, version, where the description begins,
 *                                      its CRC-32 (long integers, as all is, big-endian)
 * </pre>
 */
record CacheFile(
    DatasetInfo info, Path dataPath, int imageSize, Supplier<String> checksum, int mappedBytes) {
  private static final Logger LOG = LoggerFactory.getLogger(CacheFile.class);
  private static final long MAGIC = 0x494d414745534554L; // IMAGESET

  /** Of the format, and of what decoding makes of a picture: 2 since damaged JPEGs are refused. */
  private static final long VERSION = 2;

  private static final int END_BYTES = 4 * Long.BYTES;
  private static final long MAX_DESCRIPTION = 256 << 20;

  Path path() {
    String name = info.name().replaceFirst(":.*", ""); // the kind, where it has a user's own name
    return dataPath.resolve(".cache").resolve(name + "-" + imageSize + ".images");
  }

  int imageBytes() {
    return imageSize * imageSize * info.channels();
  }

  /** What locations below the data path begin with. */
  private String prefix() {
    String below = dataPath.resolve("x").toString();
    return below.substring(0, below.length() - 1);
  }

  /** The data set, its pixels mapped; empty if there is no file or not the right one. */
  Optional<Dataset> open() {
    if (!Files.isRegularFile(path())) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(path())) {
      return Optional.of(
          described(channel).assemble(info, imageSize, images -> map(channel, images)));
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("{}: not used and written anew if need be ({})", path(), e.getMessage());
      return Optional.empty();
    }
  }

  private List<ByteBuffer> map(FileChannel channel, ReadImages.OfFile images) {
    List<ByteBuffer> mapped = new ArrayList<>();
    int most = Math.max(mappedBytes / imageBytes(), 1);
    for (int from = 0; from < images.labels.length; from += most) {
      long bytes = (long) Math.min(images.labels.length - from, most) * imageBytes();
      try {
        mapped.add(
            channel.map(
                FileChannel.MapMode.READ_ONLY, images.offset + (long) from * imageBytes(), bytes));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return mapped;
  }

  /** The description and the end, for pixels of so many bytes. */
  byte[] description(ReadImages read, long pixelBytes) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(checksum.get());
      out.writeInt(imageSize);
      out.writeInt(info.channels());
      out.writeInt(info.classNames().size());
      for (List<ReadImages.OfFile> files : List.of(read.train(), read.validation(), read.test())) {
        out.writeInt(files.size());
        for (ReadImages.OfFile images : files) {
          out.writeLong(images.offset);
          out.writeInt(images.labels.length);
          out.write(images.labels);
        }
      }
      out.writeInt(read.sources().size());
      for (SourceFile source : read.sources()) {
        // Below the data path, so that it stays right when the folder moves with its cache.
        boolean below = source.location().startsWith(prefix());
        out.writeUTF(source.name());
        out.writeBoolean(below);
        out.writeUTF(source.location().substring(below ? prefix().length() : 0));
        out.writeUTF(source.md5());
      }
      CRC32 crc = new CRC32();
      crc.update(bytes.toByteArray());
      for (long value : new long[] {MAGIC, VERSION, pixelBytes, crc.getValue()}) {
        out.writeLong(value);
      }
    } catch (IOException e) { // not in memory
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private ReadImages described(FileChannel channel) throws IOException {
    long size = channel.size();
    check(size > END_BYTES, "a length of at least " + END_BYTES, size);
    ByteBuffer end = ByteBuffer.wrap(read(channel, size - END_BYTES, END_BYTES));
    check(end.getLong() == MAGIC, "images", "something else");
    long version = end.getLong();
    check(version == VERSION, "version " + VERSION, version);
    long start = end.getLong();
    long length = size - END_BYTES - start;
    check(start >= 0 && length > 0 && length < MAX_DESCRIPTION, "a description", length + " bytes");
    byte[] description = read(channel, start, (int) length);
    CRC32 crc = new CRC32();
    crc.update(description);
    check(crc.getValue() == end.getLong(), "a whole description", "a damaged one");
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(description));
    check(in.readUTF().equals(checksum.get()), "the images of today's files", "others");
    check(
        in.readInt() == imageSize
            && in.readInt() == info.channels()
            && in.readInt() == info.classNames().size(),
        "the size and classes of " + info.name(),
        "others");
    return new ReadImages(files(in), files(in), files(in), sources(in));
  }

  private static List<ReadImages.OfFile> files(DataInputStream in) throws IOException {
    List<ReadImages.OfFile> files = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      long offset = in.readLong();
      files.add(new ReadImages.OfFile(in.readNBytes(in.readInt()), null, offset));
    }
    return files;
  }

  private List<SourceFile> sources(DataInputStream in) throws IOException {
    List<SourceFile> sources = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      String name = in.readUTF();
      String location = (in.readBoolean() ? prefix() : "") + in.readUTF();
      sources.add(new SourceFile(name, location, in.readUTF()));
    }
    return sources;
  }

  private static byte[] read(FileChannel channel, long at, int length) throws IOException {
    byte[] bytes = new byte[length];
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining() && channel.read(left, at + left.position()) >= 0) {}
    check(!left.hasRemaining(), length + " bytes at " + at, "fewer");
    return bytes;
  }

  private static void check(boolean right, String expected, Object found) throws IOException {
    if (!right) {
      throw new IOException("expected " + expected + ", found " + found);
    }
  }
}
