package org.imageperformer.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Augmented training on the command line, on CIFAR10's files with other pixels. */
class AugmentFlowTest {
  private static final int RECORD_BYTES = 1 + 3 * 32 * 32;
  private static final int RECORDS = 8;

  @TempDir Path folder;

  @BeforeEach
  void writeData() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data/CIFAR10/cifar-10-batches-bin"));
    Random random = new Random(7);
    for (String file : List.of("1", "2", "3", "4", "5", "")) {
      byte[] records = new byte[RECORDS * RECORD_BYTES];
      random.nextBytes(records);
      for (int i = 0; i < RECORDS; i++) {
        records[i * RECORD_BYTES] = (byte) random.nextInt(10);
      }
      Files.write(
          data.resolve(file.isEmpty() ? "test_batch.bin" : "data_batch_" + file + ".bin"), records);
    }
  }

  /** In the middle of an epoch: crops and mirrors go on where they were. */
  @Test
  void anInterruptedTrainingEndsWithTheSameBits() throws IOException {
    Path whole = train("whole", "--augment", "--max_steps=10");
    Path parts = train("parts", "--augment", "--max_steps=4");
    byte[] before = weights(parts);
    Cli resumed = Cli.run("train", "--resume", parts.toString(), "--max_steps", "10");

    assertThat(resumed.status()).as(resumed.err()).isZero();
    assertThat(weights(parts)).isNotEqualTo(before).isEqualTo(weights(whole));
    Path plain = train("plain", "--max_steps=10");
    assertThat(weights(plain)).as("without").isNotEqualTo(weights(whole));
  }

  private Path train(String name, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "train",
                "Performer",
                "CIFAR10",
                "--data_path=" + folder.resolve("data"),
                "--log_path=" + folder.resolve(name),
                "--dim=8",
                "--depth=1",
                "--heads=2",
                "--batch_size=5",
                "--val_split=8",
                "--image_size=8",
                "--limit_test=4",
                "--max_epochs=2",
                "--seed=3",
                "--threads=1"));
    words.addAll(List.of(more));
    Cli result = Cli.run(words.toArray(String[]::new));
    assertThat(result.status()).as(result.err()).isZero();
    return folder.resolve(name).resolve("default/version_0");
  }

  /** Of the last checkpoint, with what the optimizer keeps. */
  private static byte[] weights(Path run) throws IOException {
    return Files.readAllBytes(run.resolve("checkpoints/last/tensors.data-00000-of-00001"));
  }
}
