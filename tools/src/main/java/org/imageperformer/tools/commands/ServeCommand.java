package org.imageperformer.tools.commands;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.serve.ModelServer;
import org.imageperformer.serve.ServeOptions;
import org.imageperformer.serve.batching.BatchingOptions;
import org.imageperformer.serve.http.HttpOptions;
import org.imageperformer.serve.models.ModelFolder;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.cli.CommandFailure;
import org.imageperformer.tools.cli.Interrupts;
import org.imageperformer.tools.cli.LoadArguments;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Serves models over HTTP.
 *
 * <p>The module serve is on the class path for this command alone, and its description is read for
 * all of them: no field, and no method's parameter or result, is of a class of that module.
 */
@Command(
    name = "serve",
    description = {
      "Serves SavedModels over HTTP, by TensorFlow Serving's REST interface, until Ctrl-C or SIGTERM.",
      "The page at / shows what they say about a picture that is moved and turned."
    },
    footer = {
      "",
      "Examples:",
      "  ${COMMAND-FULL-NAME} pretrained/performer-mnist pretrained/equivariant-mnist",
      "  curl http://127.0.0.1:8501/v1/models/equivariant-mnist",
      "  curl http://127.0.0.1:8501/v1/models/equivariant-mnist:predict \\",
      "    -d '{\"signature_name\": \"encoded_images\",",
      "         \"instances\": [{\"b64\": \"'$(base64 -w0 digit.png)'\"}]}'",
      "Python:",
      "  import base64, requests",
      "  picture = base64.b64encode(open(\"digit.png\", \"rb\").read()).decode()",
      "  body = {\"signature_name\": \"encoded_images\", \"instances\": [{\"b64\": picture}]}",
      "  answer = requests.post(\"http://127.0.0.1:8501/v1/models/equivariant-mnist:predict\","
          + " json=body)",
      "  print(answer.json()[\"predictions\"][0][\"classes\"])",
      "Java:",
      "  HttpRequest request = HttpRequest.newBuilder(",
      "          URI.create(\"http://127.0.0.1:8501/v1/models/equivariant-mnist:predict\"))",
      "      .POST(HttpRequest.BodyPublishers.ofString(body)).build();",
      "  HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();"
    })
final class ServeCommand extends BaseCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "[NAME=]DIR",
      description = {
        "A run, the folder of a SavedModel, or a folder with numbered versions of one (1/, 2/, ...),"
            + " of which the newest is served and a newer one taken when it appears. Without NAME it"
            + " is called by the folder."
      })
  private List<String> models;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description =
          "Address to listen on; 0.0.0.0 for all, which lets everybody in who reaches it.")
  private String host;

  @Option(
      names = "--rest_api_port",
      paramLabel = "PORT",
      defaultValue = "8501",
      description = "Port to listen on; 0 for any that is free.")
  private int port;

  @Option(
      names = "--rest_api_timeout_in_ms",
      paramLabel = "N",
      defaultValue = "30000",
      description = "Milliseconds for a request to arrive and be answered.")
  private int timeoutMillis;

  @Option(
      names = "--max_body_bytes",
      paramLabel = "N",
      defaultValue = "67108864",
      description = "Largest body of a request.")
  private int maxBodyBytes;

  @Option(
      names = "--max_connections",
      paramLabel = "N",
      defaultValue = "20000",
      description = "Connections beside each other; more of them wait.")
  private int maxConnections;

  @Option(
      names = "--max_batch_size",
      paramLabel = "N",
      defaultValue = "8",
      description = "Rows, of one request or several, that are computed as one batch.")
  private int maxBatchSize;

  @Option(
      names = "--batch_timeout_micros",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Microseconds for which a batch that is not full waits for more rows; with 0 those go"
              + " together that came while others were computed.")
  private long batchTimeoutMicros;

  @Option(
      names = "--num_batch_threads",
      paramLabel = "N",
      description = {"Batches computed at the same time.", "  Default: --threads"})
  private Integer numBatchThreads;

  @Option(
      names = "--max_enqueued_batches",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Batches that may wait for each signature of a model; what comes then is answered by 503.")
  private int maxEnqueuedBatches;

  @Option(
      names = "--file_system_poll_wait_seconds",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seconds between two looks for new versions.")
  private int pollSeconds;

  @Mixin private LoadArguments arguments = new LoadArguments();

  @Override
  public Integer call() {
    LoadOptions load = arguments.options(this);
    List<ModelFolder> folders;
    ServeOptions options;
    try {
      folders = ModelFolder.parseAll(models);
      options =
          new ServeOptions(
              new HttpOptions(host, port, maxBodyBytes, timeoutMillis, maxConnections),
              new BatchingOptions(
                  maxBatchSize,
                  batchTimeoutMicros,
                  numBatchThreads == null ? load.threads() : numBatchThreads,
                  maxEnqueuedBatches),
              load,
              Duration.ofSeconds(pollSeconds));
    } catch (IllegalArgumentException e) {
      throw wrongUsage(e.getMessage());
    }
    CountDownLatch end = new CountDownLatch(1);
    try (Interrupts interrupts = Interrupts.listen(end::countDown);
        ModelServer server = ModelServer.start(folders, options)) {
      Objects.requireNonNull(interrupts);
      for (ModelFolder folder : folders) {
        out().println("model " + folder.name() + ": " + folder.path());
      }
      out().println("listening on " + server.address());
      out().flush();
      end.await();
      err().println("answering the last requests; Ctrl-C once more quits at once");
      err().flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
    return ExitCode.OK;
  }
}
