package org.imageperformer.serve.http;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Scheduler;
import org.imageperformer.serve.models.ModelVersion;
import org.imageperformer.serve.models.ServedModel;
import org.imageperformer.serve.tensors.PredictRequest;
import org.imageperformer.serve.tensors.PredictResponseWriter;
import org.imageperformer.serve.tensors.RefusedRequestException;
import org.imageperformer.serve.tensors.RefusedRequestException.Reason;
import org.imageperformer.serve.tensors.TensorValues;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A predict request on its way: its body comes in, it waits and is computed, it is answered. No
 * thread waits for any of it.
 */
final class PredictCall implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(PredictCall.class);

  private static final int FIRST_BYTES = 4096;

  private final Exchange exchange;
  private final ServedModel model;
  private final OptionalLong number;
  private final HttpOptions options;
  private final BodyBudget budget;

  private byte[] body = new byte[0];
  private int length;
  private Scheduler.Task timer;
  private CompletableFuture<Map<String, TensorValues>> outputs;

  PredictCall(
      Exchange exchange,
      ServedModel model,
      OptionalLong number,
      HttpOptions options,
      BodyBudget budget) {
    this.exchange = exchange;
    this.model = model;
    this.number = number;
    this.options = options;
    this.budget = budget;
  }

  /** Begins to read the body. */
  synchronized void start() {
    if (exchange.request().getHeaders().contains(HttpHeader.CONTENT_ENCODING)) {
      refuse(Reason.UNSUPPORTED_MEDIA_TYPE, "expected a body without Content-Encoding, found one");
      return;
    }
    long announced = exchange.request().getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    if (announced > options.maxBodyBytes()) {
      refuseLarge();
      return;
    }
    // The time is measured below, whether something moves in it or not.
    exchange.request().addIdleTimeoutListener(idle -> false);
    timer =
        exchange
            .request()
            .getComponents()
            .getScheduler()
            .schedule(this::expire, options.timeoutMillis(), TimeUnit.MILLISECONDS);
    run();
  }

  /** Reads what is there of the body. */
  @Override
  public synchronized void run() {
    while (!exchange.isAnswered()) {
      Content.Chunk chunk = exchange.request().read();
      if (chunk == null) {
        exchange.request().demand(this);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        boolean slow = chunk.getFailure() instanceof TimeoutException;
        refuse(
            slow ? Reason.REQUEST_TIMEOUT : Reason.INVALID_ARGUMENT,
            slow ? "the body did not arrive in time" : "the body was cut off");
        return;
      }
      int size = chunk.remaining();
      if (size > options.maxBodyBytes() - length) {
        chunk.release();
        refuseLarge();
        return;
      }
      if (!reserve(length + size)) {
        chunk.release();
        refuse(Reason.UNAVAILABLE, "the bodies of too many requests are being read");
        return;
      }
      chunk.getByteBuffer().get(body, length, size);
      length += size;
      boolean last = chunk.isLast();
      chunk.release();
      if (last) {
        compute();
        return;
      }
    }
  }

  private boolean reserve(int needed) {
    if (needed > body.length) {
      int grown =
          Math.max(needed, Math.max(FIRST_BYTES, (int) Math.min(2L * body.length, 1 << 30)));
      int size = Math.min(grown, Math.max(needed, options.maxBodyBytes()));
      if (!budget.take(size - body.length)) {
        return false;
      }
      body = Arrays.copyOf(body, size);
    }
    return true;
  }

  private void compute() {
    ModelVersion version;
    try {
      version = RestHandler.acquire(model, number);
    } catch (RefusedRequestException e) {
      refuse(e);
      return;
    }
    try {
      PredictRequest request = version.reader().read(body, length);
      outputs = version.predict(request);
      var unused =
          outputs.whenComplete(
              (values, failure) -> {
                version.release();
                if (failure != null) {
                  fail(failure);
                } else {
                  answer(values, request);
                }
              });
    } catch (RuntimeException e) {
      version.release();
      fail(e);
    }
  }

  private void answer(Map<String, TensorValues> values, PredictRequest request) {
    try {
      byte[] answer = PredictResponseWriter.write(values, request.format());
      if (exchange.answer(200, Exchange.JSON, answer)) {
        end();
      }
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void fail(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof RefusedRequestException refusal) {
      refuse(refusal);
    } else if (!exchange.isAnswered()) {
      LOG.error("a predict request failed", cause);
      refuse(Reason.INTERNAL, "the server failed; its log says why");
    }
  }

  private synchronized void expire() {
    if (outputs == null) {
      refuse(
          Reason.REQUEST_TIMEOUT,
          "expected the whole body within %s ms, found %s bytes"
              .formatted(options.timeoutMillis(), length));
      return;
    }
    refuse(
        Reason.DEADLINE_EXCEEDED,
        "no answer within %s ms; it may be asked for again".formatted(options.timeoutMillis()));
    outputs.cancel(false);
  }

  private void refuseLarge() {
    refuse(
        Reason.TOO_LARGE,
        "expected a body of at most %s bytes, found a larger one"
            .formatted(options.maxBodyBytes()));
  }

  private void refuse(Reason reason, String message) {
    refuse(new RefusedRequestException(reason, message));
  }

  private void refuse(RefusedRequestException refusal) {
    if (exchange.refuse(refusal)) {
      end();
    }
  }

  /** For whoever has given the answer. */
  private void end() {
    if (timer != null) {
      timer.cancel();
    }
    budget.giveBack(body.length);
  }
}
