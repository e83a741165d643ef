package org.imageperformer.tools;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import org.imageperformer.datasets.DownloadListener;

/** Tells of downloads, a line for each that begins, fails or ends. */
final class DownloadLines implements DownloadListener {
  private final PrintWriter err;

  DownloadLines(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void started(String file, URI from, long have, long total) {
    err.println("downloading " + file + " from " + from);
  }

  @Override
  public void failed(String file, URI from, String reason) {
    err.println("warning: " + file + " from " + from + ": " + reason);
  }

  @Override
  public void waiting(Path folder) {
    err.println("waiting for another process that downloads to " + folder);
  }

  @Override
  public void finished(String file, Path path) {
    err.println("downloaded " + path);
  }
}
