package org.imageperformer.training.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.imageperformer.training.checkpoints.CheckpointStore.Slot;
import org.imageperformer.training.checkpoints.CrashingDisk.Crash;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CheckpointStoreTest {

  @TempDir Path folder;
  private Path directory;
  private CheckpointStore store;

  @BeforeEach
  void makeStore() {
    directory = folder.resolve("checkpoints");
    store = new CheckpointStore(directory);
  }

  private static CheckpointContent content(String text) {
    return checkpoint -> {
      Files.writeString(checkpoint.resolve("weights"), text);
      Files.writeString(checkpoint.resolve("state.json"), "{\"text\": \"" + text + "\"}");
    };
  }

  private static String read(Optional<Checkpoint> checkpoint) throws IOException {
    return Files.readString(checkpoint.orElseThrow().directory().resolve("weights"));
  }

  @Test
  void anEmptyStoreHasNothing() {
    assertThat(store.find(Slot.LAST)).isEmpty();
    assertThat(store.find(Slot.BEST)).isEmpty();
    assertThat(store.isEmpty()).isTrue();
  }

  @Test
  void theNewestIsFoundAndTheOneBeforeLastIsKept() throws IOException {
    for (String text : new String[] {"one", "two", "three"}) {
      store.save(Slot.LAST, content(text));
      store.save(Slot.BEST, content("best " + text));
    }
    assertThat(read(store.find(Slot.LAST))).isEqualTo("three");
    assertThat(read(store.find(Slot.BEST))).isEqualTo("best three");
    assertThat(store.find(Slot.LAST).orElseThrow().directory()).isEqualTo(store.path(Slot.LAST));
    assertThat(store.find(Slot.LAST).orElseThrow().warnings()).isEmpty();
    assertThat(directory.resolve("last.previous/weights")).hasContent("two");
    try (Stream<Path> entries = Files.list(directory)) {
      assertThat(entries.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("best", "last", "last.previous");
    }
  }

  @ParameterizedTest
  @EnumSource(Slot.class)
  void aCrashAtAnyInstantLosesNothing(Slot slot) throws IOException {
    try (FileSystem disk = Jimfs.newFileSystem(Configuration.unix())) {
      crashEverywhere(slot, disk.getPath("/run"));
    }
  }

  private static void crashEverywhere(Slot slot, Path folder) throws IOException {
    int crashes = 0;
    for (int before = 0; before <= 3; before++) {
      for (int operation = 0; ; operation++) {
        Path place = folder.resolve(slot + "-" + before + "-" + operation);
        CheckpointStore intact = new CheckpointStore(place);
        for (int i = 1; i <= before; i++) {
          intact.save(slot, content("number " + i));
        }
        boolean crashed = false;
        try {
          CrashingDisk.store(place, operation).save(slot, content("number " + (before + 1)));
        } catch (Crash e) {
          crashed = true;
        }
        Optional<Checkpoint> found = intact.find(slot);
        if (before > 0 || found.isPresent()) {
          assertThat(read(found)).isIn("number " + before, "number " + (before + 1));
          assertThat(found.orElseThrow().warnings()).isEmpty();
        }
        if (!crashed) {
          assertThat(read(found)).isEqualTo("number " + (before + 1));
        }
        assertThat(intact.isEmpty()).isEqualTo(found.isEmpty());
        // And a second crash at any later instant does not lose what the first one left.
        crashAgain(place, slot, found.isPresent());
        if (!crashed) {
          break;
        }
        crashes++;
      }
    }
    assertThat(crashes).isGreaterThan(30);
  }

  private static void crashAgain(Path place, Slot slot, boolean had) throws IOException {
    for (int operation = 0; operation < 6; operation++) {
      try {
        CrashingDisk.store(place, operation).save(slot, content("again"));
      } catch (Crash e) {
        assertThat(new CheckpointStore(place).find(slot).isPresent() || !had).isTrue();
      }
    }
    CheckpointStore intact = new CheckpointStore(place);
    intact.save(slot, content("after all"));
    assertThat(read(intact.find(slot))).isEqualTo("after all");
    assertThat(place.resolve("." + slot.label() + ".new")).doesNotExist();
  }

  @Test
  void aDamagedLastFallsBackToTheOneBeforeWithAWarning() throws IOException {
    store.save(Slot.LAST, content("one"));
    store.save(Slot.LAST, content("two"));
    Files.writeString(directory.resolve("last/weights"), "tvo");

    Checkpoint found = store.find(Slot.LAST).orElseThrow();

    assertThat(found.directory().resolve("weights")).hasContent("one");
    assertThat(found.warnings())
        .containsExactly(
            directory.resolve("last/weights")
                + ": expected CRC32 11ca8a66, found 08d1bb27: the file was damaged");

    store.save(Slot.LAST, content("three"));
    assertThat(read(store.find(Slot.LAST))).isEqualTo("three");
  }

  @Test
  void whatIsWrongIsNamed() throws IOException {
    store.save(Slot.BEST, content("one"));
    Path best = directory.resolve("best");
    Path manifest = best.resolve("manifest.json");
    String good = Files.readString(manifest);

    Files.writeString(best.resolve("weights"), "o");
    refuses(best.resolve("weights") + ": expected 3 bytes, found 1");
    Files.delete(best.resolve("weights"));
    refuses(best.resolve("weights") + " is missing");
    Files.writeString(best.resolve("weights"), "one");
    assertThat(store.find(Slot.BEST)).isPresent();

    Files.writeString(manifest, good.substring(0, good.length() / 2));
    refuses(manifest + " is no JSON: the file was damaged");
    Files.writeString(manifest, "");
    refuses(manifest + ": expected a list of files, found none");
    Files.writeString(manifest, "{\"format\": 1, \"files\": [null]}");
    refuses(manifest + ": expected a list of files, found none");
    Files.writeString(manifest, "{\"format\": 2, \"files\": []}");
    refuses(manifest + ": expected format 1, found 2");
    Files.writeString(manifest, good.replace("weights", "../../../etc/passwd"));
    refuses(manifest + " lists a file outside the checkpoint: ../../../etc/passwd");
    Files.writeString(manifest, good.replace("weights", "w\\u0000"));
    refuses(manifest + " lists something that is no file name");
    Files.writeString(manifest, " ".repeat(1 << 21));
    refuses(manifest + ": expected at most 1048576 bytes, found 2097152");
    Files.delete(manifest);
    refuses(manifest + " is missing: the checkpoint was not finished");
  }

  private void refuses(String problem) {
    assertThatThrownBy(() -> store.find(Slot.BEST))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "no usable checkpoint 'best' in "
                + directory
                + ": "
                + problem
                + ". Put the files back from a copy, or train anew.");
  }

  @Test
  void aFullDiskLeavesTheOldCheckpointAndNoRemains() throws IOException {
    Configuration small =
        Configuration.unix().toBuilder().setMaxSize(64 * 1024).setBlockSize(1024).build();
    try (FileSystem disk = Jimfs.newFileSystem(small)) {
      Path place = disk.getPath("/run/checkpoints");
      CheckpointStore full = new CheckpointStore(place);
      full.save(Slot.LAST, content("one"));
      assertThatThrownBy(() -> full.save(Slot.LAST, content("x".repeat(80 * 1024))))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(
              "cannot write the checkpoint /run/checkpoints/last: out of disk space; the one"
                  + " written before is still there");
      assertThat(read(full.find(Slot.LAST))).isEqualTo("one");
      assertThat(place.resolve(".last.new")).doesNotExist();
      full.save(Slot.LAST, content("two"));
      assertThat(read(full.find(Slot.LAST))).isEqualTo("two");
    }
  }

  @Test
  void aWriterThatFailsIsNamed() {
    assertThatThrownBy(
            () ->
                store.save(
                    Slot.BEST,
                    checkpoint -> {
                      throw new IllegalStateException("no such tensor\nat x");
                    }))
        .hasMessage(
            "cannot write the checkpoint " + directory.resolve("best") + ": no such tensor");
    assertThat(store.isEmpty()).isTrue();
    store.removeIfEmpty();
    assertThat(directory).doesNotExist();
  }

  @Test
  void removingAnEmptyStoreKeepsForeignFilesAndCheckpoints() throws IOException {
    store.save(Slot.BEST, content("one"));
    store.removeIfEmpty();
    assertThat(store.find(Slot.BEST)).isPresent();

    Path other = folder.resolve("other");
    Files.createDirectories(other.resolve(".last.new"));
    Files.writeString(other.resolve("mine.txt"), "mine");
    CheckpointStore second = new CheckpointStore(other);
    second.removeIfEmpty();
    assertThat(other.resolve(".last.new")).doesNotExist();
    assertThat(other.resolve("mine.txt")).exists();
  }
}
