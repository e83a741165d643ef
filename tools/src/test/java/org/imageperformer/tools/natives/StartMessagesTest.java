package org.imageperformer.tools.natives;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.exceptions.TensorFlowException;

class StartMessagesTest {

  private static void write(String text) {
    // Not System.err, which surefire has replaced.
    try (FileOutputStream out =
        new FileOutputStream(FileDescriptor.err) {
          @Override
          public void close() {
            // Standard error stays open.
          }
        }) {
      out.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatIsWrittenMeanwhileIsCaptured() throws IOException {
    assertThat(StartMessages.captured(() -> write("one\ntwo"))).isEqualTo("one\ntwo");
    assertThat(StartMessages.captured(() -> {})).isEmpty();
  }

  @Test
  void aFailureOfTensorFlowLosesNothing() throws IOException {
    assertThat(
            StartMessages.captured(
                () -> {
                  write("E0000 what was wrong\n");
                  throw new TensorFlowException("no device");
                }))
        .isEqualTo("E0000 what was wrong\n");
  }

  @Test
  void informationIsLeftOutAndAllElseStays() {
    String information =
        """
        WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
        I0000 00:00:1795859432.119501   12372 mlir_graph_optimization_pass.cc:401] MLIR V1 optimization pass is not enabled
        I0000 00:00:1795859487.618093   12698 service.cc:148] XLA service 0x7f6edc00b390 initialized for platform Host (this does not guarantee that XLA will be used). Devices:
        I0000 00:00:1795859487.618139   12698 service.cc:156]   StreamExecutor device (0): Host, Default Version
        I0000 00:00:1795859487.629955   12698 device_compiler.h:188] Compiled cluster using XLA!  This line is logged at most once for the lifetime of the process.
        """;
    for (String other :
        List.of(
            "W0000 00:00:1795859487.618093   12698 gpu_device.cc:2344] Cannot dlopen some GPU libraries.",
            "E0000 00:00:1795859487.618093   12698 cuda_dnn.cc:8310] Unable to register cuDNN factory",
            "F0000 00:00:1795859487.618093   12698 service.cc:148] Check failed: x == y",
            "warning: Ünïcode of the program itself",
            "I am no line of TensorFlow's",
            "")) {
      String bytes = new String(other.getBytes(UTF_8), ISO_8859_1);
      assertThat(new String(StartMessages.others(information + bytes), UTF_8))
          .isEqualTo(other.isEmpty() ? "" : other + "\n");
      assertThat(new String(StartMessages.others(bytes + "\n" + information), UTF_8))
          .isEqualTo(other + "\n");
    }
  }
}
