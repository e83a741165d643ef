package org.imageperformer.datasets.fetch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.DownloadListener;

/**
 * The files of a data set as their authors published them, and how they are had.
 *
 * @param files none if the data set cannot be downloaded
 * @param downloader fetches them
 */
public record Published(List<RemoteFile> files, Downloader downloader) {
  private static final String WITHOUT_NETWORK =
      "Without a network: MNISTSample and FashionMNISTSample need no files, and FashionMNIST is in"
          + " Debian's package dataset-fashion-mnist.";

  /** Takes a copy of the list. */
  public Published {
    files = List.copyOf(files);
  }

  /** Files to be fetched with the usual patience. */
  public Published(List<RemoteFile> files) {
    this(files, new Downloader(Downloader.Limits.usual()));
  }

  /** The published checksums by file name. */
  public Map<String, String> md5() {
    return files.stream().collect(Collectors.toMap(RemoteFile::name, RemoteFile::md5));
  }

  /**
   * Fetches some of the files.
   *
   * @param names those wanted
   * @param remedy what to do if they cannot be had
   * @return the folder
   * @throws DatasetException if a file cannot be had from any mirror or the folder cannot be
   *     written to
   */
  public Path fetch(
      String dataset, List<String> names, Path folder, DownloadListener listener, String remedy) {
    try {
      downloader.fetch(
          files.stream().filter(file -> names.contains(file.name())).toList(), folder, listener);
      return folder;
    } catch (DownloadFailedException e) {
      throw new DatasetException(
          "%s could not be downloaded to %s. %s: %s. %s"
              .formatted(dataset, folder, e.file(), String.join("; ", e.reasons()), remedy),
          e);
    }
  }

  /**
   * Says how to have the files without downloading them.
   *
   * @param form what else will do, such as {@code "gzip or unpacked"}
   * @return whole sentences
   */
  public static String putThere(List<String> files, String form, Path folder) {
    return "Put %s (%s) into %s. %s"
        .formatted(String.join(", ", files), form, folder, WITHOUT_NETWORK);
  }
}
