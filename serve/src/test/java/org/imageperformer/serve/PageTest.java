package org.imageperformer.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server gives to the page; PageInBrowserTest looks at the page itself. */
class PageTest {
  @TempDir private static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        TestServer.of(
            "number=" + TestModels.halfPlus(3, folder.resolve("half")),
            "foreign=" + TestModels.meanOfPixels(folder.resolve("foreign"), 5, 7, 3),
            "nopos=../pretrained/nopos-mnist",
            "fashion=../pretrained/nopos-fashion");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html; charset=utf-8, <!DOCTYPE html>",
    "/page.css, text/css; charset=utf-8, :root",
    "/page.js, text/javascript; charset=utf-8, 'use strict'",
  })
  void itsFilesMayTakeNothingFromElsewhere(String path, String type, String begin)
      throws Exception {
    HttpResponse<String> answer = server.get(path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains(type);
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';");
    assertThat(answer.body()).contains(begin);
    assertThat(answer.body()).doesNotContain("http://", "https://", "url(");
  }

  @Test
  void theHeadAloneCanBeAskedFor() throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(server.uri("/"))
                    .method("HEAD", BodyPublishers.noBody())
                    .build(),
                BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValueAsLong("Content-Length").orElseThrow())
        .isEqualTo(server.get("/").body().getBytes(UTF_8).length);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void modelsAreDescribedInTheirOrder() throws Exception {
    JsonArray models = description().getAsJsonArray("models");

    assertThat(models.get(0))
        .isEqualTo(
            json("{'name': 'number', 'not_shown': 'its input is no image of bytes: x float [?]'}"));
    assertThat(models.get(1))
        .isEqualTo(
            json(
                "{'name': 'foreign', 'input': 'pixels', 'height': 5, 'width': 7, 'channels': 3,"
                    + " 'depends_on_batch': false, 'classes': ['0', '1', '2']}"));
    assertThat(models.get(2))
        .isEqualTo(
            json(
                "{'name': 'nopos', 'model': 'NoposPerformer', 'dataset': 'MNIST',"
                    + " 'input': 'images', 'height': 32, 'width': 32, 'channels': 1,"
                    + " 'depends_on_batch': false,"
                    + " 'classes': ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']}"));
    assertThat(models.get(3).getAsJsonObject().get("classes").getAsJsonArray())
        .contains(JsonParser.parseString("'Ankle boot'"));
    assertThat(models).hasSize(4);
  }

  @Test
  void thereIsATestImageOfEachClassInTheModelsSize() throws Exception {
    Set<String> images = new TreeSet<>();
    for (JsonElement element : description().getAsJsonArray("samples")) {
      JsonObject sample = element.getAsJsonObject();
      images.add(sample.get("dataset").getAsString() + " " + sample.get("class").getAsString());
      assertThat(sample.get("side").getAsInt()).isEqualTo(32);
      assertThat(Base64.getDecoder().decode(sample.get("pixels").getAsString())).hasSize(32 * 32);
    }

    assertThat(images)
        .hasSize(20)
        .contains("MNISTSample 0", "MNISTSample 9", "FashionMNISTSample Ankle boot");
  }

  private static JsonObject description() throws Exception {
    HttpResponse<String> answer = server.get("/page.json");
    assertThat(answer.statusCode()).isEqualTo(200);
    return JsonParser.parseString(answer.body()).getAsJsonObject();
  }

  private static JsonElement json(String text) {
    return JsonParser.parseString(text);
  }
}
