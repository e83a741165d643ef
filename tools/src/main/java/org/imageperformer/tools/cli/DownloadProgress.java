package org.imageperformer.tools.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.imageperformer.datasets.DownloadListener;

/** Tells of downloads in plain lines, one every few seconds, that read well in a log file too. */
public final class DownloadProgress implements DownloadListener {
  private static final Duration PAUSE = Duration.ofSeconds(3);

  private final PrintWriter err;
  private long lastNanos = System.nanoTime();

  /**
   * @param err where the lines go
   */
  public DownloadProgress(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void started(String file, URI from, long have, long total) {
    say(
        "%s: downloading from %s%s"
            .formatted(file, from.getHost(), have > 0 ? ", " + megabytes(have) + " are here" : ""));
  }

  @Override
  public void progress(String file, long have, long total) {
    if (System.nanoTime() - lastNanos >= PAUSE.toNanos()) {
      say(file + ": " + megabytes(have) + (total > 0 ? " of " + megabytes(total) : ""));
    }
  }

  @Override
  public void failed(String file, URI from, String reason) {
    say(file + ": " + from.getHost() + ": " + reason);
  }

  @Override
  public void waiting(Path folder) {
    say("another process is downloading to " + folder + ", waiting for it");
  }

  @Override
  public void finished(String file, Path path) {
    say(file + ": complete");
  }

  private void say(String line) {
    err.println(line);
    err.flush();
    lastNanos = System.nanoTime();
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
