package org.imageperformer.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistinctPathsTest {
  @TempDir private Path folder;

  @Test
  void onePlaceUnderManyNamesIsOne() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Path other = Files.createDirectory(folder.resolve("other"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), run);
    Path here = Path.of("").toAbsolutePath().relativize(run.toAbsolutePath());

    assertThat(DistinctPaths.of(List.of(link, run, folder.resolve("./other/../run"), here, other)))
        .containsExactly(link, other);
  }

  @Test
  void whatIsNotThereIsKnownByItsName() {
    Path missing = folder.resolve("missing");

    assertThat(DistinctPaths.of(List.of(missing, folder.resolve("./missing"))))
        .containsExactly(missing);
  }
}
