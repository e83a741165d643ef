package org.imageperformer.training.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imageperformer.training.TrainingOptions.BATCH_SIZE;
import static org.imageperformer.training.TrainingOptions.DEVICE;
import static org.imageperformer.training.TrainingOptions.GPU_MEMORY_GROWTH;
import static org.imageperformer.training.TrainingOptions.IMAGE_SIZE;
import static org.imageperformer.training.TrainingOptions.THREADS;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.function.UnaryOperator;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.tfmodels.cnn.CnnFamily;
import org.imageperformer.tfmodels.graph.PassOptions.Kernels;
import org.imageperformer.tfmodels.gsa.GsaFamily;
import org.imageperformer.tfmodels.performer.PerformerFamily;
import org.imageperformer.training.Device;
import org.imageperformer.training.TrainingConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.ConfigProto;

class EnginesTest {
  @Test
  void memoryOfAGpuIsTakenAsItIsNeeded() {
    ConfigProto config = configuration(builder -> builder.set(DEVICE, Device.GPU));

    assertThat(config.getGpuOptions().getAllowGrowth()).isTrue();
    assertThat(config.containsDeviceCount("GPU")).isFalse();
  }

  @Test
  void allMemoryOfAGpuIsTakenOnDemand() {
    ConfigProto config =
        configuration(builder -> builder.set(DEVICE, Device.GPU).set(GPU_MEMORY_GROWTH, false));

    assertThat(config.getGpuOptions().getAllowGrowth()).isFalse();
    assertThat(config.containsDeviceCount("GPU")).isFalse();
  }

  @Test
  void theProcessorLeavesGpusAlone() {
    for (Device device : new Device[] {Device.CPU, Device.AUTO}) {
      ConfigProto config = configuration(builder -> builder.set(DEVICE, device));

      assertThat(config.getDeviceCountMap()).containsEntry("GPU", 0);
      assertThat(config.getUsePerSessionThreads()).isTrue();
    }
  }

  @Test
  void aGpuComputesAWholeBatchWithOrdinaryOperations() {
    EngineOptions options =
        options(builder -> builder.set(DEVICE, Device.GPU).set(BATCH_SIZE, 64).set(THREADS, 5));

    assertThat(options.lanes()).isEqualTo(1);
    assertThat(options.chunk()).isEqualTo(64);
    assertThat(options.pass().kernels()).isEqualTo(Kernels.PLAIN);
  }

  @Test
  void lanesShareTheBatchOfATransformer() {
    int cores = Runtime.getRuntime().availableProcessors();

    EngineOptions options =
        options(builder -> builder.set(BATCH_SIZE, 8 * cores).set(THREADS, cores));

    assertThat(options.lanes()).isEqualTo(2 * cores);
    assertThat(options.configuration().getInterOpParallelismThreads()).isEqualTo(2 * cores);
    assertThat(options.configuration().getIntraOpParallelismThreads()).isEqualTo(1);
    assertThat(options.chunk()).isEqualTo(2);
  }

  @Test
  void noMoreThanTheThreadsGivenAreBusy() {
    int some = Runtime.getRuntime().availableProcessors() - 1;
    assumeTrue(some > 0);

    EngineOptions options = options(builder -> builder.set(BATCH_SIZE, 64).set(THREADS, some));

    assertThat(options.lanes()).isEqualTo(Math.min(some, 32));
    assertThat(options.configuration().getInterOpParallelismThreads()).isEqualTo(some);
  }

  @ParameterizedTest
  @ValueSource(strings = {CnnFamily.ALEX_NET, CnnFamily.RES_NET_18, CnnFamily.VGG_16})
  void allThreadsComputeTheWholeBatchOfAConvolutionalNetwork(String model) {
    EngineOptions options =
        Engines.options(
            TrainingConfig.builder(model, Datasets.info("MNISTSample"))
                .set(BATCH_SIZE, 32)
                .set(THREADS, 2)
                .build(),
            1);

    assertThat(options.lanes()).isEqualTo(1);
    assertThat(options.chunk()).isEqualTo(32);
    assertThat(options.intraOpThreads()).isEqualTo(2);
  }

  @Test
  void predictsAsManyImagesAtOnceAsKeepTheProcessorBusyAndItsCachesWarm() {
    assertThat(imagesAtOnce(CnnFamily.ALEX_NET, 32)).isEqualTo(64);
    assertThat(imagesAtOnce(CnnFamily.RES_NET_18, 32)).isEqualTo(64);
    assertThat(imagesAtOnce(CnnFamily.RES_NET_18, 128)).isEqualTo(3);
    assertThat(imagesAtOnce(PerformerFamily.PERFORMER, 64)).isEqualTo(1);
    assertThat(imagesAtOnce(PerformerFamily.PERFORMER, 32)).isEqualTo(2);
    assertThat(imagesAtOnce(PerformerFamily.PERFORMER, 16)).isEqualTo(4);
    assertThat(imagesAtOnce(PerformerFamily.PERFORMER, 8)).isEqualTo(4);
    assertThat(imagesAtOnce(PerformerFamily.PERFORMER, 2)).isEqualTo(64);
    assertThat(imagesAtOnce(GsaFamily.Z2_CNN, 28)).isEqualTo(32);
  }

  private static int imagesAtOnce(String model, int imageSize) {
    return Engines.imagesAtOnce(
        TrainingConfig.builder(model, Datasets.info("MNISTSample"))
            .set(IMAGE_SIZE, imageSize)
            .build()
            .outline());
  }

  private static ConfigProto configuration(UnaryOperator<TrainingConfig.Builder> change) {
    return options(change).configuration();
  }

  private static EngineOptions options(UnaryOperator<TrainingConfig.Builder> change) {
    return Engines.options(
        change
            .apply(TrainingConfig.builder(PerformerFamily.PERFORMER, Datasets.info("MNISTSample")))
            .build(),
        1);
  }
}
