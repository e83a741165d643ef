package org.imageperformer.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.imageperformer.training.TrainingOptions.DEVICE;
import static org.imageperformer.training.TrainingOptions.GPUS;
import static org.imageperformer.training.TrainingOptions.PRECISION;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.tfmodels.performer.PerformerFamily;
import org.imageperformer.tools.doctor.NvidiaSystem;
import org.imageperformer.training.Device;
import org.imageperformer.training.Precision;
import org.imageperformer.training.TrainingConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The build under test has TensorFlow's CPU library, so there is no GPU whatever the machine. */
class ProcessorTest {
  @TempDir private Path root;

  @Test
  void withoutALibraryForGpusTheProcessorIsChosen() {
    assertThat(Processor.choose(Device.AUTO)).isEqualTo(Device.CPU);
    assertThat(Processor.choose(Device.CPU)).isEqualTo(Device.CPU);
  }

  @Test
  void aGpuThatIsNotThereIsAnErrorThatSaysWhatWasLookedFor() {
    assertThatThrownBy(() -> Processor.choose(Device.GPU))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("TensorFlow's CPU library is in use")
        .hasMessageContaining("NVIDIA driver: ")
        .hasMessageContaining("Libraries: ")
        .hasMessageContaining("--device cpu");
  }

  @Test
  void filesAndLibrariesThatWereLookedForAreNamed() {
    assertThat(Processor.noGpu(Optional.empty(), system("")))
        .isEqualTo(
            "--device gpu: there is no GPU that TensorFlow can use. TensorFlow's CPU library is in"
                + " use; ./performer --gpu takes the other one. NVIDIA driver: not found (looked"
                + " for "
                + root.resolve("proc/driver/nvidia/version")
                + ", "
                + root.resolve("dev/nvidiactl")
                + "). Libraries: not found libcuda.so.1, libcudart.so.12, libcublas.so.12,"
                + " libcublasLt.so.12, libcufft.so.11, libcusolver.so.11, libcusparse.so.12,"
                + " libnvJitLink.so.12, libcudnn.so.9 (looked in LD_LIBRARY_PATH (not set),"
                + " ldconfig -p, "
                + root.resolve("usr/local/cuda/lib64")
                + "). Choose --device cpu, or see ./performer doctor.");
  }

  @Test
  void whatIsThereIsNamedToo() throws IOException {
    Path version = root.resolve("proc/driver/nvidia/version");
    Files.createDirectories(version.getParent());
    Files.writeString(version, "NVRM version: NVIDIA UNIX x86_64 Kernel Module  560.35.03\n");
    for (NvidiaSystem.Library library : system("").libraries()) {
      Files.createFile(root.resolve(library.name()));
    }

    assertThat(Processor.noGpu(Optional.of("gpu"), system(root.toString())))
        .isEqualTo(
            "--device gpu: there is no GPU that TensorFlow can use. TensorFlow's GPU library is in"
                + " use. NVIDIA driver: found, version 560.35.03. Libraries: all found. Choose"
                + " --device cpu, or see ./performer doctor.");
  }

  @Test
  void theProcessorHasNoSeveralGpusAndNoTf32() {
    TrainingConfig.Builder builder =
        TrainingConfig.builder(PerformerFamily.PERFORMER, Datasets.info("MNIST"))
            .set(DEVICE, Device.AUTO);

    assertThatThrownBy(() -> Processor.choose(builder.set(GPUS, 2).build()))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("--gpus 2: the processor computes here");
    assertThatThrownBy(
            () -> Processor.choose(builder.set(GPUS, 1).set(PRECISION, Precision.TF32).build()))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("--precision tf32 is for NVIDIA GPUs");
  }

  @Test
  void moreGpusThanThereAreAreRefused() {
    Processor.requireGpus(2, 2);
    assertThatThrownBy(() -> Processor.requireGpus(3, 2))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("--gpus 3: TensorFlow finds 2");
  }

  @Test
  void productsOfAGpuAreThoseOfThePrecision() {
    Processor.requireProducts(Precision.FP32, Optional.of("0"));
    Processor.requireProducts(Precision.BF16, Optional.of("0"));
    Processor.requireProducts(Precision.TF32, Optional.empty());
    Processor.requireProducts(Precision.TF32, Optional.of("1"));
    assertThatThrownBy(() -> Processor.requireProducts(Precision.FP32, Optional.empty()))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("NVIDIA_TF32_OVERRIDE to be 0, and it is not set");
    assertThatThrownBy(() -> Processor.requireProducts(Precision.TF32, Optional.of("0")))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("NVIDIA_TF32_OVERRIDE not to be 0, and it is 0");
  }

  private NvidiaSystem system(String libraryPath) {
    return new NvidiaSystem(root, libraryPath, List.of(), Optional.empty());
  }
}
