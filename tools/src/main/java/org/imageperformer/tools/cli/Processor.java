package org.imageperformer.tools.cli;

import static org.imageperformer.training.TrainingOptions.DEVICE;
import static org.imageperformer.training.TrainingOptions.GPUS;
import static org.imageperformer.training.TrainingOptions.GPU_MEMORY_GROWTH;
import static org.imageperformer.training.TrainingOptions.PRECISION;
import static org.imageperformer.training.TrainingOptions.THREADS;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.imageperformer.tools.doctor.NvidiaSystem;
import org.imageperformer.tools.doctor.TensorFlowDevices;
import org.imageperformer.training.Device;
import org.imageperformer.training.Precision;
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
import org.tensorflow.proto.GPUOptions;

/** What computations run on: the processor, or a GPU. */
public final class Processor {
  /** The system property in which the launcher says which native libraries it chose. */
  private static final String NATIVES_PROPERTY = "performer.natives";

  /** NVIDIA's libraries compute float32 products in TF32 where a program allows it, unless 0. */
  public static final String TF32_VARIABLE = "NVIDIA_TF32_OVERRIDE";

  private Processor() {}

  /** Returns the native libraries in use: cpu or gpu; empty if no launcher has chosen them. */
  public static Optional<String> natives() {
    return Optional.ofNullable(System.getProperty(NATIVES_PROPERTY));
  }

  /**
   * Returns where to compute: a GPU if it is asked for, or if the launcher has brought the
   * libraries for one and it is there.
   *
   * @throws CommandFailure when a GPU is asked for and cannot be used
   */
  public static Device choose(Device wanted) {
    return choose(wanted, true);
  }

  /**
   * Returns where to train.
   *
   * @throws CommandFailure if there is no such place, or it has not what the options ask for
   */
  public static Device choose(TrainingConfig config) {
    Device device = choose(config.get(DEVICE), config.get(GPU_MEMORY_GROWTH));
    if (device == Device.GPU) {
      requireGpus(config.get(GPUS), new TensorFlowDevices(config.get(GPU_MEMORY_GROWTH)).gpus());
      requireProducts(config.get(PRECISION), Optional.ofNullable(System.getenv(TF32_VARIABLE)));
    } else {
      requireProcessor(config);
    }
    return device;
  }

  private static void requireProcessor(TrainingConfig config) {
    if (config.get(GPUS) > 1) {
      throw new CommandFailure(
          "--gpus "
              + config.get(GPUS)
              + ": the processor computes here. Leave out --gpus, or see ./performer doctor for"
              + " what --device gpu needs.");
    }
    if (config.get(PRECISION) == Precision.TF32) {
      throw new CommandFailure(
          "--precision tf32 is for NVIDIA GPUs, and the processor computes here. Choose fp32 or"
              + " bf16, or see ./performer doctor for what --device gpu needs.");
    }
  }

  /** Refuses more GPUs than there are. */
  static void requireGpus(int wanted, int found) {
    if (wanted > found) {
      throw new CommandFailure(
          "--gpus " + wanted + ": TensorFlow finds " + found + "; see ./performer doctor");
    }
  }

  /**
   * Refuses a process whose GPU computes float32 products otherwise than the precision says: NVIDIA
   * reads the variable once, at the start.
   *
   * @param variable its value, empty if it is not set
   */
  static void requireProducts(Precision precision, Optional<String> variable) {
    boolean tf32 = !variable.equals(Optional.of("0"));
    if (tf32 != (precision == Precision.TF32)) {
      throw new CommandFailure(
          "--precision "
              + precision.label()
              + ": on a GPU this needs the environment variable "
              + TF32_VARIABLE
              + (tf32 ? " to be 0" : " not to be 0")
              + ", and it is "
              + variable.orElse("not set")
              + ". Set it as said and start again (./performer sets it to 0 unless it is set, or"
              + " --precision tf32 is given).");
    }
  }

  private static Device choose(Device wanted, boolean memoryGrowth) {
    return switch (wanted) {
      case CPU -> Device.CPU;
      case AUTO ->
          natives().equals(Optional.of("gpu")) && gpuProblem(memoryGrowth).isEmpty()
              ? Device.GPU
              : Device.CPU;
      case GPU -> {
        Optional<RuntimeException> problem = gpuProblem(memoryGrowth);
        if (problem.isPresent()) {
          throw new CommandFailure(noGpu(natives(), NvidiaSystem.here()), problem.get());
        }
        yield Device.GPU;
      }
    };
  }

  /**
   * Why nothing can be computed on a GPU; empty if it can.
   *
   * @param memoryGrowth as later: the first session of a process decides for all
   */
  private static Optional<RuntimeException> gpuProblem(boolean memoryGrowth) {
    try (Graph graph = new Graph()) {
      DeviceSpec gpu =
          DeviceSpec.newBuilder().deviceType(DeviceSpec.DeviceType.GPU).deviceIndex(0).build();
      Ops tf = Ops.create(graph).withDevice(gpu);
      Operand<?> value = tf.math.add(tf.constant(1f), tf.constant(1f));
      ConfigProto config =
          ConfigProto.newBuilder()
              .setIntraOpParallelismThreads(1)
              .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(memoryGrowth))
              .build();
      try (Session session = new Session(graph, config);
          Result result = session.runner().fetch(value).run()) {
        Objects.requireNonNull(result);
        return Optional.empty();
      }
    } catch (TensorFlowException | IllegalArgumentException e) {
      return Optional.of(e);
    }
  }

  /** What was looked for when a GPU was asked for, and what to do. */
  static String noGpu(Optional<String> natives, NvidiaSystem system) {
    StringBuilder text =
        new StringBuilder("--device gpu: there is no GPU that TensorFlow can use.");
    boolean gpuBuild = natives.equals(Optional.of("gpu"));
    text.append(
        gpuBuild
            ? " TensorFlow's GPU library is in use."
            : " TensorFlow's CPU library is in use; ./performer --gpu takes the other one.");
    text.append(" NVIDIA driver: ");
    if (system.hasDriver()) {
      text.append("found").append(system.driverVersion().map(v -> ", version " + v).orElse(""));
    } else {
      List<String> files = system.driverFiles().stream().map(Object::toString).toList();
      text.append("not found (looked for ").append(String.join(", ", files)).append(")");
    }
    List<String> missing = system.missing();
    text.append(". Libraries: ")
        .append(
            missing.isEmpty()
                ? "all found"
                : "not found "
                    + String.join(", ", missing)
                    + " (looked in "
                    + String.join(", ", system.places())
                    + ")")
        .append(". Choose --device cpu, or see ./performer doctor.");
    return text.toString();
  }

  /**
   * Returns with what a run is made.
   *
   * @param device where it is computed
   */
  public static Provenance provenance(TrainingConfig config, Device device) {
    int threads = config.find(THREADS).orElse(Runtime.getRuntime().availableProcessors());
    return new Provenance(
        ProductVersion.product(),
        ProductVersion.commit(),
        TensorFlow.version(),
        device.label(),
        threads);
  }
}
