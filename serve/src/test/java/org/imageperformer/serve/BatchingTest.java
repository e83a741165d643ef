package org.imageperformer.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.imageperformer.serve.batching.BatchingOptions;
import org.imageperformer.serve.http.HttpOptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are computed together, wait, and are too many. */
class BatchingTest {
  /** Longer than any test: a batch that is not full waits. */
  private static final long LONG_MICROS = TimeUnit.SECONDS.toMicros(60);

  private static final String PREDICT = "/v1/models/half:predict";
  private static final String WAITING = "serve_queue_length{model=\"half\"}";
  private static final String BATCHES = "serve_batch_size_count{model=\"half\"}";
  private static final String ROWS = "serve_batch_size_sum{model=\"half\"}";

  @TempDir private static Path folder;
  private static String model;

  @BeforeAll
  static void write() throws Exception {
    model = TestModels.halfPlus(3, folder.resolve("half")).toString();
  }

  private static TestServer server(BatchingOptions batching) {
    return TestServer.with(batching, TestServer.HTTP, model);
  }

  private static String instances(int count) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(i + ".0");
    }
    return "{\"instances\": [" + String.join(",", values) + "]}";
  }

  @Test
  void requestsThatArriveTogetherAreOneBatch() throws Exception {
    try (TestServer server = server(new BatchingOptions(2, LONG_MICROS, 1, 10))) {
      CompletableFuture<HttpResponse<String>> one =
          server.postLater(PREDICT, "{\"instances\": [1.0]}");
      CompletableFuture<HttpResponse<String>> two =
          server.postLater(PREDICT, "{\"instances\": [2.0]}");

      assertThat(one.get(30, TimeUnit.SECONDS).body()).isEqualTo("{\"predictions\":[3.5]}");
      assertThat(two.get(30, TimeUnit.SECONDS).body()).isEqualTo("{\"predictions\":[4.0]}");
      assertThat(server.metric(BATCHES)).isEqualTo(1);
      assertThat(server.metric(ROWS)).isEqualTo(2);
    }
  }

  @Test
  void aBatchThatIsNotFullIsComputedAfterItsTime() throws Exception {
    long micros = 100_000;
    try (TestServer server = server(new BatchingOptions(2, micros, 1, 10))) {
      long start = System.nanoTime();

      assertThat(server.post(PREDICT, instances(1)).statusCode()).isEqualTo(200);
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(micros * 1000);
    }
  }

  @Test
  void aLargeRequestIsComputedInPartsAndAnsweredInOrder() throws Exception {
    try (TestServer server = server(new BatchingOptions(2, 0, 2, 10))) {
      assertThat(server.post(PREDICT, instances(5)).body())
          .isEqualTo("{\"predictions\":[3.0,3.5,4.0,4.5,5.0]}");
      assertThat(server.metric(BATCHES)).isEqualTo(3);
      assertThat(server.metric(ROWS)).isEqualTo(5);
    }
  }

  @Test
  void whatDoesNotFitIntoTheQueueIsToComeBackLater() throws Exception {
    try (TestServer server = server(new BatchingOptions(2, LONG_MICROS, 1, 1))) {
      CompletableFuture<HttpResponse<String>> waiting = server.postLater(PREDICT, instances(1));
      server.await(WAITING, 1);

      HttpResponse<String> refused = server.post(PREDICT, instances(2));
      HttpResponse<String> fitting = server.post(PREDICT, instances(1));

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(refused.body()).contains("\"error\"", "queue", "full");
      assertThat(server.metric("serve_queue_full_total{model=\"half\"}")).isEqualTo(1);
      assertThat(fitting.statusCode()).isEqualTo(200);
      assertThat(waiting.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whatCouldNeverWaitIsWrong() throws Exception {
    try (TestServer server = server(new BatchingOptions(2, 0, 1, 2))) {
      HttpResponse<String> refused = server.post(PREDICT, instances(5));

      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains("expected at most 4 rows in a request, found 5");
    }
  }

  @Test
  void whoWaitedTooLongIsToldAndNotComputed() throws Exception {
    HttpOptions hasty = new HttpOptions("127.0.0.1", 0, 1 << 20, 300, 100);
    try (TestServer server =
        TestServer.with(new BatchingOptions(2, LONG_MICROS, 1, 10), hasty, model)) {
      HttpResponse<String> late = server.post(PREDICT, instances(1));
      HttpResponse<String> full = server.post(PREDICT, instances(2));

      assertThat(late.statusCode()).isEqualTo(504);
      assertThat(late.body()).contains("no answer within 300 ms");
      assertThat(full.statusCode()).isEqualTo(200);
      assertThat(server.metric(ROWS)).isEqualTo(2);
    }
  }

  @Test
  void aBrokenPictureAmongGoodOnesSpoilsOnlyItsOwnAnswer() throws Exception {
    byte[] good = Files.readAllBytes(TestModels.png(folder.resolve("good.png"), 40, 30));
    byte[] cut = Arrays.copyOf(good, good.length / 2);
    try (TestServer server =
        TestServer.with(
            new BatchingOptions(4, LONG_MICROS, 1, 10),
            TestServer.HTTP,
            "../pretrained/nopos-mnist")) {
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (byte[] picture : List.of(good, cut, good, "no picture".getBytes(UTF_8))) {
        answers.add(
            server.postLater(
                "/v1/models/nopos-mnist:predict",
                "{\"signature_name\": \"encoded_images\", \"instances\": [{\"b64\": \"%s\"}]}"
                    .formatted(Base64.getEncoder().encodeToString(picture))));
      }

      List<Integer> statuses = new ArrayList<>();
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        statuses.add(answer.get(60, TimeUnit.SECONDS).statusCode());
      }
      assertThat(statuses).containsExactly(200, 400, 200, 400);
      assertThat(answers.get(0).join().body()).isEqualTo(answers.get(2).join().body());
      assertThat(answers.get(1).join().body()).contains("signature encoded_images failed: ");
    }
  }

  @Test
  void atTheEndWhatWasBegunIsAnsweredAtOnce() throws Exception {
    TestServer server = server(new BatchingOptions(2, LONG_MICROS, 1, 10));
    CompletableFuture<HttpResponse<String>> waiting = server.postLater(PREDICT, instances(1));
    server.await(WAITING, 1);

    long start = System.nanoTime();
    server.close();

    assertThat(waiting.get(1, TimeUnit.SECONDS).body()).isEqualTo("{\"predictions\":[3.0]}");
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
    assertThat(server.postLater(PREDICT, instances(1))).failsWithin(20, TimeUnit.SECONDS);
  }
}
