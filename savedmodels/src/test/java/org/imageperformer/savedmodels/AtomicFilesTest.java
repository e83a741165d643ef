package org.imageperformer.savedmodels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {

  @TempDir Path folder;

  @Test
  void createsAndReplaces() throws IOException {
    Path file = folder.resolve("results.json");
    AtomicFiles.writeString(file, "ä1");
    AtomicFiles.writeString(file, "2");
    assertThat(file).hasContent("2");
    assertThat(list(folder)).containsExactly("results.json");
    // Readable as any new file is, unlike one made by createTempFile.
    Path plain = Files.writeString(folder.resolve("plain"), "");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo(PosixFilePermissions.toString(Files.getPosixFilePermissions(plain)));
  }

  @Test
  void theNewContentIsNotThereBeforeItIsWhole() {
    Path file = folder.resolve("f");
    AtomicFiles.writeString(file, "old");
    AtomicFiles.write(
        file,
        out -> {
          out.write("new".getBytes(StandardCharsets.UTF_8));
          out.flush();
          assertThat(file).hasContent("old");
        });
    assertThat(file).hasContent("new");
  }

  @Test
  void aFailureLeavesTheOldContent() throws IOException {
    Path file = folder.resolve("f");
    AtomicFiles.writeString(file, "old");
    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    file,
                    out -> {
                      out.write(1);
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(RunException.class)
        .hasMessage("cannot write " + file + ": no space left on device");
    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    file,
                    out -> {
                      throw new IllegalStateException("a bug");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(file).hasContent("old");
    assertThat(list(folder)).containsExactly("f");
  }

  @Test
  void aFullDiskLeavesTheOldContent() throws IOException {
    Configuration small =
        Configuration.unix().toBuilder().setMaxSize(64 * 1024).setBlockSize(1024).build();
    try (FileSystem disk = Jimfs.newFileSystem(small)) {
      Path root = Files.createDirectory(disk.getPath("/disk"));
      Path file = root.resolve("f");
      Path directory = root.resolve("d");
      AtomicFiles.writeString(file, "old");
      AtomicFiles.replaceDirectory(
          directory, aside -> AtomicFiles.writeString(aside.resolve("in"), "old"));
      byte[] large = new byte[100 * 1024];
      assertThatThrownBy(() -> AtomicFiles.write(file, out -> out.write(large)))
          .isInstanceOf(RunException.class)
          .hasMessage("cannot write /disk/f: out of disk space");
      assertThatThrownBy(
              () ->
                  AtomicFiles.replaceDirectory(
                      directory, aside -> Files.write(aside.resolve("in"), large)))
          .isInstanceOf(RunException.class)
          .hasMessage("cannot write /disk/d: out of disk space");
      assertThat(Files.readString(file)).isEqualTo("old");
      assertThat(Files.readString(directory.resolve("in"))).isEqualTo("old");
      assertThat(list(root)).containsExactly("d", "f");
    }
  }

  @Test
  void saysWhyATargetCannotBeWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "content");
    assertThatThrownBy(() -> AtomicFiles.writeString(folder.resolve("no/such/f"), ""))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith(
            "cannot write " + folder.resolve("no/such/f") + ": no such file or directory");
    assertThatThrownBy(() -> AtomicFiles.writeString(file.resolve("below"), ""))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith("cannot write " + file.resolve("below") + ": ");
    assertThatThrownBy(() -> AtomicFiles.writeString(folder, ""))
        .hasMessage("cannot write " + folder + ": it is a directory");
    assertThatThrownBy(() -> AtomicFiles.replaceDirectory(file, aside -> {}))
        .hasMessage("cannot write " + file + ": a file of this name is in the way");
    assertThat(file).hasContent("content");
  }

  @Test
  void replacesADirectoryThroughASymbolicLink() throws IOException {
    Path real = Files.createDirectory(folder.resolve("v1"));
    Files.writeString(real.resolve("file"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("current"), Path.of("v1"));
    Path dangling = Files.createSymbolicLink(folder.resolve("next"), Path.of("v2"));

    AtomicFiles.replaceDirectory(link, place -> Files.writeString(place.resolve("file"), "new"));
    AtomicFiles.replaceDirectory(dangling, place -> Files.writeString(place.resolve("file"), "2"));

    assertThat(link).isSymbolicLink();
    assertThat(real.resolve("file")).hasContent("new");
    assertThat(dangling).isSymbolicLink();
    assertThat(folder.resolve("v2/file")).hasContent("2");
  }

  @Test
  void writesThroughSymbolicLinks() throws IOException {
    Path real = folder.resolve("real");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));
    AtomicFiles.writeString(link, "created");
    assertThat(real).hasContent("created");
    AtomicFiles.writeString(link, "replaced");
    assertThat(real).hasContent("replaced");
    assertThat(link).isSymbolicLink();
  }

  @Test
  void writesIntoADeviceWithoutReplacingIt() throws IOException {
    Path device = Path.of("/dev/null");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(device));
    AtomicFiles.writeString(device, "gone");
    assertThat(
            Files.readAttributes(device, java.nio.file.attribute.BasicFileAttributes.class)
                .isOther())
        .isTrue();
  }

  @Test
  void replacesADirectory() throws IOException {
    Path directory = folder.resolve("model");
    AtomicFiles.replaceDirectory(
        directory,
        aside -> {
          Files.createDirectory(aside.resolve("sub"));
          Files.writeString(aside.resolve("sub/a"), "1");
          assertThat(directory).doesNotExist();
        });
    AtomicFiles.replaceDirectory(
        directory,
        aside -> {
          Files.writeString(aside.resolve("b"), "2");
          assertThat(directory.resolve("sub/a")).hasContent("1");
        });
    assertThat(list(directory)).containsExactly("b");
    assertThat(list(folder)).containsExactly("model");
  }

  @Test
  void bringsBackWhatAKilledProcessHadPutAside() throws IOException {
    Path directory = folder.resolve("model");
    Path previous = Files.createDirectory(folder.resolve(".model.previous"));
    Files.writeString(previous.resolve("a"), "1");
    AtomicFiles.recoverDirectory(directory);
    assertThat(directory.resolve("a")).hasContent("1");
    assertThat(list(folder)).containsExactly("model");

    // Killed after the second rename: the new one is whole, the old one goes.
    Files.createDirectory(previous);
    AtomicFiles.recoverDirectory(directory);
    assertThat(list(folder)).containsExactly("model");
    AtomicFiles.recoverDirectory(folder.resolve("never written"));
  }

  private static Stream<String> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList().stream();
    }
  }

  @Test
  void removesWhatOthersRemoveAsWell() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 5; round++) {
        Path tree = folder.resolve("tree" + round);
        for (int i = 0; i < 400; i++) {
          Path file = tree.resolve(Integer.toString(i % 20)).resolve("file" + i);
          Files.createDirectories(file.getParent());
          Files.writeString(file, "x");
        }
        CyclicBarrier start = new CyclicBarrier(4);
        List<Callable<Void>> removals =
            Collections.nCopies(
                4,
                () -> {
                  start.await();
                  AtomicFiles.deleteTree(tree);
                  return null;
                });
        for (Future<Void> removal : pool.invokeAll(removals)) {
          removal.get();
        }
        assertThat(tree).doesNotExist();
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
