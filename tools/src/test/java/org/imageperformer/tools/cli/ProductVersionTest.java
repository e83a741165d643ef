package org.imageperformer.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProductVersionTest {
  private static final String HASH = "0123456789abcdef0123456789abcdef01234567";

  /** What the build writes, in a repository, in a changed one, and in a source archive. */
  @ParameterizedTest
  @CsvSource({
    HASH + ", false, " + HASH,
    HASH + ", true, " + HASH + "-dirty",
    "'', '', ",
    "${git.commit.id.full}, ${git.dirty}, "
  })
  void theCommitIsThatOfTheBuild(String commit, String dirty, String expected) {
    Properties versions = new Properties();
    versions.setProperty("commit", commit);
    versions.setProperty("dirty", dirty);

    assertThat(ProductVersion.commit(versions).orElse(null)).isEqualTo(expected);
  }

  @Test
  void aBuildInTheRepositoryKnowsItsCommit() throws Exception {
    Path repository = Path.of("..").toRealPath();
    assumeThat(Files.exists(repository.resolve(".git"))).as("built in a repository").isTrue();

    assertThat(ProductVersion.commit())
        .hasValueSatisfying(c -> assertThat(c).matches("[0-9a-f]{40}(-dirty)?"));
  }
}
