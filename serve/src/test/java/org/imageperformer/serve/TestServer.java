package org.imageperformer.serve;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.serve.batching.BatchingOptions;
import org.imageperformer.serve.http.HttpOptions;
import org.imageperformer.serve.models.ModelFolder;

/** A server on a free port, and what a client sees of it. */
final class TestServer implements AutoCloseable {
  static final BatchingOptions BATCHING = new BatchingOptions(4, 0, 2, 100);
  static final HttpOptions HTTP = new HttpOptions("127.0.0.1", 0, 1 << 20, 30_000, 1000);

  private final HttpClient client = HttpClient.newHttpClient();
  final ModelServer server;

  private TestServer(ModelServer server) {
    this.server = server;
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
    return server.address().resolve(path);
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

  @Override
  public void close() {
    server.close();
  }
}
