package org.imageperformer.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonParser;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.imageperformer.serve.http.HttpOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are answered by an error, and leave the server as it was. */
class WrongRequestsTest {
  private static final String HALF = "/v1/models/half:predict";
  private static final int BODY_LIMIT = 1 << 20;
  private static final int TIMEOUT_MILLIS = 700;

  @TempDir private static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    TestModels.halfPlus(3, folder.resolve("half"));
    TestModels.threeInputs(folder.resolve("three"));
    TestModels.signatures(folder.resolve("signatures"));
    Files.writeString(folder.resolve("secret.txt"), "secret");
    server =
        TestServer.with(
            TestServer.BATCHING,
            new HttpOptions("127.0.0.1", 0, BODY_LIMIT, TIMEOUT_MILLIS, 12_000),
            folder + "/half",
            folder + "/three",
            folder + "/signatures");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void othersAreAnsweredAsBefore() throws Exception {
    assertThat(server.post(HALF, "{\"instances\": [1.0]}").body())
        .isEqualTo("{\"predictions\":[3.5]}");
    server.await("serve_requests_active", 1); // the one that asks
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "half|``|JSON Parse error: The document is empty",
        "half|no JSON|JSON Parse error: Unrecognized token 'no'",
        "half|{\"instances\": [1.0]|JSON Parse error: Unexpected end-of-input",
        "half|[1.0]|expected a JSON object such as {\"instances\": [...]}, found another value",
        "half|{}|Missing 'inputs' or 'instances' key",
        "half|{\"instances\": [1], \"inputs\": [1]}|expected only one of 'inputs' and 'instances'",
        "half|{\"instances\": [1], \"instances\": [1]}|Duplicate field 'instances'",
        "half|{\"instances\": [1]} {}|expected one JSON object, found more behind it",
        "half|{\"instances\": 1}|Expecting 'instances' to be a list/array",
        "half|{\"instances\": []}|No values in 'instances' array",
        "half|{\"instances\": [\"1\"]}|input x at /instances/0: expected float, found a string",
        "half|{\"instances\": [1, true]}|input x at /instances/1: expected float, found true",
        "half|{\"instances\": [1, null]}|input x at /instances/1: expected float, found null",
        "half|{\"instances\": [1e39]}|input x at /instances/0: 1e39 is no float",
        "half|{\"instances\": [[1], [2]]}|input x: expected float [?], found float [2, 1]",
        "half|{\"instances\": [1, [2]]}|input x at /instances/1: expected a value here",
        "half|{\"inputs\": [[1, 2], [3]]}|expected a list of 2, as before it, found 1",
        "half|{\"inputs\": {\"y\": [1]}}|Missing named input: x in 'inputs' object.",
        "half|{\"instances\": [{\"y\": 1}]}|does not have named input: y, expected [x]",
        "half|{\"instances\": [{\"b64\": \"AAAA\"}]}|expected a float, found an object",
        "half|{\"signature_name\": 1, \"instances\": [1]}|'signature_name' key must be a string",
        "half|{\"signature_name\": \"x\", \"instances\": [1]}|\"x\" not found in signature def",
        "half|{\"instances\": [1], \"signature_name\": \"x\"}|\"x\" not found in signature def",
        "three|{\"instances\": [1]}|expecting list of objects as multiple input tensors required",
        "three|{\"instances\": [{\"tag\": \"a\"}]}|missing are [sensor, signal]",
        "three|{\"inputs\": {\"tag\": [\"a\"], \"signal\": [[1,2,3,4,5],[1,2,3,4,5]],"
            + " \"sensor\": [[[1,2],[3,4]]]}}|rows, as in the other inputs, found",
        "signatures|{\"instances\": [{\"b64\": \"*\"}]}|expected Base64 in \\\"b64\\\"",
        "signatures|{\"instances\": [{\"b64\": \"AAAA\", \"c\": 1}]}|expected nothing beside",
        "signatures|{\"instances\": [1]}|expected string, found 1",
      })
  void aWrongBodyIsAnsweredByWhatWasExpected(String model, String body, String problem)
      throws Exception {
    HttpResponse<String> answer = server.post("/v1/models/" + model + ":predict", body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(JsonParser.parseString(answer.body()).getAsJsonObject().get("error").getAsString())
        .contains(problem.replace("\\\"", "\""));
  }

  @Test
  void depthIsLimited() throws Exception {
    for (String body : List.of("{\"instances\": " + "[".repeat(100_000), "[".repeat(100_000))) {
      assertThat(server.post(HALF, body).statusCode()).isEqualTo(400);
    }
    assertThat(server.post(HALF, "{\"a\": " + "{\"a\":".repeat(100_000)).statusCode())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /v1/models/half:classify, 501",
    "POST, /v1/models/half:regress, 501",
    "POST, /v1/models/half:train, 400",
    "POST, /v1/models/half, 400",
    "POST, /v1/models/none:predict, 404",
    "POST, /v1/models/half/versions/2:predict, 404",
    "POST, /v1/models/half/versions/99999999999999999999:predict, 400",
    "POST, /v1/models/half/labels/stable:predict, 400",
    "GET, /v1/models/half:predict, 400",
    "GET, /v1/models/none, 404",
    "GET, /v1/models/none/metadata, 404",
    "GET, /v1/models/half/versions/2, 404",
    "GET, /v1/models, 400",
    "GET, /v1/, 400",
    "GET, /nothing, 404",
    "DELETE, /v1/models/half, 400",
    "POST, /, 405",
    "PUT, /metrics, 405",
    "GET, /page.html, 404",
    "GET, /page.class, 404",
  })
  void anAddressThatIsNoneIsRefused(String method, String path, int status) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(server.uri(path))
                    .method(method, BodyPublishers.ofString("{\"instances\": [1]}"))
                    .build(),
                BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(JsonParser.parseString(answer.body()).getAsJsonObject().has("error")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/secret.txt",
        "/../secret.txt",
        "/v1/models/half/../../../secret.txt",
        "/v1/models/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/..;/secret.txt",
        "/v1/models/half/versions/1/saved_model.pb",
        "/half/saved_model.pb",
        "//half/saved_model.pb",
        "/half%00/saved_model.pb",
        "file:///etc/passwd",
      })
  void noFileIsServed(String path) throws Exception {
    String answer = server.raw("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

    assertThat(answer).matches("(?s)HTTP/1.1 40[04] .*").doesNotContain("secret\n", "root:");
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedBeforeItIsRead() throws Exception {
    String answer =
        server.raw(
            "POST " + HALF + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + (1L << 40) + "\r\n\r\n");

    assertThat(answer)
        .startsWith("HTTP/1.1 413 ")
        .contains("expected a body of at most " + BODY_LIMIT + " bytes, found a larger one");
  }

  @Test
  void aBodyOfUnknownLengthIsReadUpToTheLimit() throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(server.uri(HALF))
                    .POST(
                        BodyPublishers.ofInputStream(
                            () -> new ByteArrayInputStream(new byte[BODY_LIMIT + 1])))
                    .build(),
                BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void aBodyThatDoesNotComeIsNotWaitedForLong() throws Exception {
    String answer =
        server.raw("POST " + HALF + " HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{");

    assertThat(answer)
        .startsWith("HTTP/1.1 408 ")
        .contains("expected the whole body within 700 ms, found 1 bytes");
  }

  @Test
  void aBodyThatComesDropByDropIsNotWaitedForLong() throws Exception {
    try (Socket socket = server.connect()) {
      socket
          .getOutputStream()
          .write(
              ("POST " + HALF + " HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n")
                  .getBytes(ISO_8859_1));
      while (socket.getInputStream().available() == 0) {
        socket.getOutputStream().write(' ');
        Thread.sleep(50);
      }
      byte[] begin = socket.getInputStream().readNBytes(13);
      assertThat(new String(begin, ISO_8859_1)).isEqualTo("HTTP/1.1 408 ");
    }
  }

  @Test
  void aBodyThatIsCutOffHarmsNobody() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (Socket socket = server.connect()) {
        socket
            .getOutputStream()
            .write(
                ("POST " + HALF + " HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n{\"insta")
                    .getBytes(ISO_8859_1));
      }
    }
  }

  @Test
  void anEncodedBodyIsRefused() throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(server.uri(HALF))
                    .header("Content-Encoding", "gzip")
                    .POST(BodyPublishers.ofString("{}"))
                    .build(),
                BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(415);
  }

  @Test
  void whatIsNoHttpIsAnsweredAsSuch() throws Exception {
    assertThat(server.raw("no HTTP\r\n\r\n")).startsWith("HTTP/1.1 505 ");
    assertThat(server.raw("GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(server.raw("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
  }

  /** 10,000, or as many as this process may open, which is at both of their ends. */
  @Test
  @Tag("slow")
  void thousandsOfConnectionsAreKept() throws Exception {
    int number = 10_000;
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
      number = (int) Math.min(number, free / 2 - 100);
    }
    assumeTrue(number > 1000, "only " + number + " connections can be opened here");
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < number; i++) {
        sockets.add(server.connect());
      }
      assertThat(server.get("/readyz").statusCode()).isEqualTo(200);
      for (Socket socket :
          List.of(sockets.get(0), sockets.get(number / 2), sockets.get(number - 1))) {
        socket
            .getOutputStream()
            .write("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1));
        assertThat(new String(socket.getInputStream().readNBytes(15), ISO_8859_1))
            .isEqualTo("HTTP/1.1 200 OK");
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
