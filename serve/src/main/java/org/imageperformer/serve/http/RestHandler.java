package org.imageperformer.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.util.URIUtil;
import org.imageperformer.serve.models.ModelVersion;
import org.imageperformer.serve.models.ServedModel;
import org.imageperformer.serve.models.VersionStatus;
import org.imageperformer.serve.tensors.RefusedRequestException;
import org.imageperformer.serve.tensors.RefusedRequestException.Reason;

/**
 * TensorFlow Serving's REST interface (https://www.tensorflow.org/tfx/serving/api_rest): the state
 * and the signatures of models, and predictions.
 */
final class RestHandler {
  private static final Pattern PREDICT =
      Pattern.compile("/v1/models/([^/:]+)(?:/versions/(\\d+)|/labels/([^/:]+))?:(\\w+)");
  private static final Pattern STATE =
      Pattern.compile("/v1/models/([^/:]+)(?:/versions/(\\d+)|/labels/([^/:]+))?(/metadata)?");

  private final Map<String, ServedModel> models;
  private final HttpOptions options;
  private final BodyBudget budget;

  RestHandler(Map<String, ServedModel> models, HttpOptions options) {
    this.models = models;
    this.options = options;
    // Java's memory also holds the tensors that bodies become.
    this.budget = new BodyBudget(Runtime.getRuntime().maxMemory() / 8);
  }

  /** Answers a request below /v1, sooner or later. */
  void handle(Exchange exchange) {
    String method = exchange.request().getMethod();
    String path = exchange.request().getHttpURI().getPath();
    exchange.countAs("v1", "");
    if (HttpMethod.POST.is(method)) {
      Matcher predict = PREDICT.matcher(path);
      if (predict.matches() && isVerb(predict.group(4))) {
        ServedModel model = model(exchange, "predict", predict);
        if (!predict.group(4).equals("predict")) {
          throw new RefusedRequestException(
              Reason.UNIMPLEMENTED,
              predict.group(4) + " is not done here; :predict runs any signature");
        }
        new PredictCall(exchange, model, number(predict.group(2)), options, budget).start();
        return;
      }
    } else if (HttpMethod.GET.is(method) || HttpMethod.HEAD.is(method)) {
      Matcher state = STATE.matcher(path);
      if (state.matches()) {
        state(exchange, state);
        return;
      }
      if (path.matches("/v1/models/?")) {
        throw RefusedRequestException.invalid("Missing model name in request.");
      }
    }
    throw RefusedRequestException.invalid("Malformed request: " + method + " " + path);
  }

  private static boolean isVerb(String word) {
    return word.equals("predict") || word.equals("classify") || word.equals("regress");
  }

  private void state(Exchange exchange, Matcher address) {
    boolean metadata = address.group(4) != null;
    ServedModel model = model(exchange, metadata ? "metadata" : "status", address);
    OptionalLong number = number(address.group(2));
    String json;
    if (metadata) {
      ModelVersion version = acquire(model, number);
      try {
        json = ModelJson.metadata(model.name(), version);
      } finally {
        version.release();
      }
    } else {
      List<VersionStatus> statuses =
          model.statuses().stream()
              .filter(status -> number.isEmpty() || status.version() == number.getAsLong())
              .toList();
      if (statuses.isEmpty()) {
        throw notFound(model.name(), number);
      }
      json = ModelJson.status(statuses);
    }
    exchange.answer(200, Exchange.JSON, json.getBytes(UTF_8));
  }

  private ServedModel model(Exchange exchange, String endpoint, Matcher address) {
    exchange.countAs(endpoint, "");
    String name = URIUtil.decodePath(address.group(1));
    ServedModel model = models.get(name);
    if (model == null) {
      throw notFound(name, number(address.group(2)));
    }
    exchange.countAs(endpoint, name);
    if (address.group(3) != null) {
      throw RefusedRequestException.invalid(
          "Unrecognized servable version label: " + URIUtil.decodePath(address.group(3)));
    }
    return model;
  }

  private static OptionalLong number(String digits) {
    if (digits == null) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(digits));
    } catch (NumberFormatException e) {
      throw RefusedRequestException.invalid(
          "Failed to convert version: " + digits + " to numeric.");
    }
  }

  /** Returns a version of a model, to be released; 404 if it is not served. */
  static ModelVersion acquire(ServedModel model, OptionalLong number) {
    return model.acquire(number).orElseThrow(() -> notFound(model.name(), number));
  }

  private static RefusedRequestException notFound(String name, OptionalLong number) {
    String shown = name.length() > 100 ? name.substring(0, 100) + "..." : name;
    return new RefusedRequestException(
        Reason.NOT_FOUND,
        "Servable not found for request: "
            + (number.isPresent()
                ? "Specific(%s, %s)".formatted(shown, number.getAsLong())
                : "Latest(%s)".formatted(shown)));
  }
}
