package org.imageperformer.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sweep} on this machine's cores. */
@Tag("slow")
class SweepTest {
  private static final String TINY =
      "\"model\": \"Performer\", \"dataset\": \"MNISTSample\", \"depth\": 1, \"heads\": 2,"
          + " \"image_size\": 8, \"batch_size\": 8, \"limit_val\": 16, \"limit_test\": 16, \"seed\": 3";

  @TempDir private Path folder;

  @Test
  void runsAreTrainedOnceAndFailuresNamed() throws Exception {
    // The learning rate is too large for one of them.
    write(
        "{"
            + TINY
            + ", \"max_steps\": 4, \"grid\": {\"dim\": [8, 16], \"learning_rate\": [0.001, 1e30]}}");

    Program.Result first = sweep("--no_report");

    assertThat(first.err())
        .startsWith("4 runs, 0 of them finished before\n")
        .contains("finished: dim=8_learning_rate=0.001", "finished: dim=16_learning_rate=0.001")
        .contains(
            "error: run dim=8_learning_rate=1e30: ", "(out/logs/dim=8_learning_rate=1e30.log)");
    assertThat(first.status()).isEqualTo(1);
    FileTime written = Files.getLastModifiedTime(results("dim=8_learning_rate=0.001"));

    // More runs: those that are there and fit are kept.
    write(
        "{"
            + TINY
            + ", \"max_steps\": 4, \"grid\": {\"dim\": [8, 16, 24], \"learning_rate\": [0.001]}}");
    Program.Result second = sweep();
    assertThat(second.status()).as(second.err()).isZero();
    assertThat(second.err()).startsWith("3 runs, 2 of them finished before\n");
    assertThat(Files.getLastModifiedTime(results("dim=8_learning_rate=0.001"))).isEqualTo(written);
    assertThat(Files.readAllLines(folder.resolve("out/results.csv"))).hasSize(4);
    assertThat(folder.resolve("out/report.html")).content().contains("dim=24");

    write(
        "{"
            + TINY
            + ", \"max_steps\": 5, \"grid\": {\"dim\": [8, 16, 24], \"learning_rate\": [0.001]}}");
    Program.Result contradiction = sweep();
    assertThat(contradiction.status()).isEqualTo(2);
    assertThat(contradiction.err())
        .contains(
            "is there with max_steps 4, wanted 5: choose another --output, or remove the run");
  }

  /**
   * The one that was interrupted goes on where its checkpoint stands, and ends as if it had not.
   */
  @Test
  void ctrlCEndsAllAndTheSameCommandGoesOn() throws Exception {
    // Far more steps than are taken between the first checkpoint and the end of the processes.
    String options = TINY + ", \"max_steps\": 4000, \"checkpoint_every\": \"100steps\"";
    write("{" + options + ", \"grid\": {\"dim\": [8, 16]}}");
    Program program = new Program(folder);
    Process process =
        program.start("sweep", "sweep.json", "--output", "out", "--spark", "local[2]");
    Path checkpoint = folder.resolve("out/dim=8/checkpoints/last");
    while (process.isAlive() && !Files.isDirectory(checkpoint)) {
      Thread.sleep(20);
    }
    List<ProcessHandle> runs = process.descendants().toList();
    assertThat(runs).isNotEmpty();

    process.destroy();
    Program.Result interrupted = program.finish(process);

    assertThat(interrupted.status()).as(interrupted.err()).isEqualTo(130);
    assertThat(interrupted.err())
        .contains("ending; Ctrl-C once more quits at once")
        .endsWith("interrupted: start the same command again to go on\n");
    assertThat(runs).noneMatch(ProcessHandle::isAlive);
    try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
      assertThat(left).noneMatch(path -> path.getFileName().toString().startsWith("performer"));
    }
    assertThat(results("dim=8")).doesNotExist();

    Program.Result resumed = sweep("--no_report");

    assertThat(resumed.status()).as(resumed.err()).isZero();
    assertThat(folder.resolve("out/logs/dim=8.log")).content().contains("going on after step ");
    String whole =
        Program.run(
                folder,
                "train Performer MNISTSample --depth 1 --heads 2 --image_size 8 --batch_size 8 --limit_val 16 --limit_test 16 --seed 3 --max_steps 4000 --dim 8 --version whole --log_path alone --threads 1"
                    .split(" ", -1))
            .err();
    assertThat(folder.resolve("alone/default/whole/results.json")).as(whole).exists();
    assertThat(results("dim=8"))
        .hasSameTextualContentAs(folder.resolve("alone/default/whole/results.json"));
  }

  private Path results(String run) {
    return folder.resolve("out").resolve(run).resolve("results.json");
  }

  private void write(String json) throws IOException {
    Files.writeString(folder.resolve("sweep.json"), json);
  }

  private Program.Result sweep(String... more) throws Exception {
    Stream<String> words =
        Stream.of("sweep", "sweep.json", "--output", "out", "--spark", "local[2]");
    return Program.run(folder, Stream.concat(words, Stream.of(more)).toArray(String[]::new));
  }
}
