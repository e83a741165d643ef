package org.imageperformer.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.imageperformer.serve.tensors.RefusedRequestException;
import org.imageperformer.serve.tensors.RefusedRequestException.Reason;

/** A request and its one answer, of which the first is sent that anybody has. */
final class Exchange {
  static final String JSON = "application/json";

  /** After which time to come back, in seconds, where too much is going on. */
  private static final String RETRY_AFTER = "1";

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final ServerMetrics metrics;
  private final AtomicBoolean answered = new AtomicBoolean();
  private String endpoint = "other";
  private String model = "";

  Exchange(Request request, Response response, Callback callback, ServerMetrics metrics) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.metrics = metrics;
    metrics.begin();
  }

  Request request() {
    return request;
  }

  Response response() {
    return response;
  }

  boolean isAnswered() {
    return answered.get();
  }

  /** Says as what it is counted. */
  void countAs(String newEndpoint, String newModel) {
    endpoint = newEndpoint;
    model = newModel;
  }

  /** Answers with a body and with more fields in its head. */
  boolean answer(int status, String contentType, byte[] body, HttpField... fields) {
    if (!answered.compareAndSet(false, true)) {
      return false;
    }
    send(status, contentType, body, fields);
    return true;
  }

  private void send(int status, String contentType, byte[] body, HttpField... fields) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    for (HttpField field : fields) {
      response.getHeaders().put(field);
    }
    metrics.end(endpoint, model, status, System.nanoTime() - request.getBeginNanoTime());
    boolean head = HttpMethod.HEAD.is(request.getMethod());
    response.write(true, head ? null : ByteBuffer.wrap(body), callback);
  }

  /** Answers with an error, in TensorFlow Serving's form. */
  boolean refuse(RefusedRequestException refusal) {
    if (!answered.compareAndSet(false, true)) {
      return false;
    }
    Reason reason = refusal.reason();
    byte[] body = errorBody(refusal.getMessage());
    switch (reason) {
      case UNAVAILABLE ->
          send(reason.status(), JSON, body, new HttpField(HttpHeader.RETRY_AFTER, RETRY_AFTER));
      // The rest of the body is not wanted.
      case REQUEST_TIMEOUT, TOO_LARGE ->
          send(
              reason.status(),
              JSON,
              body,
              new HttpField(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString()));
      default -> send(reason.status(), JSON, body);
    }
    return true;
  }

  static byte[] errorBody(String message) {
    return ("{ \"error\": \""
            + new String(JsonStringEncoder.getInstance().quoteAsString(message))
            + "\" }\n")
        .getBytes(UTF_8);
  }
}
