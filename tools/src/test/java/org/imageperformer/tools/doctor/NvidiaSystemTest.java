package org.imageperformer.tools.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.imageperformer.tools.doctor.NvidiaSystem.Library;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NvidiaSystemTest {
  @TempDir private Path root;

  @Test
  void anEmptySystemHasNothing() {
    NvidiaSystem system = system("", List.of());

    assertThat(system.hasDriver()).isFalse();
    assertThat(system.driverVersion()).isEmpty();
    assertThat(system.missing())
        .hasSize(NvidiaSystem.CUDA_LIBRARIES.size() + 1)
        .startsWith("libcuda.so.1")
        .endsWith("libcudnn.so.9");
  }

  @ParameterizedTest
  @CsvSource({
    "NVRM version: NVIDIA UNIX x86_64 Kernel Module  560.35.03  Fri Aug 16 21:39:15 UTC 2024,"
        + " 560.35.03",
    "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  575.57  Release Build  (x), 575.57"
  })
  void theDriversVersionIsRead(String text, String version) throws IOException {
    write("proc/driver/nvidia/version", text + "\nGCC version:  gcc version 12.2.0\n");

    assertThat(system("", List.of()).hasDriver()).isTrue();
    assertThat(system("", List.of()).driverVersion()).contains(version);
  }

  @Test
  void memoryOfAllCardsIsAddedUp() {
    assertThat(NvidiaSystem.usedMemory(List.of("1024", " 3", "[N/A]"))).isEqualTo(1027L << 20);
    assertThat(NvidiaSystem.usedMemory(List.of())).isZero();
  }

  @Test
  void theDeviceAloneIsADriverOfUnknownVersion() throws IOException {
    write("dev/nvidiactl", "");

    assertThat(system("", List.of()).hasDriver()).isTrue();
    assertThat(system("", List.of()).driverVersion()).isEmpty();
  }

  @Test
  void theUsersPathComesBeforeTheLoaderAndThatBeforeCudasFolders() throws IOException {
    Path mine = write("mine/libcudart.so.12", "").getParent();
    Path cuda = write("usr/local/cuda-12.6/lib64/libcudart.so.12", "");
    write("usr/local/cuda-12.6/lib64/libcufft.so.11", "");
    List<String> loader =
        List.of(
            "3 libs found in cache `/etc/ld.so.cache'",
            "\tlibcudart.so.12 (libc6,x86-64) => /usr/lib/libcudart.so.12",
            "\tlibcublas.so.12.1 (libc6,x86-64) => /usr/lib/libcublas.so.12.1");

    assertThat(system("/nowhere:" + mine, loader).libraries())
        .contains(
            new Library("libcudart.so.12", mine.resolve("libcudart.so.12").toString()),
            new Library("libcublas.so.12", null),
            new Library("libcufft.so.11", cuda.resolveSibling("libcufft.so.11").toString()));
    assertThat(system("", loader).libraries())
        .contains(new Library("libcudart.so.12", "/usr/lib/libcudart.so.12"));
    assertThat(system("", List.of()).libraries())
        .contains(new Library("libcudart.so.12", cuda.toString()));
  }

  @Test
  void whatTheLauncherHasDownloadedIsFound() throws IOException {
    Path library = write("store/libcudnn.so.9", "");

    assertThat(new NvidiaSystem(root, "", List.of(), Optional.of(library.getParent())).libraries())
        .contains(new Library("libcudnn.so.9", library.toString()));
  }

  @Test
  void theLauncherLooksForTheSameLibraries() throws IOException {
    String launcher = Files.readString(Path.of("..", "performer"));
    String list = launcher.replaceFirst("(?s).*\ncuda_libraries=\\$root/(\\S+).*", "$1");

    assertThat(Files.readAllLines(Path.of("..", list)))
        .isNotEmpty()
        .containsExactlyElementsOf(NvidiaSystem.CUDA_LIBRARIES);
  }

  private NvidiaSystem system(String libraryPath, List<String> loader) {
    return new NvidiaSystem(root, libraryPath, loader, Optional.empty());
  }

  private Path write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
