package org.imageperformer.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCacheTest {
  @TempDir Path folder;

  @Test
  void isRecognisedBehindWhatJavaMakesOfIt() {
    UnsatisfiedLinkError link = new UnsatisfiedLinkError("no jnitensorflow in java.library.path");
    assertThat(FailureReport.reason(link))
        .startsWith("TensorFlow's native libraries cannot be loaded from ")
        .contains("PERFORMER_JAVA_OPTS=-Dorg.bytedeco.javacpp.cachedir=DIR")
        .doesNotContain("jnitensorflow");
    assertThat(NativeCache.isBehind(new ExceptionInInitializerError(link))).isTrue();
    assertThat(
            NativeCache.isBehind(
                new NoClassDefFoundError(
                    "Could not initialize class org.tensorflow.internal.c_api.global.tensorflow")))
        .isTrue();
    assertThat(NativeCache.isBehind(new IllegalStateException("other"))).isFalse();
  }

  /** As under ulimit -v; what the loader says is behind what Java makes of it, or missing. */
  @Test
  void namesMemoryWhereThatIsTheReason() {
    UnsatisfiedLinkError link =
        new UnsatisfiedLinkError(
            "/c/libjnitensorflow.so: libtensorflow_cc.so.2: failed to map segment from shared"
                + " object: Cannot allocate memory");
    assertThat(FailureReport.reason(new ExceptionInInitializerError(link)))
        .contains("find no memory", "ulimit -v", "docker run --memory")
        .doesNotContain("cachedir");
    assertThat(FailureReport.reason(new OutOfMemoryError("unable to create native thread")))
        .contains("ulimit -u")
        .doesNotContain("-Xmx");
    assertThat(
            FailureReport.reason(
                new org.tensorflow.exceptions.TFResourceExhaustedException(
                    "OOM when allocating tensor with shape[4,1024] and type float")))
        .contains("smaller --batch_size")
        .doesNotContain("TFResource");
  }

  @Test
  void aUserWithoutANameHasAFolderInHomeOrTemporary() throws IOException {
    Path home = Files.createDirectory(folder.resolve("home"));
    assertThat(NativeCache.ofNobody(Optional.of(home.toString())).toString())
        .startsWith(home + "/.javacpp-")
        .endsWith("/cache");
    String temporary = System.getProperty("java.io.tmpdir");
    for (String none : List.of(folder.resolve("none").toString(), "", "?", "relative")) {
      assertThat(NativeCache.ofNobody(Optional.of(none)).toString()).startsWith(temporary);
    }
    assertThat(NativeCache.ofNobody(Optional.empty()).toString()).startsWith(temporary);
  }

  @Test
  void namesTheFolderAndTheReason() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(NativeCache.advice(file.resolve("cache")))
        .contains(file.resolve("cache") + ", where they are unpacked: " + file + " is a file");
    assertThat(NativeCache.advice(folder.resolve("a/b")))
        .contains(folder.resolve("a/b").toString());
    assertThat(NativeCache.advice(Path.of("/proc/self/cache"))).contains("/proc/");
  }
}
