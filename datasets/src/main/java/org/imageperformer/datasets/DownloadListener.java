package org.imageperformer.datasets;

import java.net.URI;
import java.nio.file.Path;

/** Is told how a download goes, on the thread that asked for it. */
@SuppressWarnings("unused") // the defaults ignore what they are told
public interface DownloadListener {
  /**
   * A transfer begins, or goes on where it broke.
   *
   * @param file name of the file
   * @param from the mirror
   * @param have bytes already here
   * @param total bytes of the whole file, -1 if the mirror does not say
   */
  default void started(String file, URI from, long have, long total) {}

  /**
   * Bytes have arrived.
   *
   * @param file name of the file
   * @param have bytes now here
   * @param total bytes of the whole file, -1 if the mirror does not say
   */
  default void progress(String file, long have, long total) {}

  /**
   * A transfer failed; it is tried again or the next mirror is.
   *
   * @param file name of the file
   * @param from the mirror
   * @param reason what went wrong
   */
  default void failed(String file, URI from, String reason) {}

  /**
   * Another process is downloading to the same folder; this one waits for it.
   *
   * @param folder where
   */
  default void waiting(Path folder) {}

  /**
   * A file is whole, checked and in its place.
   *
   * @param file name of the file
   * @param path where it lies
   */
  default void finished(String file, Path path) {}

  /**
   * A listener that ignores everything.
   *
   * @return the listener
   */
  static DownloadListener silent() {
    return new DownloadListener() {};
  }
}
