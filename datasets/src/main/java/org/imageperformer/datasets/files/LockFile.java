package org.imageperformer.datasets.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps other processes, and other threads of this one, from writing the same files. The system
 * releases the lock of a process that dies; the empty lock file stays, as deleting it would let two
 * others hold a lock on different files of its name.
 */
public final class LockFile implements AutoCloseable {
  private static final long POLL_MILLIS = 100;

  private final FileChannel channel;

  private LockFile(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock, waiting as long as another holds it.
   *
   * @param file the lock file, made if need be
   * @param waiting run once if it has to wait
   * @return the lock, to be closed
   */
  public static LockFile acquire(Path file, Runnable waiting)
      throws IOException, InterruptedException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      for (boolean first = true; !locked; first = false) {
        locked = tryLock(channel);
        if (!locked) {
          if (first) {
            waiting.run();
          }
          Thread.sleep(POLL_MILLIS);
        }
      }
      return new LockFile(channel);
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) { // held by this process
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close(); // releases the lock
  }
}
