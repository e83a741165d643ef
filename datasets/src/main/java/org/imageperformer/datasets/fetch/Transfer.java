package org.imageperformer.datasets.fetch;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import org.imageperformer.datasets.DownloadListener;

/** One request for one file, for the bytes that its part file does not have yet. */
final class Transfer {
  private static final int OK = 200;
  private static final int PARTIAL_CONTENT = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  private final HttpClient client;
  private final RemoteFile file;
  private final URI mirror;
  private final Path part;
  private final DownloadListener listener;

  Transfer(HttpClient client, RemoteFile file, URI mirror, Path part, DownloadListener listener) {
    this.client = client;
    this.file = file;
    this.mirror = mirror;
    this.part = part;
    this.listener = listener;
  }

  /**
   * Receives until the mirror says that the file is whole.
   *
   * @return whether it went on with bytes that were here before
   * @throws TransferException if the mirror or the connection fails; what came is kept
   * @throws IOException if the part file cannot be written
   */
  boolean run(Duration stall) throws TransferException, IOException, InterruptedException {
    long have = Files.exists(part) ? Files.size(part) : 0;
    HttpRequest.Builder request = HttpRequest.newBuilder(mirror).timeout(stall);
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
    }
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> response;
    try {
      response = client.send(request.build(), HttpResponse.BodyHandlers.ofPublisher());
    } catch (IOException e) {
      throw TransferException.broken(e);
    }
    try (BodyReader body = new BodyReader(stall)) {
      response.body().subscribe(body);
      long start = start(response, have);
      long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
      long total = length < 0 ? -1 : start + length;
      checkSize(total);
      listener.started(file.name(), mirror, start, total);
      receive(body, start, total);
      return start > 0;
    }
  }

  /** Where in the file the response's body begins. */
  private long start(HttpResponse<?> response, long have) throws TransferException, IOException {
    int status = response.statusCode();
    if (status == OK) {
      return 0;
    }
    if (status == PARTIAL_CONTENT) {
      String range = response.headers().firstValue("Content-Range").orElse("");
      if (have > 0 && range.startsWith("bytes " + have + "-")) {
        return have;
      }
      Files.deleteIfExists(part);
      throw TransferException.fromTheStart("unexpected range '" + range + "'");
    }
    if (status == RANGE_NOT_SATISFIABLE) {
      Files.deleteIfExists(part);
      throw TransferException.fromTheStart("the file there is shorter than what is here");
    }
    throw TransferException.useless("HTTP status " + status);
  }

  private void checkSize(long bytes) throws TransferException, IOException {
    if (bytes > file.maxBytes()) {
      Files.deleteIfExists(part);
      throw TransferException.useless(
          "more than the " + file.maxBytes() + " bytes that the file can have");
    }
  }

  private void receive(BodyReader body, long start, long total)
      throws TransferException, IOException, InterruptedException {
    long have = start;
    try (FileChannel channel =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(start);
      channel.position(start);
      for (List<ByteBuffer> buffers = next(body); buffers != null; buffers = next(body)) {
        for (ByteBuffer buffer : buffers) {
          have += buffer.remaining();
          checkSize(have);
          while (buffer.hasRemaining()) {
            channel.write(buffer);
          }
        }
        listener.progress(file.name(), have, total);
      }
      channel.force(true);
    }
  }

  private static List<ByteBuffer> next(BodyReader body)
      throws TransferException, InterruptedException {
    try {
      return body.next();
    } catch (IOException e) {
      throw TransferException.broken(e);
    }
  }
}
