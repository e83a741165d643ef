package org.imageperformer.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.serve.batching.BatchingOptions;
import org.imageperformer.serve.http.HttpOptions;
import org.imageperformer.serve.models.ModelFolder;

/** A server on a free port, and what a client sees of it. */
final class TestServer implements AutoCloseable {
  static final BatchingOptions BATCHING = new BatchingOptions(4, 0, 2, 100);
  static final HttpOptions HTTP = new HttpOptions("127.0.0.1", 0, 1 << 20, 30_000, 1000);

  private final HttpClient client = HttpClient.newHttpClient();
  private final ModelServer server;
  private final URI address;

  private TestServer(ModelServer server) {
    this.server = server;
    this.address = server.address();
  }

  static TestServer of(String... models) {
    return with(BATCHING, HTTP, models);
  }

  static TestServer with(BatchingOptions batching, HttpOptions http, String... models) {
    List<ModelFolder> folders = ModelFolder.parseAll(List.of(models));
    return new TestServer(
        ModelServer.start(
            folders, new ServeOptions(http, batching, LoadOptions.cpu(2), Duration.ofMillis(50))));
  }

  URI uri(String path) {
    return address.resolve(path);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return client.send(request(path, body), BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> postLater(String path, String body) {
    return client.sendAsync(request(path, body), BodyHandlers.ofString());
  }

  private HttpRequest request(String path, String body) {
    return HttpRequest.newBuilder(uri(path))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  /** Writes what is no request that a client would send, and returns all that comes back. */
  String raw(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort());
    socket.setSoTimeout(30_000);
    return socket;
  }

  /** A figure of the metrics; 0 where it is not there yet. */
  double metric(String name) throws IOException, InterruptedException {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  /** Waits until a figure of the metrics has a value. */
  void await(String metric, double value) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (metric(metric) != value) {
      assertThat(System.nanoTime()).as("until %s is %s", metric, value).isLessThan(end);
      Thread.sleep(10);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
