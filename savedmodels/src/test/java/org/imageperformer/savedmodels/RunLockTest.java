package org.imageperformer.savedmodels;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {

  @TempDir Path folder;
  private RunDirectory run;

  @BeforeEach
  void createRun() {
    run = RunDirectory.create(folder, "e", Optional.of("v"));
  }

  @Test
  void isHeldOnceAProcess() throws IOException {
    try (RunLock lock = run.lock()) {
      assertThatThrownBy(run::lock)
          .isInstanceOf(RunException.class)
          .hasMessage(run.path() + " is being trained by this process already");
      Path link = Files.createSymbolicLink(folder.resolve("link"), run.path());
      Files.writeString(link.resolve("hparams.json"), "{}");
      assertThatThrownBy(() -> RunDirectory.open(link).lock()).isInstanceOf(RunException.class);
      assertThat(lock).isNotNull();
    }
    run.lock().close();
  }

  @Test
  void isHeldByOneProcessAndGivenBackByItsDeath() throws Exception {
    Process holder = startHolder();
    try {
      assertThatThrownBy(run::lock)
          .isInstanceOf(RunException.class)
          .hasMessage(
              run.path() + " is being trained by another process (pid " + holder.pid() + ")");
    } finally {
      holder.destroyForcibly().waitFor();
    }
    run.lock().close();
  }

  @Test
  void aRefusedSecondLockLeavesTheFirst() throws Exception {
    try (RunLock lock = run.lock()) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(run::lock).isInstanceOf(RunException.class);
      Process other = startHolder();
      assertThat(other.waitFor()).isEqualTo(3);
    }
  }

  /** Another JVM that takes the lock, says so and waits; ends with 3 when it is refused. */
  private Process startHolder() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                run.path().toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    assertThat(lines.readLine()).isIn("locked", "refused");
    return process;
  }

  /** The main class of the other process. */
  static final class Holder {

    private Holder() {}

    public static void main(String[] args) throws InterruptedException {
      try (RunLock lock = RunLock.acquire(Path.of(args[0]))) {
        System.out.println(lock == null ? "nothing" : "locked");
        Thread.sleep(60_000);
      } catch (RunException e) {
        System.out.println("refused");
        System.exit(3);
      }
    }
  }
}
