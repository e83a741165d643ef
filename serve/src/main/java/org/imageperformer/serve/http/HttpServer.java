package org.imageperformer.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.imageperformer.serve.models.ServedModel;
import org.imageperformer.serve.page.Page;
import org.imageperformer.serve.tensors.RefusedRequestException;
import org.imageperformer.serve.tensors.RefusedRequestException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens, and leads each request to what answers it. */
public final class HttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  /** Beyond this a connection that nothing moves on is closed. */
  private static final long IDLE_MILLIS = TimeUnit.SECONDS.toMillis(60);

  /** The page takes nothing from elsewhere, and is no part of another one. */
  private static final HttpField[] PAGE_FIELDS = {
    new HttpField(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    new HttpField(HttpHeader.CACHE_CONTROL, "no-cache"),
    new HttpField("Referrer-Policy", "no-referrer")
  };

  private final Server server;
  private final ServerConnector connector;
  private final Map<String, ServedModel> models = new TreeMap<>();
  private final ServerMetrics metrics;
  private final RestHandler rest;
  private final Page page;
  private volatile boolean closing;

  /**
   * @param served all models, with different names
   * @param metrics counts requests
   * @param options where it listens
   */
  public HttpServer(Collection<ServedModel> served, ServerMetrics metrics, HttpOptions options) {
    this.metrics = metrics;
    for (ServedModel model : served) {
      models.put(model.name(), model);
      metrics.watch(model);
    }
    rest = new RestHandler(models, options);
    page = new Page(served);
    // Nothing waits in these threads: they read and write.
    QueuedThreadPool threads =
        new QueuedThreadPool(8 + 2 * Runtime.getRuntime().availableProcessors(), 4);
    threads.setName("http");
    threads.setDaemon(true);
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(options.host());
    connector.setPort(options.port());
    connector.setIdleTimeout(IDLE_MILLIS);
    connector.setAcceptQueueSize(1024);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(options.maxConnections(), server));
    server.setHandler(new GracefulHandler(new Paths()));
    server.setErrorHandler(new JsonErrors());
    server.setStopTimeout(options.timeoutMillis() + 5000L);
  }

  /**
   * Takes the address. Who connects waits until {@link #start}.
   *
   * @throws IOException when it is not to be had
   */
  public void bind() throws IOException {
    try {
      connector.open();
    } catch (IOException e) {
      // Jetty says where, and its cause why.
      if (e.getCause() instanceof UnresolvedAddressException) {
        throw new UnknownHostException("the host is not known");
      }
      throw e.getCause() instanceof IOException cause ? cause : e;
    }
  }

  /** Begins to answer. */
  public void start() {
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("the server does not start", e);
    }
  }

  /** Returns the address on which it listens, with the path of the page. */
  public URI address() {
    try {
      return new URI("http", null, connector.getHost(), connector.getLocalPort(), "/", null, null);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a host that can be listened on has an address", e);
    }
  }

  /** Takes no more requests, and waits until those that were begun are answered. */
  @Override
  public void close() {
    closing = true;
    try {
      server.stop();
    } catch (Exception e) {
      LOG.info("while stopping", e);
    }
    connector.close();
  }

  /** Leads to what answers. */
  private final class Paths extends Handler.Abstract.NonBlocking {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      Exchange exchange = new Exchange(request, response, callback, metrics);
      try {
        handle(exchange);
      } catch (RefusedRequestException e) {
        exchange.refuse(e);
      } catch (RuntimeException e) {
        fail(exchange, e);
      }
      return true;
    }

    private static void fail(Exchange exchange, RuntimeException failure) {
      LOG.error("a request failed", failure);
      exchange.refuse(
          new RefusedRequestException(
              Reason.INTERNAL, "the server failed; its log says why", failure));
    }

    private void handle(Exchange exchange) {
      String path = exchange.request().getHttpURI().getPath();
      if (path.startsWith("/v1/")) {
        rest.handle(exchange);
        return;
      }
      String method = exchange.request().getMethod();
      if (!HttpMethod.GET.is(method) && !HttpMethod.HEAD.is(method)) {
        exchange.answer(
            405, Exchange.JSON, Exchange.errorBody("Malformed request: " + method + " " + path));
        return;
      }
      switch (path) {
        case "/healthz" -> {
          exchange.countAs("healthz", "");
          exchange.answer(200, "text/plain", "ok\n".getBytes(UTF_8));
        }
        case "/readyz" -> {
          exchange.countAs("readyz", "");
          boolean ready = !closing && models.values().stream().allMatch(ServedModel::isAvailable);
          exchange.answer(
              ready ? 200 : 503, "text/plain", (ready ? "ready\n" : "not ready\n").getBytes(UTF_8));
        }
        case "/metrics" -> {
          exchange.countAs("metrics", "");
          exchange.answer(
              200, "text/plain; version=0.0.4; charset=utf-8", metrics.text().getBytes(UTF_8));
        }
        case Page.DESCRIPTION -> {
          exchange.countAs("page", "");
          // It may have to read images.
          server.getThreadPool().execute(() -> describe(exchange));
        }
        default -> {
          Page.File file =
              page.file(path)
                  .orElseThrow(
                      () -> new RefusedRequestException(Reason.NOT_FOUND, "there is no " + path));
          exchange.countAs("page", "");
          exchange.answer(200, file.contentType(), file.body(), PAGE_FIELDS);
        }
      }
    }

    private void describe(Exchange exchange) {
      try {
        exchange.answer(200, Exchange.JSON, page.description());
      } catch (RuntimeException e) {
        fail(exchange, e);
      }
    }
  }

  /** The errors that the server itself answers with, in the form of all others. */
  private static final class JsonErrors implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      String message = (String) request.getAttribute(ErrorHandler.ERROR_MESSAGE);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, Exchange.JSON);
      if (response.getStatus() == Reason.UNAVAILABLE.status()) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, 1);
      }
      byte[] body =
          Exchange.errorBody(message == null ? "status " + response.getStatus() : message);
      Content.Sink.write(response, true, new String(body, UTF_8), callback);
      return true;
    }
  }
}
