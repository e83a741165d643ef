package org.imageperformer.tools.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputPathsTest {
  @TempDir private Path parent;

  private Path folder;

  @BeforeEach
  void pictures() throws IOException {
    folder = parent.resolve(".pictures");
    for (String name :
        List.of(
            "a.png", "._a.png", "in/b.png", ".hid/x.png", "in/.hid/in/y.png", "__MACOSX/a.png")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
  }

  private List<String> found(String... names) {
    List<String> words =
        List.of(names).stream().map(name -> folder.resolve(name).toString()).toList();
    return InputPaths.find(words).stream().map(file -> folder.relativize(file).toString()).toList();
  }

  /** The folder that is named may itself be hidden. */
  @Test
  void whatIsHiddenInAFolderIsNotMeant() {
    assertThat(found("")).containsExactly("a.png", "in/b.png");
    assertThat(found(".hid", "__MACOSX")).containsExactly(".hid/x.png", "__MACOSX/a.png");
  }

  @Test
  void aPatternMeansWhatIsHiddenOnlyByItsName() {
    assertThat(found("*.png")).containsExactly("a.png");
    assertThat(found("**.png")).containsExactly("a.png", "in/b.png");
    assertThat(found("._*.png")).containsExactly("._a.png");
    assertThat(found("*/.hid/**.png")).containsExactly("in/.hid/in/y.png");
    assertThat(found(".hid/*.png")).containsExactly(".hid/x.png");
  }

  @Test
  void aFileThatIsNamedIsMeant() {
    assertThat(found("._a.png", ".hid/x.png")).containsExactly("._a.png", ".hid/x.png");
  }
}
