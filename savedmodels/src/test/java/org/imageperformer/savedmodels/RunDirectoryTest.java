package org.imageperformer.savedmodels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunDirectoryTest {

  @TempDir Path folder;

  @Test
  void numbersVersions() throws IOException {
    Path logPath = folder.resolve("a/runs");
    RunDirectory first = RunDirectory.create(logPath, "default", Optional.empty());
    assertThat(first.path()).isEqualTo(logPath.resolve("default/version_0")).isDirectory();
    assertThat(first.checkpoints()).isEmptyDirectory();
    assertThat(RunDirectory.create(logPath, "default", Optional.empty()).path())
        .isEqualTo(logPath.resolve("default/version_1"));
    Files.createDirectory(logPath.resolve("default/version_7"));
    Files.createDirectory(logPath.resolve("default/version_99999999999999999999"));
    Files.createDirectory(logPath.resolve("default/version_x"));
    assertThat(RunDirectory.create(logPath, "default", Optional.empty()).path())
        .isEqualTo(logPath.resolve("default/version_8"));
    assertThat(RunDirectory.create(logPath, "other", Optional.of("mine")).path())
        .isEqualTo(logPath.resolve("other/mine"));
  }

  @Test
  void namesItsFiles() {
    RunDirectory run = RunDirectory.create(folder, "e", Optional.of("v"));
    assertThat(run.hparams()).isEqualTo(run.path().resolve("hparams.json"));
    assertThat(run.metrics()).isEqualTo(run.path().resolve("metrics.csv"));
    assertThat(run.checkpoints()).isEqualTo(run.path().resolve("checkpoints"));
    assertThat(run.savedModel()).isEqualTo(run.path().resolve("saved_model"));
    assertThat(run.results()).isEqualTo(run.path().resolve("results.json"));
    assertThat(run).hasToString(run.path().toString());
  }

  @Test
  void everyStarterGetsItsOwnVersion() throws Exception {
    int starters = 8;
    CyclicBarrier together = new CyclicBarrier(starters);
    ExecutorService pool = Executors.newFixedThreadPool(starters);
    try {
      List<Future<Path>> started = new ArrayList<>();
      for (int i = 0; i < starters; i++) {
        Callable<Path> start =
            () -> {
              together.await();
              return RunDirectory.create(folder.resolve("runs"), "e", Optional.empty()).path();
            };
        started.add(pool.submit(start));
      }
      List<Path> paths = new ArrayList<>();
      for (Future<Path> future : started) {
        paths.add(future.get());
      }
      assertThat(paths).doesNotHaveDuplicates().allSatisfy(path -> assertThat(path).isDirectory());
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void refusesAVersionThatExists() throws IOException {
    Path run = RunDirectory.create(folder, "e", Optional.of("v")).path();
    Path file = Files.writeString(run.resolve("checkpoints/last"), "kept");
    assertThatThrownBy(() -> RunDirectory.create(folder, "e", Optional.of("v")))
        .isInstanceOf(RunException.class)
        .hasMessage(
            run
                + " exists already: choose another --version, or go on with it by train --resume "
                + run);
    assertThat(file).hasContent("kept");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "..", ".", "a/b", "../x", "a\\b", "nul\0"})
  void refusesNamesThatAreNoFolders(String name) {
    assertThatThrownBy(() -> RunDirectory.create(folder.resolve("runs"), name, Optional.empty()))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith("exp_name \"" + name.replace('\0', '?') + "\" cannot be used: ");
    assertThatThrownBy(() -> RunDirectory.create(folder.resolve("runs"), "e", Optional.of(name)))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith("version \"" + name.replace('\0', '?') + "\" cannot be used: ");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void leavesNothingWhenItCannotBeMade() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> RunDirectory.create(file, "e", Optional.empty()))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith("cannot create a run in " + file.resolve("e") + ": ");
    // The name of a version may be too long for the file system: its experiment goes again.
    assertThatThrownBy(
            () ->
                RunDirectory.create(folder.resolve("new/runs"), "e", Optional.of("v".repeat(300))))
        .isInstanceOf(RunException.class)
        .hasMessageEndingWith("(" + folder.resolve("new/runs/e/" + "v".repeat(300)) + ")");
    assertThat(folder.resolve("new")).doesNotExist();
  }

  @Test
  void opensWhatIsARun() {
    RunDirectory run = RunDirectory.create(folder, "e", Optional.of("v"));
    assertThatThrownBy(() -> RunDirectory.open(run.path()))
        .hasMessage(run.path() + " is no run directory: it has no hparams.json");
    HParams.of(Map.of("model", "Performer")).write(run.hparams());
    assertThat(RunDirectory.open(run.path()).path()).isEqualTo(run.path());
    assertThatThrownBy(() -> RunDirectory.open(folder.resolve("none")))
        .hasMessage(folder.resolve("none") + " is no run directory: not found");
    assertThatThrownBy(() -> RunDirectory.open(run.hparams()))
        .hasMessage(run.hparams() + " is no run directory: it is a file");
  }

  @Test
  void removesWhatAKilledProcessHadBegunToWrite() throws IOException {
    RunDirectory run = RunDirectory.create(folder, "e", Optional.of("v"));
    HParams.of(Map.of("model", "Performer")).write(run.hparams());
    String id = UUID.randomUUID().toString();
    Files.writeString(run.path().resolve(".results.json." + id + ".part"), "{");
    Path model = Files.createDirectory(run.path().resolve(".saved_model." + id + ".part"));
    Files.writeString(model.resolve("saved_model.pb"), "half");
    Path own = Files.writeString(run.path().resolve(".notes.part"), "mine");

    run.removeUnfinished();

    assertThat(run.path().toFile().list())
        .containsExactlyInAnyOrder("checkpoints", "hparams.json", own.getFileName().toString());
  }

  @Test
  void removesOnlyARunThatNeverBegan() {
    RunDirectory run = RunDirectory.create(folder, "e", Optional.of("v"));
    run.lock().close();
    assertThat(run.removeIfEmpty()).isTrue();
    assertThat(run.path()).doesNotExist();
    RunDirectory begun = RunDirectory.create(folder, "e", Optional.of("w"));
    HParams.of(Map.of("model", "Performer")).write(begun.hparams());
    assertThat(begun.removeIfEmpty()).isFalse();
    assertThat(begun.hparams()).exists();
  }
}
