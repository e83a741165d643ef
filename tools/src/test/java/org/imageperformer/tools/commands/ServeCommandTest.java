package org.imageperformer.tools.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.imageperformer.tools.Cli;
import org.imageperformer.tools.TinyRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeCommandTest {
  private static final String MODEL = "../pretrained/performer-mnist";
  private static final String LISTENING = "listening on ";

  @TempDir private Path folder;

  @Test
  void aRunIsServedUntilItIsTerminated() throws Exception {
    Process process =
        new ProcessBuilder(TinyRun.process(List.of("serve", MODEL, "--rest_api_port=0"))).start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      List<String> lines = new ArrayList<>();
      String line = out.readLine();
      while (line != null && !line.startsWith(LISTENING)) {
        lines.add(line);
        line = out.readLine();
      }
      assertThat(lines).containsExactly("model performer-mnist: " + MODEL);
      assertThat(line).as("listening").isNotNull();
      URI address = URI.create(line.substring(LISTENING.length()));

      assertThat(address.getHost()).isEqualTo("127.0.0.1");
      assertThat(get(address.resolve("/v1/models/performer-mnist"))).contains("AVAILABLE");
      process.toHandle().destroy(); // SIGTERM; the streams stay open

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8))
          .contains("answering the last requests");
    } finally {
      process.destroyForcibly();
    }
  }

  private static String get(URI uri) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
        .body();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|Missing required parameter: '[NAME=]DIR'",
        "--rest_api_port 70000 m|rest_api_port is 70000, must be 0 to 65535",
        "--max_body_bytes 0 --rest_api_timeout_in_ms 0 m|max_body_bytes is 0, must be 1 to 1073741824;"
            + " rest_api_timeout_in_ms is 0, must be 1 to 86400000",
        "--max_batch_size 0 --num_batch_threads 0 m|max_batch_size is 0, must be 1 to 1048576;"
            + " num_batch_threads is 0, must be 1 to 1024",
        "--file_system_poll_wait_seconds 0 m|file_system_poll_wait_seconds is 0, must be at least 1",
        "a/m b/m|two models are called m, a/m and b/m; NAME=DIR gives one of them another name",
        "m=a/x m=b/y|two models are called m, a/x and b/y; NAME=DIR gives one of them another name",
        "a/it's|a model cannot be called \"it's\": expected letters, digits, dots, hyphens and"
            + " underscores; NAME=DIR gives it another name",
        "/|/ has no name; NAME=DIR gives it one"
      })
  void wrongUsageIsSaidBeforeAnythingIsLoaded(String words, String reason) {
    List<String> arguments = new ArrayList<>(List.of("serve"));
    if (words != null) {
      arguments.addAll(List.of(words.split(" ")));
    }

    assertThat(Cli.run(arguments.toArray(String[]::new)))
        .isEqualTo(
            new Cli(2, "", "error: " + reason + "\n./performer serve --help shows the usage.\n"));
  }

  @Test
  void whatCannotBeServedIsNamed() throws IOException {
    Path none = folder.resolve("none");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path broken = Files.createDirectory(folder.resolve("broken"));
    Files.writeString(broken.resolve("saved_model.pb"), "no model");

    assertThat(serve(none).err())
        .isEqualTo("error: cannot read " + none + ": no such file or directory\n");
    assertThat(serve(empty).err())
        .startsWith(
            "error: there is no SavedModel in "
                + empty
                + ": expected saved_model.pb, saved_model/");
    assertThat(serve(broken).err())
        .startsWith("error: " + broken.resolve("saved_model.pb"))
        .hasLineCount(1);
  }

  private static Cli serve(Path model) {
    Cli result = Cli.run("serve", model.toString(), "--rest_api_port=0");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    return result;
  }

  @Test
  void anAddressThatIsNotToBeHadIsNamed() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(other.getLocalPort());

      assertThat(Cli.run("serve", MODEL, "--rest_api_port", port))
          .isEqualTo(
              new Cli(
                  1,
                  "",
                  "error: cannot listen on 127.0.0.1:"
                      + port
                      + ": Address already in use; --rest_api_port and --host choose another"
                      + " address\n"));
    }
    assertThat(Cli.run("serve", MODEL, "--host", "host.invalid").err())
        .isEqualTo(
            "error: cannot listen on host.invalid:8501: the host is not known; --rest_api_port and"
                + " --host choose another address\n");
  }
}
