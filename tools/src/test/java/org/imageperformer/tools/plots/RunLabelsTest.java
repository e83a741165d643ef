package org.imageperformer.tools.plots;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunLabelsTest {
  @Test
  void sharedFoldersAreLeftOut() {
    assertThat(
            ofOneFile("./runs/mnist/version_0", "runs/mnist/version_1", "runs/fashion/version_0"))
        .containsExactly("mnist/version_0", "mnist/version_1", "fashion/version_0");
  }

  @Test
  void aRunKeepsItsName() {
    assertThat(ofOneFile("runs/default/version_0")).containsExactly("version_0");
    assertThat(ofOneFile("a", "a/b")).containsExactly("a", "a/b");
  }

  @Test
  void aRunWithoutANameHasALabel() {
    assertThat(ofOneFile("", "/")).containsExactly("(no name)", "/");
    assertThat(ofOneFile("/.", "/a")).containsExactly("/.", "/a");
  }

  @Test
  void runsOfTheSameNameGetTheFilesName() {
    assertThat(
            RunLabels.of(
                List.of("Performer", "Performer"),
                List.of(Path.of("results/mnist.csv"), Path.of("results/fashion.csv"))))
        .containsExactly("Performer (mnist)", "Performer (fashion)");
  }

  private static List<String> ofOneFile(String... runs) {
    return RunLabels.of(List.of(runs), Collections.nCopies(runs.length, Path.of("file.csv")));
  }
}
