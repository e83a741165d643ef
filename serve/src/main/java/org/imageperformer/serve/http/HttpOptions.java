package org.imageperformer.serve.http;

import java.util.ArrayList;
import java.util.List;

/**
 * Where requests are taken, and how much of them.
 *
 * @param host name or address to listen on
 * @param port to listen on; 0 for any that is free
 * @param maxBodyBytes largest body of a request
 * @param timeoutMillis for a request to arrive and be answered
 * @param maxConnections beside each other; more of them wait
 */
public record HttpOptions(
    String host, int port, int maxBodyBytes, int timeoutMillis, int maxConnections) {

  /** Checks all, and names all that is wrong at once. */
  public HttpOptions {
    List<String> problems = new ArrayList<>();
    if (host.isBlank()) {
      problems.add("host is empty");
    }
    check("rest_api_port", port, 0, 65535, problems);
    check("max_body_bytes", maxBodyBytes, 1, 1 << 30, problems);
    check("rest_api_timeout_in_ms", timeoutMillis, 1, 86_400_000, problems);
    check("max_connections", maxConnections, 1, 1 << 20, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  private static void check(String name, int value, int least, int most, List<String> problems) {
    if (value < least || value > most) {
      problems.add("%s is %s, must be %s to %s".formatted(name, value, least, most));
    }
  }
}
