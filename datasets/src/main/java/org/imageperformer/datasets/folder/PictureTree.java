package org.imageperformer.datasets.folder;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.files.Hidden;
import org.imageperformer.datasets.pictures.PictureFormat;
import org.slf4j.LoggerFactory;

/**
 * The pictures below a folder of class folders. What is hidden is no data, nor are files that do
 * not have a picture's name.
 *
 * @param folder where
 * @param pictures by the name of the class, ascending; those of a class by their path
 */
record PictureTree(Path folder, SortedMap<String, List<PictureFile>> pictures) {
  private static final int DEEPEST = 32;

  /** Links may multiply files without end. */
  private static final int MOST_FILES = 4_000_000;

  /** So many are named in a message. */
  static final int NAMED = 10;

  /**
   * Lists a folder; no file is opened.
   *
   * @param root names are relative to it
   * @param folder it or one below
   * @throws DatasetException naming what cannot be listed, a link that leads round in a circle, or
   *     a class without a picture
   */
  static PictureTree of(Path root, Path folder) {
    SortedMap<String, List<PictureFile>> pictures = new TreeMap<>();
    for (Path directory : directories(folder)) {
      String className = directory.getFileName().toString();
      pictures.put(className, new Lister(root, className).list(directory));
    }
    return new PictureTree(folder, pictures);
  }

  /** The folders in a folder that are not hidden, by name; none in what is no folder. */
  static List<Path> directories(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new DatasetException(
          folder + (Files.exists(folder) ? ": not a folder." : ": there is no such folder."));
    }
    List<Path> directories = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (!Hidden.isHidden(entry) && Files.isDirectory(entry)) {
          directories.add(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw unreadable(folder, e);
    }
    directories.sort(Comparator.comparing(path -> path.getFileName().toString()));
    return directories;
  }

  private static DatasetException unreadable(Path path, Exception e) {
    if (e instanceof FileSystemLoopException) {
      return new DatasetException(
          path + ": a link that leads back to a folder it lies in. Remove it.", e);
    }
    String reason = e instanceof AccessDeniedException ? "access denied" : e.toString();
    return new DatasetException(path + ": cannot be listed (" + reason + ").", e);
  }

  /** The classes' names, ascending. */
  List<String> classNames() {
    return List.copyOf(pictures.keySet());
  }

  /** All pictures, class by class. */
  List<PictureFile> all() {
    return pictures.values().stream().flatMap(List::stream).toList();
  }

  /** Collects the pictures of one class, links followed. */
  private static final class Lister extends SimpleFileVisitor<Path> {
    private final Path root;
    private final String className;
    private final List<PictureFile> found = new ArrayList<>();
    private final List<String> others = new ArrayList<>();
    private int otherCount;

    Lister(Path root, String className) {
      this.root = root;
      this.className = className;
    }

    List<PictureFile> list(Path directory) {
      try {
        Files.walkFileTree(directory, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, this);
      } catch (IOException e) {
        throw unreadable(directory, e);
      }
      if (found.isEmpty()) {
        throw DatasetException.mismatch(
            directory.toString(),
            "pictures of the class " + className,
            otherCount == 0 ? "none" : "other files: " + others(),
            "Put pictures there, or remove the folder.");
      }
      if (otherCount > 0) {
        LoggerFactory.getLogger(PictureTree.class)
            .warn("{}: passed over what has no picture's name: {}", directory, others());
      }
      found.sort(Comparator.comparing(PictureFile::name));
      return List.copyOf(found);
    }

    private String others() {
      String names = String.join(", ", others);
      int more = otherCount - others.size();
      return more > 0 ? names + " and " + more + " more" : names;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      return Hidden.isHidden(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String name = file.getFileName().toString();
      if (Hidden.isHidden(file)) {
        return FileVisitResult.CONTINUE;
      }
      if (!attributes.isDirectory() && PictureFormat.isPicture(name)) {
        String path = root.relativize(file).toString().replace('\\', '/');
        found.add(new PictureFile(file, path, className));
        if (found.size() > MOST_FILES) {
          throw new DatasetException(
              "%s: more than %s pictures.".formatted(root.resolve(className), MOST_FILES));
        }
      } else {
        otherCount++;
        if (others.size() < NAMED) {
          others.add(name);
        }
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      throw unreadable(file, e);
    }
  }
}
