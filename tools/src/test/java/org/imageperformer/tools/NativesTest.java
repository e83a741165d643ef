package org.imageperformer.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.imageperformer.tools.cli.ProductVersion;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which native library of TensorFlow the build takes. The modules here have this project as their
 * parent and nothing inside; Maven reads poms only, so that no GPU library is downloaded.
 */
@Tag("slow")
class NativesTest {
  private static final String CPU = "linux-x86_64";
  private static final String GPU = "linux-x86_64-gpu";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"-Pslow", "-Pgpu"})
  void theBuildRefusesBothNatives(String profile) throws Exception {
    module(CPU, GPU);

    Result result = maven(profile, "validate");

    assertThat(result.status()).isNotZero();
    assertThat(result.out()).contains("takes TensorFlow's GPU library in place of the CPU one");
  }

  @Test
  void theGpuLibraryComesWithItsProfileOnly() throws Exception {
    module(GPU);

    assertThat(maven("-Pslow", "validate").out())
        .contains("Only mvn -Pgpu takes TensorFlow's GPU library");
    assertThat(maven("-Pgpu", "validate").status()).isZero();
  }

  @Test
  void theCpuLibraryDoesNotComeWithTheGpuProfile() throws Exception {
    module(CPU);

    assertThat(maven("-Pgpu", "validate").status()).isNotZero();
    assertThat(maven("-Pslow", "validate").status()).isZero();
  }

  @Test
  void everyModuleHasExactlyOneNativeLibraryInTheGpuBuild() throws Exception {
    Path tree = folder.resolve("tree");
    Result result =
        run(
            Path.of("..").toRealPath(),
            List.of("-Pgpu", "dependency:tree", "-DappendOutput", "-DoutputFile=" + tree));

    assertThat(result.status()).as(result.out()).isZero();
    try (Stream<String> lines = Files.lines(tree)) {
      assertThat(
              lines
                  .filter(line -> line.contains(":tensorflow-core-native:jar:"))
                  .map(line -> line.replaceFirst(".*:tensorflow-core-native:jar:", ""))
                  .map(rest -> rest.split(":"))
                  .filter(parts -> parts.length == 3) // with a classifier: native
                  .map(parts -> parts[0])
                  .distinct())
          .containsExactly(GPU);
    }
  }

  private void module(String... natives) throws IOException {
    String dependencies =
        Arrays.stream(natives)
            .map(
                classifier ->
                    """
                    <dependency>
                      <groupId>org.tensorflow</groupId>
                      <artifactId>tensorflow-core-native</artifactId>
                      <version>${tensorflow.version}</version>
                      <classifier>%s</classifier>
                    </dependency>
                    """
                        .formatted(classifier))
            .collect(Collectors.joining());
    Path parent = folder.toRealPath().relativize(Path.of("..", "pom.xml").toRealPath());
    Files.writeString(
        folder.resolve("pom.xml"),
        """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <parent>
            <groupId>org.imageperformer</groupId>
            <artifactId>image-performer</artifactId>
            <version>%s</version>
            <relativePath>%s</relativePath>
          </parent>
          <artifactId>module</artifactId>
          <dependencies>%s</dependencies>
        </project>
        """
            .formatted(ProductVersion.product(), parent, dependencies));
  }

  private record Result(int status, String out) {}

  private Result maven(String... words) throws Exception {
    return run(folder, List.of(words));
  }

  private static Result run(Path where, List<String> words) throws Exception {
    List<String> command = new ArrayList<>(List.of("mvn", "-B"));
    command.addAll(words);
    Process process =
        new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Result(process.waitFor(), out);
  }
}
