package org.imageperformer.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions that come while their model is served. */
class VersionsTest {
  private static final String STATUS = "/v1/models/half";
  private static final String BODY = "{\"instances\": [0.0]}";

  @TempDir private Path folder;

  @Test
  void aNewVersionIsTakenWithoutAFailedRequest() throws Exception {
    Path versions = Files.createDirectory(folder.resolve("half"));
    TestModels.halfPlus(1, versions.resolve("1"));
    try (TestServer server = TestServer.of(versions.toString())) {
      Set<String> answers = Collections.synchronizedSet(new LinkedHashSet<>());
      AtomicBoolean enough = new AtomicBoolean();
      CompletableFuture<Void> client =
          CompletableFuture.runAsync(() -> askUntil(server, enough, answers));

      add(2, versions);
      await(server, STATUS, status -> version(status, 2, "AVAILABLE") && version(status, 1, "END"));
      String before = server.post("/v1/models/half:predict", BODY).body();
      enough.set(true);
      client.join();

      assertThat(before).isEqualTo("{\"predictions\":[2.0]}");
      assertThat(answers)
          .containsExactly("200 {\"predictions\":[1.0]}", "200 {\"predictions\":[2.0]}");
      assertThat(server.post("/v1/models/half/versions/1:predict", BODY).statusCode())
          .isEqualTo(404);
      assertThat(server.post("/v1/models/half/versions/2:predict", BODY).statusCode())
          .isEqualTo(200);
    }
  }

  private static void askUntil(TestServer server, AtomicBoolean enough, Set<String> answers) {
    while (!enough.get()) {
      HttpResponse<String> answer = server.postLater("/v1/models/half:predict", BODY).join();
      answers.add(answer.statusCode() + " " + answer.body());
    }
  }

  @Test
  void aBrokenVersionIsNamedAndTheOneBeforeGoesOn() throws Exception {
    Path versions = Files.createDirectory(folder.resolve("half"));
    TestModels.halfPlus(1, versions.resolve("1"));
    try (TestServer server = TestServer.of(versions.toString())) {
      Path broken = Files.createDirectory(folder.resolve("broken"));
      Files.writeString(broken.resolve("saved_model.pb"), "no model");
      Files.move(broken, versions.resolve("2"));
      await(server, STATUS, status -> version(status, 2, "END"));

      assertThat(server.get(STATUS).body()).contains("INVALID_ARGUMENT", "saved_model.pb");
      assertThat(server.get("/readyz").statusCode()).isEqualTo(200);
      assertThat(server.post("/v1/models/half:predict", BODY).body())
          .isEqualTo("{\"predictions\":[1.0]}");

      Files.move(versions.resolve("2"), folder.resolve("away"));
      add(2, versions);
      await(server, STATUS, status -> version(status, 2, "AVAILABLE"));
      assertThat(server.post("/v1/models/half:predict", BODY).body())
          .isEqualTo("{\"predictions\":[2.0]}");
    }
  }

  /** Adds a version as one should: whole at once. */
  private void add(int number, Path versions) throws Exception {
    Path aside = TestModels.halfPlus(number, folder.resolve("aside"));
    Files.move(aside, versions.resolve(Integer.toString(number)));
  }

  private static boolean version(String status, int number, String state) {
    return status
        .replaceAll("\\s", "")
        .contains("\"version\":\"%s\",\"state\":\"%s\"".formatted(number, state));
  }

  private static void await(TestServer server, String path, Predicate<String> condition)
      throws Exception {
    long end = System.nanoTime() + 30_000_000_000L;
    String status = server.get(path).body();
    while (!condition.test(status)) {
      assertThat(System.nanoTime()).as(status).isLessThan(end);
      Thread.sleep(20);
      status = server.get(path).body();
    }
  }
}
