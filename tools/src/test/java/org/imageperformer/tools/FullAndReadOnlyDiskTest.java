package org.imageperformer.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real file systems that are full or read-only, for root too: mounted in a namespace that ends with
 * the process, where the system lets a user have one (Linux).
 */
@Tag("slow")
class FullAndReadOnlyDiskTest {
  private static final String[] OPTIONS = {"--dim=32", "--checkpoint_every=1,2steps"};

  @TempDir Path folder;

  @BeforeAll
  static void needsNamespaces() throws Exception {
    assumeThat(mounts("mount -t tmpfs -o size=64k none /mnt")).as("namespaces").isTrue();
  }

  private static boolean mounts(String command) throws InterruptedException {
    try {
      return new ProcessBuilder("unshare", "-rm", "sh", "-c", command).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // There is no unshare.
    }
  }

  private Path run;

  @BeforeEach
  void train() {
    run = TinyRun.train(folder.resolve("runs"), "NoposPerformer", options("--max_epochs=1"));
  }

  private static String[] options(String... more) {
    return Stream.concat(Stream.of(OPTIONS), Stream.of(more)).toArray(String[]::new);
  }

  /** Goes on with the run, without what stood in the way, and compares. */
  private void goesOnAsIfNothingHadHappened(Path resumed) throws IOException {
    Path whole =
        TinyRun.train(folder.resolve("whole"), "NoposPerformer", options("--max_epochs=3"));
    Cli again = Cli.run("train", "--resume", resumed.toString(), "--max_epochs=3");
    assertThat(again.status()).as(again.err()).isZero();
    for (String slot : List.of("last", "best")) {
      String tensors = "checkpoints/" + slot + "/tensors.data-00000-of-00001";
      assertThat(resumed.resolve(tensors)).hasSameBinaryContentAs(whole.resolve(tensors));
    }
    assertThat(resumed.resolve("results.json"))
        .hasSameTextualContentAs(whole.resolve("results.json"));
  }

  @Test
  void aFullDiskEndsTheTrainingAndKeepsTheLastCheckpoint() throws Exception {
    // Room for the run as it is and a little more, not for another checkpoint.
    long size = (size(run) + 3 * 4096) / 1024;
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Path rescued = folder.resolve("rescued");
    String script =
        "mount -t tmpfs -o size=%dk none '%s' && cp -r '%s' '%s/run' || exit 9; \"$@\"; status=$?;"
                .formatted(size, disk, run, disk)
            + " cp -r '%s/run' '%s'; exit $status".formatted(disk, rescued);

    Ended ended = inNamespace(script, "train", "--resume", disk + "/run", "--max_epochs=3");

    assertThat(ended.status()).as(ended.said()).isEqualTo(1);
    assertThat(ended.said())
        .containsPattern("error: cannot (save|write) .*" + disk + "/run.*: .*[Nn]o space left");
    assertThat(files(rescued.resolve("checkpoints/last")))
        .isEqualTo(files(run.resolve("checkpoints/last")));
    goesOnAsIfNothingHadHappened(rescued);
  }

  @Test
  void aReadOnlyRunIsNotResumedAndStaysAsItIs() throws Exception {
    Map<String, Long> before = files(run);

    Ended ended = inNamespace(readOnly(run) + "exec \"$@\"", "train", "--resume", run.toString());

    assertThat(ended.status()).as(ended.said()).isEqualTo(1);
    assertThat(ended.said())
        .contains("error: cannot lock " + run + ": read-only file system (" + run + "/.lock)");
    assertThat(files(run)).isEqualTo(before);
    goesOnAsIfNothingHadHappened(run);
  }

  @Test
  void checkpointsThatCannotBeWrittenEndTheTrainingAndStay() throws Exception {
    Path checkpoints = run.resolve("checkpoints");
    Map<String, Long> before = files(checkpoints);

    Ended ended =
        inNamespace(
            readOnly(checkpoints) + "exec \"$@\"",
            "train",
            "--resume",
            run.toString(),
            "--max_epochs=3");

    assertThat(ended.status()).as(ended.said()).isEqualTo(1);
    assertThat(ended.said())
        .contains("error: cannot write the checkpoint " + checkpoints.resolve("last"))
        .contains("ead-only file system")
        .contains("; the one written before is still there");
    assertThat(files(checkpoints)).isEqualTo(before);
    goesOnAsIfNothingHadHappened(run);
  }

  @Test
  void aReadOnlyLogPathIsNamedBeforeAnythingIsTrained() throws Exception {
    Path logPath = Files.createDirectory(folder.resolve("fixed"));

    Ended ended =
        inNamespace(
            readOnly(logPath) + "exec \"$@\"", TinyRun.arguments(logPath, "NoposPerformer"));

    assertThat(ended.status()).as(ended.said()).isEqualTo(1);
    assertThat(ended.said())
        .contains("error: cannot create a run in " + logPath.resolve("default") + ": read-only")
        .doesNotContain("epoch 1");
    assertThat(logPath).isEmptyDirectory();
  }

  private static String readOnly(Path directory) {
    return "mount --bind '%1$s' '%1$s' && mount -o remount,ro,bind '%1$s' || exit 9; "
        .formatted(directory);
  }

  private record Ended(int status, String said) {}

  /** Runs the program as {@code "$@"} of a script that may mount. */
  private static Ended inNamespace(String script, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("unshare", "-rm", "sh", "-c", script, "sh"));
    command.addAll(TinyRun.process(List.of(words)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), said);
  }

  private static long size(Path directory) throws IOException {
    long blocks = 0;
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.toList()) {
        blocks += 1 + (Files.isRegularFile(path) ? (Files.size(path) + 4095) / 4096 : 0);
      }
    }
    return blocks * 4096;
  }

  /** The checksums of all files, by name. */
  private static Map<String, Long> files(Path directory) throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.naturalOrder()).toList()) {
        if (Files.isRegularFile(path)) {
          files.put(directory.relativize(path).toString(), crc(path));
        }
      }
    }
    return files;
  }

  private static long crc(Path file) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(Files.readAllBytes(file));
    return crc.getValue();
  }
}
