package org.imageperformer.tools;

import java.util.Objects;
import java.util.Optional;
import org.imageperformer.training.Device;
import org.imageperformer.training.Provenance;
import org.imageperformer.training.TrainingConfig;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;

/** What computations run on: the processor, or a GPU. */
final class Processor {
  /** The system property in which the launcher says which native libraries it chose. */
  private static final String NATIVES_PROPERTY = "performer.natives";

  private Processor() {}

  /**
   * Returns where to compute: a GPU if it is asked for, or if the launcher has brought the
   * libraries for one and it is there.
   *
   * @throws CommandFailure when a GPU is asked for and cannot be used
   */
  static Device choose(Device wanted) {
    return switch (wanted) {
      case CPU -> Device.CPU;
      case AUTO ->
          "gpu".equals(System.getProperty(NATIVES_PROPERTY)) && gpuProblem().isEmpty()
              ? Device.GPU
              : Device.CPU;
      case GPU -> {
        Optional<RuntimeException> problem = gpuProblem();
        if (problem.isPresent()) {
          throw new CommandFailure(
              "--device gpu: there is no GPU that TensorFlow can use; choose --device cpu",
              problem.get());
        }
        yield Device.GPU;
      }
    };
  }

  /** Why nothing can be computed on a GPU; empty if it can. */
  private static Optional<RuntimeException> gpuProblem() {
    try (Graph graph = new Graph()) {
      DeviceSpec gpu =
          DeviceSpec.newBuilder().deviceType(DeviceSpec.DeviceType.GPU).deviceIndex(0).build();
      Ops tf = Ops.create(graph).withDevice(gpu);
      Operand<?> value = tf.math.add(tf.constant(1f), tf.constant(1f));
      try (Session session =
              new Session(graph, ConfigProto.newBuilder().setIntraOpParallelismThreads(1).build());
          Result result = session.runner().fetch(value).run()) {
        Objects.requireNonNull(result);
        return Optional.empty();
      }
    } catch (TensorFlowException | IllegalArgumentException e) {
      return Optional.of(e);
    }
  }

  static Provenance provenance(TrainingConfig config) {
    int threads = config.threads().orElse(Runtime.getRuntime().availableProcessors());
    return new Provenance(
        ProductVersion.product(),
        Optional.empty(),
        TensorFlow.version(),
        choose(config.device()).label(),
        threads);
  }
}
