package org.imageperformer.tools.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.imageperformer.tools.doctor.Diagnosis.Device;
import org.imageperformer.tools.doctor.Diagnosis.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that are not here, as the doctor sees them. */
class DiagnosisTest {
  private static final Device CPU = new Device("/device:CPU:0", "CPU", 1);
  private static final Device GPU = new Device("/device:GPU:0", "GPU", 1);

  @TempDir private Path root;
  private Path cpuinfo;

  @BeforeEach
  void aProcessor() throws IOException {
    cpuinfo = root.resolve("cpuinfo");
    Files.writeString(
        cpuinfo,
        "processor\t: 0\nflags\t\t: fpu sse avx avx2 avx512_bf16 amx_tile fma\n\nprocessor\t: 1\n");
  }

  @Test
  void aProcessorWithoutAGpuHasNoProblems() {
    Diagnosis found = diagnose("cpu", works(CPU));

    assertThat(found.problems()).isEmpty();
    assertThat(found.cpuWorks()).isTrue();
    assertThat(found.tensorflow()).isEqualTo("2.18.0");
    assertThat(found.devices()).containsExactly(CPU);
    assertThat(found.driver()).isFalse();
    assertThat(found.cpuFlags()).containsExactly("amx_tile", "avx", "avx2", "avx512_bf16", "fma");
    assertThat(found.cores()).isPositive();
    assertThat(found.memory()).isGreaterThan(found.heap() / 2);
  }

  @Test
  void aDriverUnderTheCpuLibraryIsPointedOut() throws IOException {
    driverIsThere();

    assertThat(diagnose("cpu", works(CPU)).problems())
        .containsExactly(
            new Problem(
                "there is an NVIDIA driver, but TensorFlow's CPU library is in use",
                "start with ./performer --gpu to compute on the GPU"));
  }

  @Test
  void theGpuLibraryWithoutADriverIsAProblem() throws IOException {
    librariesAreThere();

    assertThat(diagnose("gpu", works(CPU)).problems())
        .extracting(Problem::problem)
        .containsExactly("TensorFlow's GPU library is in use, but there is no NVIDIA driver");
  }

  @Test
  void missingLibrariesAreNamed() throws IOException {
    driverIsThere();
    librariesAreThere();
    Files.delete(libraries().resolve("libcudnn.so.9"));
    Files.delete(libraries().resolve("libcuda.so.1"));

    Diagnosis found = diagnose("gpu", works(CPU));

    assertThat(found.problems())
        .extracting(Problem::problem)
        .containsExactly(
            "the driver is loaded, but its library libcuda.so.1 is missing",
            "CUDA or cuDNN libraries are missing: libcudnn.so.9");
    assertThat(found.cpuWorks()).isTrue();
  }

  @Test
  void aGpuThatTensorFlowDoesNotSeeIsAProblem() throws IOException {
    driverIsThere();
    librariesAreThere();

    assertThat(diagnose("gpu", works(CPU)).problems())
        .extracting(Problem::problem)
        .containsExactly("driver and libraries are there, but TensorFlow sees no GPU");
    assertThat(diagnose("gpu", works(CPU, GPU)).problems()).isEmpty();
    assertThat(diagnose("gpu", works(CPU, GPU)).driverVersion()).isEqualTo("560.35.03");
  }

  @Test
  void aLibraryThatDoesNotLoadIsAProblem() {
    Diagnosis found =
        diagnose(
            "cpu",
            new Answers(List.of(CPU)) {
              @Override
              public String version() {
                throw new UnsatisfiedLinkError("no jnitensorflow in java.library.path");
              }
            });

    assertThat(found.cpuWorks()).isFalse();
    assertThat(found.tensorflow()).isNull();
    assertThat(found.problems())
        .extracting(Problem::problem)
        .containsExactly("TensorFlow does not work: no jnitensorflow in java.library.path");
  }

  @Test
  void aProcessorWithoutAvxIsNotTried() throws IOException {
    assumeThat(System.getProperty("os.arch")).isEqualTo("amd64");
    Files.writeString(cpuinfo, "flags\t\t: fpu sse sse2\n");

    Diagnosis found =
        diagnose(
            "cpu",
            new Answers(List.of(CPU)) {
              @Override
              public String version() {
                throw new AssertionError("would end the process");
              }
            });

    assertThat(found.cpuWorks()).isFalse();
    assertThat(found.problems())
        .extracting(Problem::problem)
        .containsExactly("the processor has no AVX, which TensorFlow's library is built with");
  }

  @Test
  void aDataPathThatCannotBeMadeIsAProblem() throws IOException {
    Path file = Files.createFile(root.resolve("file"));

    Diagnosis found = Diagnosis.of("cpu", nvidia(), works(CPU), cpuinfo, file.resolve("data"));

    assertThat(found.dataPathWritable()).isFalse();
    assertThat(found.problems())
        .extracting(Problem::remedy)
        .containsExactly("choose another folder with --data_path");
  }

  private Diagnosis diagnose(String natives, Diagnosis.Computation computation) {
    return Diagnosis.of(natives, nvidia(), computation, cpuinfo, root.resolve("new/data"));
  }

  private NvidiaSystem nvidia() {
    return new NvidiaSystem(root, libraries().toString(), List.of(), Optional.empty());
  }

  private Path libraries() {
    return root.resolve("lib");
  }

  private void driverIsThere() throws IOException {
    Path file = root.resolve("proc/driver/nvidia/version");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "NVRM version: NVIDIA UNIX x86_64 Kernel Module  560.35.03  Fri\n");
  }

  private void librariesAreThere() throws IOException {
    Files.createDirectories(libraries());
    Files.createFile(libraries().resolve(NvidiaSystem.DRIVER_LIBRARY));
    for (String name : NvidiaSystem.CUDA_LIBRARIES) {
      Files.createFile(libraries().resolve(name));
    }
  }

  private static Diagnosis.Computation works(Device... devices) {
    return new Answers(List.of(devices));
  }

  private static class Answers implements Diagnosis.Computation {
    private final List<Device> devices;

    Answers(List<Device> devices) {
      this.devices = devices;
    }

    @Override
    public String version() {
      return "2.18.0";
    }

    @Override
    public void compute() {}

    @Override
    public List<Device> devices() {
      return devices;
    }
  }
}
