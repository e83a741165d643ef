package org.imageperformer.datasets.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A local web server whose every path misbehaves as a test asks. */
public final class FileServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, Integer> requestsByPath = Collections.synchronizedMap(new HashMap<>());

  public FileServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  /** Answers one request; {@code number} counts this path's requests from 1. */
  @FunctionalInterface
  public interface Behaviour {
    void answer(Reply reply, int number) throws IOException;
  }

  public URI at(String path, Behaviour behaviour) {
    server.createContext(
        path,
        exchange -> {
          String range = exchange.getRequestHeaders().getFirst("Range");
          requests.add(path + (range == null ? "" : " " + range));
          int number = requestsByPath.merge(path, 1, Integer::sum);
          try (exchange) {
            behaviour.answer(new Reply(exchange, range, closing), number);
          }
        });
    return URI.create("http://localhost:" + port() + path);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** Every request so far: its path and, if it had one, its range. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  /** The ways to answer. */
  public static final class Reply {
    private final HttpExchange exchange;
    private final String range;
    private final CountDownLatch closing;

    private Reply(HttpExchange exchange, String range, CountDownLatch closing) {
      this.exchange = exchange;
      this.range = range;
      this.closing = closing;
    }

    /** As a good server does, ranges included. */
    public void whole(byte[] content) throws IOException {
      send(content, content.length);
    }

    /** All from the start, whatever the range asked for. */
    void wholeIgnoringRanges(byte[] content) throws IOException {
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content);
    }

    /** Announces everything, breaks off after {@code bytes} bytes. */
    void broken(byte[] content, int bytes) throws IOException {
      send(content, bytes);
    }

    /** Announces everything, sends {@code bytes} bytes and then nothing more. */
    void stalled(byte[] content, int bytes) throws IOException {
      send(content, bytes);
      exchange.getResponseBody().flush();
      awaitEnd(60_000);
    }

    /** One byte at a time, for ever. */
    void drip(int pauseMillis) throws IOException {
      exchange.sendResponseHeaders(200, 0);
      OutputStream body = exchange.getResponseBody();
      do {
        body.write(1);
        body.flush();
      } while (!awaitEnd(pauseMillis));
    }

    /** Never even a header. */
    void silent() {
      awaitEnd(60_000);
    }

    /** Zeros without end and without a length. */
    void endless() throws IOException {
      exchange.sendResponseHeaders(200, 0);
      byte[] zeros = new byte[1 << 16];
      while (!awaitEnd(0)) {
        exchange.getResponseBody().write(zeros);
      }
    }

    public void status(int status) throws IOException {
      exchange.sendResponseHeaders(status, -1);
    }

    void redirect(URI target) throws IOException {
      exchange.getResponseHeaders().add("Location", target.toString());
      exchange.sendResponseHeaders(302, -1);
    }

    private void send(byte[] content, int bytes) throws IOException {
      int from = 0;
      if (range != null) {
        from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
        if (from >= content.length) {
          exchange.sendResponseHeaders(416, -1);
          return;
        }
        exchange
            .getResponseHeaders()
            .add("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/*");
      }
      exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
      OutputStream body = exchange.getResponseBody();
      body.write(content, from, Math.min(bytes, content.length - from));
      body.flush();
    }

    private boolean awaitEnd(long millis) {
      try {
        return closing.await(millis, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return true;
      }
    }
  }
}
