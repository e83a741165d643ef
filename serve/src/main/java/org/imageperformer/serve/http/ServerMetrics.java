package org.imageperformer.serve.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.imageperformer.serve.batching.BatchListener;
import org.imageperformer.serve.models.ServedModel;

/** What is counted, in the format of Prometheus. The names of models are the served ones alone. */
public final class ServerMetrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** Requests that were begun and not answered yet. */
  private final AtomicLong active = registry.gauge("serve.requests.active", new AtomicLong());

  /** Begins with nothing. */
  @SuppressWarnings("resource") // nothing is registered that would have to be closed
  public ServerMetrics() {
    new JvmMemoryMetrics().bindTo(registry);
  }

  /**
   * Returns what counts the batches of a model.
   *
   * @param model its name
   */
  public BatchListener batches(String model) {
    DistributionSummary sizes =
        DistributionSummary.builder("serve.batch.size")
            .description("Rows of a run")
            .tag("model", model)
            .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256)
            .register(registry);
    Counter full =
        Counter.builder("serve.queue.full")
            .description("Requests refused since too many were waiting")
            .tag("model", model)
            .register(registry);
    return new BatchListener() {
      @Override
      public void onBatch(int rows) {
        sizes.record(rows);
      }

      @Override
      public void onFull() {
        full.increment();
      }
    };
  }

  /** Shows how many rows wait for a model, and which version it is at. */
  void watch(ServedModel model) {
    gauge("serve.queue.length", "Rows that wait", model, ServedModel::queueLength);
    gauge(
        "serve.model.available",
        "Whether a version is served",
        model,
        served -> served.isAvailable() ? 1 : 0);
  }

  private void gauge(
      String name, String description, ServedModel model, ToDoubleFunction<ServedModel> value) {
    Gauge.builder(name, model, value)
        .description(description)
        .tag("model", model.name())
        .register(registry);
  }

  void begin() {
    active.incrementAndGet();
  }

  /** Counts an answer, by what was asked, of which served model, and with which status. */
  void end(String endpoint, String model, int status, long nanos) {
    active.decrementAndGet();
    Timer.builder("serve.requests")
        .description("Time from a request's first byte to its answer")
        .tag("endpoint", endpoint)
        .tag("model", model)
        .tag("status", Integer.toString(status))
        .serviceLevelObjectives(
            Duration.ofMillis(1),
            Duration.ofMillis(2),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(20),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30))
        .register(registry)
        .record(Duration.ofNanos(nanos));
  }

  /** All of it as text. */
  String text() {
    return registry.scrape();
  }
}
