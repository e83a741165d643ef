package org.imageperformer.datasets.cache;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.files.FileProblem;
import org.imageperformer.datasets.files.LockFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a cache file aside, holding its lock. Where another process has written it while this one
 * waited for the lock, nothing is written and that file is used.
 */
final class CacheWriter implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(CacheWriter.class);

  private final CacheFile cache;
  private final Path aside;
  private final LockFile lock;
  private final Optional<Dataset> ready;
  private final FileChannel channel; // null if ready
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
  private long length;

  /**
   * Begins the file.
   *
   * @param bytes how much is to be written at least
   * @throws IOException if that cannot be
   */
  CacheWriter(CacheFile cache, long bytes) throws IOException {
    this.cache = cache;
    Path path = cache.path();
    Path folder = path.getParent();
    aside = path.resolveSibling(path.getFileName() + ".part");
    if (!path.getFileSystem().equals(FileSystems.getDefault())) {
      throw new IOException("not on a disk of this machine");
    }
    Files.createDirectories(folder);
    lock = lock(path);
    FileChannel opened = null;
    try {
      ready = cache.open();
      if (ready.isEmpty()) {
        Files.deleteIfExists(aside);
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < bytes) {
          throw new IOException(
              "it needs " + (bytes >> 20) + " MiB, " + (free >> 20) + " MiB are free");
        }
        opened = FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        LOG.info("{}: keeping the decoded images there, {} MiB or more", path, bytes >> 20);
      }
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
    channel = opened;
  }

  private static LockFile lock(Path path) throws IOException {
    try {
      return LockFile.acquire(
          path.resolveSibling(path.getFileName() + ".lock"),
          () -> LOG.info("{}: another process is writing it, waiting", path));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatasetException(path + ": interrupted while waiting for its lock.", e);
    }
  }

  /** Bytes written so far. */
  long length() {
    return length;
  }

  /** Appends the first bytes of an array. */
  void write(byte[] bytes, int count) {
    length += count;
    if (channel == null) {
      return;
    }
    try {
      for (int at = 0; at < count; ) {
        int part = Math.min(count - at, buffer.remaining());
        buffer.put(bytes, at, part);
        at += part;
        if (!buffer.hasRemaining()) {
          flush();
        }
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  /** Adds what is still on the heap and the description, gives the file its name and maps it. */
  Dataset finish(ReadImages read) {
    if (ready.isPresent()) {
      return ready.get();
    }
    ReadImages all =
        new ReadImages(
            inFile(read.train()), inFile(read.validation()), inFile(read.test()), read.sources());
    byte[] description = cache.description(all, length);
    write(description, description.length);
    try {
      flush();
      channel.force(true);
      channel.close();
      Files.move(
          aside, cache.path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failed(e);
    }
    return cache.open().orElseThrow(() -> failed(new IOException("it is gone again")));
  }

  private List<ReadImages.OfFile> inFile(List<ReadImages.OfFile> files) {
    List<ReadImages.OfFile> moved = new ArrayList<>();
    for (ReadImages.OfFile images : files) {
      if (images.heap == null) {
        moved.add(images);
      } else {
        moved.add(new ReadImages.OfFile(images.labels, null, length));
        write(images.heap, images.labels.length * cache.imageBytes());
      }
    }
    return moved;
  }

  private DatasetException failed(IOException e) {
    return new DatasetException(
        cache.path()
            + ": cannot be written to ("
            + FileProblem.of(e)
            + "). Choose another data path or make room.",
        e);
  }

  /** Removes what was not finished and releases the lock. */
  @Override
  @SuppressWarnings("try") // both are closed, not used
  public void close() {
    try (lock;
        channel) {
      if (channel != null && channel.isOpen()) {
        channel.close();
        Files.deleteIfExists(aside);
      }
    } catch (IOException e) {
      LOG.warn("{}: cannot be removed ({})", aside, e.toString());
    }
  }
}
