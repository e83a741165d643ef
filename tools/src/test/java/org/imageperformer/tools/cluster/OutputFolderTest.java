package org.imageperformer.tools.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
  @TempDir private Path parent;

  private Path table() {
    return parent.resolve("y.parquet");
  }

  private void begin() throws IOException {
    Files.createDirectories(table().resolve("_temporary/0"));
    Files.createFile(table().resolve("_temporary/0/part-0"));
  }

  @Test
  void whatIsUnfinishedGoes() throws IOException {
    OutputFolder folder = new OutputFolder(table());
    begin();
    folder.removeUnfinished();

    assertThat(table()).doesNotExist();
  }

  /** A task that was under way makes it once more. */
  @Test
  void staysAway() throws Exception {
    OutputFolder folder = new OutputFolder(table());
    begin();
    Thread late =
        new Thread(
            () -> {
              try {
                while (Files.exists(table())) {
                  Thread.sleep(1);
                }
                begin();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    late.start();
    folder.removeUnfinished();
    late.join();

    assertThat(table()).doesNotExist();
  }

  @Test
  void whatWasThereStays() throws IOException {
    begin();
    OutputFolder folder = new OutputFolder(table());
    folder.removeUnfinished();

    assertThat(folder.wasThere()).isTrue();
    assertThat(table().resolve("_temporary/0/part-0")).exists();
  }

  @Test
  void whatIsFinishedOrSomebodyElsesStays() throws IOException {
    for (String name : new String[] {"_SUCCESS", "letters.txt"}) {
      OutputFolder folder = new OutputFolder(parent.resolve(name + ".parquet"));
      Path file = parent.resolve(name + ".parquet").resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
      folder.removeUnfinished();

      assertThat(file).exists();
      assertThat(folder.isFinished()).isEqualTo(name.equals("_SUCCESS"));
    }
  }
}
