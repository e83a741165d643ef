package org.imageperformer.savedmodels;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to write into a run directory, held by one process at a time. The operating system
 * gives it back when the process ends, however it ends.
 */
public final class RunLock implements AutoCloseable {

  /**
   * What this process holds. It has to be known to the whole process: its locks are the operating
   * system's, and merely opening and closing a locked file once more would give the lock up.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path key;
  private final FileChannel channel;

  private RunLock(Path key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  static RunLock acquire(Path run) {
    Path key;
    try {
      key = run.toRealPath();
    } catch (IOException e) {
      throw RunException.cannot("lock", run, e);
    }
    if (!HELD.add(key)) {
      throw new RunException(run + " is being trained by this process already");
    }
    FileChannel channel = null;
    FileLock lock = null;
    try {
      channel =
          FileChannel.open(
              key.resolve(".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      lock = channel.tryLock();
      if (lock == null) {
        throw new RunException(run + " is being trained by another process" + holder(channel));
      }
      channel.truncate(0);
      byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
      channel.write(ByteBuffer.wrap(pid), 0);
      return new RunLock(key, channel);
    } catch (IOException e) {
      lock = null;
      throw RunException.cannot("lock", run, e);
    } finally {
      if (lock == null) {
        closeQuietly(channel);
        HELD.remove(key);
      }
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(20);
    channel.read(bytes, 0);
    String pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
    return pid.matches("\\d+") ? " (pid " + pid + ")" : "";
  }

  private static void closeQuietly(FileChannel channel) {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      return;
    }
  }

  /**
   * Gives the run free. The empty file stays: deleting it would let two processes lock two files.
   */
  @Override
  public void close() {
    if (channel.isOpen()) {
      closeQuietly(channel);
      HELD.remove(key);
    }
  }
}
