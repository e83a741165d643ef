package org.imageperformer.datasets.fetch;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.DownloadListener;
import org.imageperformer.datasets.files.ContentStream;
import org.imageperformer.datasets.files.FileProblem;
import org.imageperformer.datasets.files.LockFile;
import org.imageperformer.datasets.files.Md5;

/**
 * Fetches published files: mirrors in turn, broken transfers resumed, content checked, and a file
 * visible under its name only when whole. A killed download leaves {@code NAME.part}, which the
 * next one goes on with.
 */
public final class Downloader {
  /** An attempt that brought this much was not in vain. */
  private static final long PROGRESS_BYTES = 1 << 16;

  private static final String LOCK = ".download.lock";

  private final Limits limits;

  /** A downloader that gives up within the limits. */
  public Downloader(Limits limits) {
    this.limits = limits;
  }

  /**
   * When to give up.
   *
   * @param connect time to reach a mirror
   * @param stall time without progress
   * @param attempts transfers per mirror that break having brought next to nothing
   * @param pause wait before an attempt to resume
   */
  public record Limits(Duration connect, Duration stall, int attempts, Duration pause) {
    /** For the networks of today. */
    public static Limits usual() {
      return new Limits(Duration.ofSeconds(15), Duration.ofSeconds(30), 4, Duration.ofSeconds(1));
    }
  }

  /**
   * Fetches the files that a folder does not have yet.
   *
   * @throws DownloadFailedException if a file cannot be had from any mirror
   * @throws DatasetException if the folder cannot be written to or the thread is interrupted
   */
  @SuppressWarnings("try") // the lock is held, not used
  void fetch(List<RemoteFile> files, Path folder, DownloadListener listener)
      throws DownloadFailedException {
    try {
      Files.createDirectories(folder);
      try (LockFile lock = LockFile.acquire(folder.resolve(LOCK), () -> listener.waiting(folder))) {
        HttpClient client = client();
        for (RemoteFile file : files) {
          Path target = folder.resolve(file.name());
          if (!Files.exists(target)) { // else another process was faster
            fetch(client, file, target, listener);
          }
          listener.finished(file.name(), target);
        }
      }
    } catch (IOException e) {
      throw new DatasetException(
          folder
              + ": cannot be written to ("
              + FileProblem.of(e)
              + "). Choose another folder or make room.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatasetException(
          "The download to " + folder + " was interrupted; the next one goes on from here.", e);
    }
  }

  private HttpClient client() {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(limits.connect());
    ProxySelector proxies = ProxySelector.getDefault();
    return (proxies == null ? builder : builder.proxy(proxies)).build();
  }

  private void fetch(HttpClient client, RemoteFile file, Path target, DownloadListener listener)
      throws DownloadFailedException, IOException, InterruptedException {
    Path part = target.resolveSibling(file.name() + ".part");
    List<String> reasons = new ArrayList<>();
    if (Files.exists(part) && difference(file, part).isEmpty()) { // killed before the rename
      move(part, target);
      return;
    }
    for (URI mirror : file.mirrors()) {
      Optional<String> failure = fetch(client, file, mirror, part, listener);
      if (failure.isEmpty()) {
        move(part, target);
        return;
      }
      reasons.add(mirror + ": " + failure.get());
    }
    throw new DownloadFailedException(file.name(), reasons);
  }

  /** Fetches from one mirror until the content is right; returns why it could not. */
  private Optional<String> fetch(
      HttpClient client, RemoteFile file, URI mirror, Path part, DownloadListener listener)
      throws IOException, InterruptedException {
    String reason = "";
    int vain = 0;
    while (vain < limits.attempts()) {
      if (!reason.isEmpty()) {
        Thread.sleep(limits.pause().toMillis());
      }
      long before = length(part);
      boolean again;
      try {
        boolean resumed = new Transfer(client, file, mirror, part, listener).run(limits.stall());
        Optional<String> difference = difference(file, part);
        if (difference.isEmpty()) {
          return Optional.empty();
        }
        reason = difference.get();
        Files.delete(part);
        // The bytes resumed from may have been another mirror's: once more from the start.
        again = resumed;
      } catch (TransferException e) {
        reason = e.getMessage();
        again = e.worthRetrying();
      }
      listener.failed(file.name(), mirror, reason);
      if (!again) {
        break;
      }
      vain = length(part) - before >= PROGRESS_BYTES ? 1 : vain + 1;
    }
    return Optional.of(reason);
  }

  private static long length(Path part) throws IOException {
    return Files.exists(part) ? Files.size(part) : 0;
  }

  private static void move(Path part, Path target) throws IOException {
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Says in what a received file differs from the published one, if it does. */
  private static Optional<String> difference(RemoteFile file, Path part) throws IOException {
    String md5;
    if (file.checks() == RemoteFile.Checks.STORED) {
      md5 = Md5.of(part);
    } else {
      try (ContentStream in = ContentStream.open(part)) {
        md5 = in.readToEnd(file.contentBytes());
      } catch (DatasetException e) {
        return Optional.of("wrong content: " + e.getMessage());
      }
    }
    return md5.equals(file.md5())
        ? Optional.empty()
        : Optional.of("wrong content: MD5 " + md5 + " instead of " + file.md5());
  }
}
