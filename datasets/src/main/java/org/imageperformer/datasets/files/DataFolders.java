package org.imageperformer.datasets.files;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds what lies in the user's data folder under nearly the right name. */
public final class DataFolders {
  private DataFolders() {}

  /**
   * The folders of a data set below the data folder.
   *
   * @param dataPath need not exist
   * @param name of the data set
   * @return the one of exactly that name first, whether it is there or not; then others that differ
   *     in capital letters, hyphens and underscores, by name
   */
  public static List<Path> named(Path dataPath, String name) {
    List<Path> folders = new ArrayList<>();
    for (Path entry : visible(dataPath)) {
      String other = entry.getFileName().toString();
      if (!other.equals(name) && plain(other).equals(plain(name)) && Files.isDirectory(entry)) {
        folders.add(entry);
      }
    }
    folders.add(0, dataPath.resolve(name));
    return folders;
  }

  /** Files in the data folder that have a data set's name and any ending, mnist.npz for one. */
  public static List<Path> packed(Path dataPath, String name) {
    return visible(dataPath).stream()
        .filter(Files::isRegularFile)
        .filter(
            file ->
                plain(file.getFileName().toString().replaceFirst("\\..*", "")).equals(plain(name)))
        .toList();
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
  }

  /** What is in a folder and not hidden, by name; nothing in what is no folder. */
  public static List<Path> visible(Path folder) {
    List<Path> entries = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
        found.forEach(entries::add);
      } catch (IOException e) {
        throw ContentStream.unreadable(folder.toString(), e);
      } catch (DirectoryIteratorException e) {
        throw ContentStream.unreadable(folder.toString(), e.getCause());
      }
    }
    entries.removeIf(Hidden::isHidden);
    entries.sort(null);
    return entries;
  }
}
