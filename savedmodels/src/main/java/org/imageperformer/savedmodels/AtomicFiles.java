package org.imageperformer.savedmodels;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files and directories that appear whole or not at all: written aside under a hidden name in the
 * same folder, forced to the disk, then renamed. Whatever fails, the content that was there before
 * stays and nothing half-written is left.
 */
public final class AtomicFiles {

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface FileContent {
    /**
     * Writes all of it.
     *
     * @param out buffered, closed by the caller
     * @throws IOException when writing fails
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Fills a directory. */
  @FunctionalInterface
  public interface DirectoryContent {
    /**
     * Writes all files.
     *
     * @param directory an empty directory; files go into it under their final names
     * @throws IOException when writing fails
     */
    void writeTo(Path directory) throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(AtomicFiles.class);

  private static final Pattern ASIDE =
      Pattern.compile("\\..+\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.part");

  private AtomicFiles() {}

  /**
   * Writes a text as UTF-8.
   *
   * @param target the file to create or replace
   * @param text its whole content
   * @throws RunException when it cannot be written; the old content is then unchanged
   */
  public static void writeString(Path target, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(target, out -> out.write(bytes));
  }

  /**
   * Writes a file. A symbolic link keeps its place and its target is replaced; something that
   * cannot be renamed over (a terminal, a pipe) is written straight through.
   *
   * @param target the file to create or replace; its folder must exist
   * @param content writes it
   * @throws RunException when it cannot be written; the old content is then unchanged
   */
  public static void write(Path target, FileContent content) {
    try {
      if (Files.isDirectory(target)) {
        throw new RunException("cannot write " + target + ": it is a directory");
      }
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
          content.writeTo(out);
        }
        return;
      }
      Path file = Files.isSymbolicLink(target) ? followed(target) : target.toAbsolutePath();
      Path aside = aside(file);
      try {
        try (FileChannel channel =
                FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
          content.writeTo(out);
          out.flush();
          channel.force(true);
        }
        rename(aside, file);
        force(file.getParent());
      } finally {
        Files.deleteIfExists(aside);
      }
    } catch (IOException e) {
      throw RunException.cannot("write", target, e);
    }
  }

  /**
   * Writes a directory. The old one of the same name stays until the new one is whole; a process
   * killed between the two renames leaves it beside under a hidden name, from where the next call,
   * or {@link #recoverDirectory}, brings it back.
   *
   * @param target the directory to create or replace, or a symbolic link to it, which stays; its
   *     folder must exist
   * @param content fills it
   * @throws RunException when it cannot be written; the old directory is then unchanged
   */
  public static void replaceDirectory(Path target, DirectoryContent content) {
    recoverDirectory(target);
    Path directory = place(target, "write");
    Path previous = previous(directory);
    Path aside = aside(directory);
    try {
      if (Files.exists(directory) && !Files.isDirectory(directory)) {
        throw new RunException("cannot write " + target + ": a file of this name is in the way");
      }
      try {
        Files.createDirectory(aside);
        content.writeTo(aside);
        forceTree(aside);
        boolean replaces = Files.exists(directory);
        if (replaces) {
          rename(directory, previous);
        }
        try {
          rename(aside, directory);
        } catch (IOException e) {
          if (replaces) {
            rename(previous, directory);
          }
          throw e;
        }
        force(directory.getParent());
      } finally {
        deleteTree(aside);
      }
      deleteOld(previous);
    } catch (IOException e) {
      throw RunException.cannot("write", target, e);
    }
  }

  /**
   * Brings back what {@link #replaceDirectory} had put aside when its process was killed between
   * its two renames. Does nothing in every other case. For those who write the directory: done by
   * someone else it would get in the way of a writer at work.
   *
   * @param target the directory that was being replaced
   * @throws RunException when it cannot be renamed back
   */
  public static void recoverDirectory(Path target) {
    Path directory = place(target, "bring back");
    Path previous = previous(directory);
    try {
      if (!Files.isDirectory(previous)) {
        return;
      }
      if (Files.exists(directory)) {
        deleteTree(previous);
      } else {
        rename(previous, directory);
      }
    } catch (IOException e) {
      throw RunException.cannot("bring back", target, e);
    }
  }

  /** Where the old directory waits while the new one takes its place. */
  static Path previous(Path directory) {
    return directory.resolveSibling("." + directory.getFileName() + ".previous");
  }

  /**
   * The new directory is in place: a rest of the old one is no failure, the next call clears it.
   */
  private static void deleteOld(Path directory) {
    try {
      deleteTree(directory);
    } catch (IOException e) {
      LOG.debug("{} could not be deleted", directory, e);
    }
  }

  private static Path aside(Path target) {
    return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
  }

  /** Whether something is what {@link #write} or {@link #replaceDirectory} works on. */
  static boolean isAside(Path path) {
    return ASIDE.matcher(path.getFileName().toString()).matches();
  }

  /** The directory itself, however it is reached. */
  private static Path place(Path target, String action) {
    try {
      return Files.isSymbolicLink(target) ? followed(target) : target.toAbsolutePath();
    } catch (IOException e) {
      throw RunException.cannot(action, target, e);
    }
  }

  /** Where a symbolic link leads, also when that does not exist yet. */
  private static Path followed(Path link) throws IOException {
    if (Files.exists(link)) {
      return link.toRealPath();
    }
    return link.toAbsolutePath().resolveSibling(Files.readSymbolicLink(link));
  }

  /**
   * Renames in one step where the file system can.
   *
   * @param from a file or directory
   * @param to its new name; a file or an empty directory there is replaced
   */
  public static void rename(Path from, Path to) throws IOException {
    try {
      // Whether an atomic move alone replaces is left to the file system.
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void forceTree(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(directory)) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      force(file);
    }
    force(directory);
  }

  /**
   * Waits until a file, or the entries of a directory, are on the disk. Not every file system lets
   * a directory be opened: then its entries are as safe as it goes.
   *
   * @param path what was written or renamed
   */
  public static void force(Path path) throws IOException {
    boolean directory = Files.isDirectory(path);
    try (FileChannel channel =
        FileChannel.open(path, directory ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
      channel.force(true);
    } catch (IOException e) {
      if (!directory) {
        throw e;
      }
      LOG.debug("{} could not be forced to the disk", path, e);
    }
  }

  /**
   * Removes a directory with all in it, or a file; links are not followed. What another process
   * removes meanwhile is as good as removed here.
   *
   * @param directory what to remove; nothing happens when it is not there
   * @throws IOException when something of it stays
   */
  public static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException e)
              throws IOException {
            if (e != null && !(e instanceof NoSuchFileException)) {
              throw e;
            }
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
