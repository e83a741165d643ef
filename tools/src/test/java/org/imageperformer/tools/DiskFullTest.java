package org.imageperformer.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk on which nothing large can be written any more: a limit on the size of files, which needs
 * no rights and no file system of its own, makes the same calls fail.
 */
@Tag("slow")
class DiskFullTest {
  private static final Path SHELL = Path.of("/bin/sh");

  /** In blocks of 512 bytes: room for options, metrics and messages, not for a checkpoint. */
  private static final int LIMIT = 128;

  @TempDir Path folder;

  @Test
  void aCheckpointThatCannotBeWrittenLosesNothing() throws Exception {
    assumeThat(Files.isExecutable(SHELL)).isTrue();
    String[] wide = {"--dim=32", "--max_epochs=2"};
    Path whole = TinyRun.train(folder.resolve("whole"), "NoposPerformer", wide);
    Path run =
        TinyRun.train(folder.resolve("full"), "NoposPerformer", "--dim=32", "--max_epochs=1");
    byte[] last = tensors(run, "last");

    Process process = limited("train", "--resume", run.toString(), "--max_epochs=2");
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(said).isEqualTo(1);
    assertThat(said)
        .containsPattern("error: cannot (save|write) .*checkpoints.*: .*[Ff]ile too large");
    assertThat(tensors(run, "last")).isEqualTo(last);
    Cli resumed = Cli.run("train", "--resume", run.toString(), "--max_epochs=2");
    assertThat(resumed.status()).as(resumed.err()).isZero();
    for (String slot : List.of("last", "best")) {
      assertThat(tensors(run, slot)).isEqualTo(tensors(whole, slot));
    }
    assertThat(run.resolve("results.json")).hasSameTextualContentAs(whole.resolve("results.json"));
  }

  private static byte[] tensors(Path run, String slot) throws IOException {
    return Files.readAllBytes(
        run.resolve("checkpoints").resolve(slot).resolve("tensors.data-00000-of-00001"));
  }

  private static Process limited(String... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(SHELL.toString(), "-c", "ulimit -f " + LIMIT + " && exec \"$@\"", "sh"));
    command.addAll(TinyRun.process(List.of(words)));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
