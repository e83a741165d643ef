package org.imageperformer.serve;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.imageperformer.savedmodels.OneLine;
import org.imageperformer.savedmodels.RunException;
import org.imageperformer.serve.batching.BatchScheduler;
import org.imageperformer.serve.http.HttpServer;
import org.imageperformer.serve.http.ServerMetrics;
import org.imageperformer.serve.models.ModelFolder;
import org.imageperformer.serve.models.ServedModel;

/** Serves SavedModels over HTTP until it is closed. */
public final class ModelServer implements AutoCloseable {
  private final ScheduledExecutorService poller =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "versions");
            thread.setDaemon(true);
            return thread;
          });
  private final List<ServedModel> models = new ArrayList<>();
  private final BatchScheduler scheduler;
  private final HttpServer http;

  private ModelServer(List<ModelFolder> folders, ServeOptions options) {
    scheduler = new BatchScheduler(options.batching());
    ServerMetrics metrics = new ServerMetrics();
    for (ModelFolder folder : folders) {
      models.add(
          new ServedModel(folder, options.load(), scheduler, metrics.batches(folder.name())));
    }
    http = new HttpServer(models, metrics, options.http());
  }

  /**
   * Loads all models and begins to listen.
   *
   * @param folders 1 or more, with different names
   * @param options how they are served
   * @return the server, to be closed
   * @throws RunException when a model cannot be loaded, or the address is not to be had
   */
  public static ModelServer start(List<ModelFolder> folders, ServeOptions options) {
    ModelServer server = new ModelServer(folders, options);
    try {
      // Loading takes seconds, which are not to be spent for an address that is taken.
      server.http.bind();
      server.models.forEach(ServedModel::load);
      server.http.start();
      long millis = options.poll().toMillis();
      var unused =
          server.poller.scheduleWithFixedDelay(
              () -> server.models.forEach(ServedModel::poll),
              millis,
              millis,
              TimeUnit.MILLISECONDS);
      return server;
    } catch (IOException e) {
      server.close();
      throw new RunException(
          "cannot listen on %s:%s: %s; --rest_api_port and --host choose another address"
              .formatted(options.http().host(), options.http().port(), OneLine.reason(e)),
          e);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Returns the address on which it listens, with the path of the page. */
  public URI address() {
    return http.address();
  }

  /**
   * Takes no more requests, answers those that were begun, and frees the models. Takes at most the
   * time that a request may take.
   */
  @Override
  public void close() {
    poller.shutdownNow();
    scheduler.hurry();
    http.close();
    scheduler.close();
    models.forEach(ServedModel::close);
  }
}
