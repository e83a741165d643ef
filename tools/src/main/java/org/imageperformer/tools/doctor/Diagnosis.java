package org.imageperformer.tools.doctor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.imageperformer.savedmodels.OneLine;

/**
 * What was found, and what is wrong with it.
 *
 * @param java version and folder of Java
 * @param system operating system and architecture
 * @param cores processor cores that Java may use
 * @param cpuFlags what the processor has of AVX and AMX
 * @param memory bytes of the machine, or of the container
 * @param heap bytes that Java may take of it, tensors not included
 * @param natives TensorFlow's library in use, cpu or gpu
 * @param tensorflow version of TensorFlow's library, null if it does not load
 * @param devices what TensorFlow computes on
 * @param driver whether there is an NVIDIA driver
 * @param driverVersion its version, null if unknown
 * @param driverFiles what was looked for to find it
 * @param libraries the driver's library and those of CUDA and cuDNN
 * @param libraryPlaces where they were looked for
 * @param dataPath folder of the data sets
 * @param dataPathWritable whether data sets can be downloaded into it
 * @param cpuWorks whether TensorFlow computes on the processor
 * @param problems what is wrong
 */
public record Diagnosis(
    String java,
    String system,
    int cores,
    List<String> cpuFlags,
    long memory,
    long heap,
    String natives,
    String tensorflow,
    List<Device> devices,
    boolean driver,
    String driverVersion,
    List<String> driverFiles,
    List<NvidiaSystem.Library> libraries,
    List<String> libraryPlaces,
    String dataPath,
    boolean dataPathWritable,
    boolean cpuWorks,
    List<Problem> problems) {

  private static final long SMALL_MEMORY = 3L << 30;

  /**
   * Something that is wrong.
   *
   * @param problem what
   * @param remedy what to do about it
   */
  public record Problem(String problem, String remedy) {}

  /**
   * What TensorFlow computes on.
   *
   * @param name as TensorFlow calls it
   * @param type CPU or GPU
   * @param memory bytes that TensorFlow would take of it
   */
  public record Device(String name, String type, long memory) {}

  /**
   * Answers of TensorFlow; throws what it throws when it cannot.
   *
   * <p>Its own type, so that tests can do without TensorFlow and without a GPU.
   */
  public interface Computation {
    /** Returns the version of the library. */
    String version();

    /** Computes something on the processor. */
    void compute();

    /** Returns what can be computed on. */
    List<Device> devices();
  }

  /**
   * Looks at everything.
   *
   * @param natives TensorFlow's library in use, cpu or gpu
   * @param nvidia what there is of NVIDIA's software
   * @param computation TensorFlow
   * @param cpuinfo the file of the kernel, which may be missing
   * @param dataPath folder of the data sets
   */
  public static Diagnosis of(
      String natives, NvidiaSystem nvidia, Computation computation, Path cpuinfo, Path dataPath) {
    List<Problem> problems = new ArrayList<>();
    String system = System.getProperty("os.name") + " " + System.getProperty("os.version");
    String architecture = System.getProperty("os.arch");
    Set<String> flags = flags(cpuinfo);
    String tensorflow = null;
    List<Device> devices = List.of();
    boolean cpuWorks = false;
    if (architecture.equals("amd64") && !flags.isEmpty() && !flags.contains("avx")) {
      // Not tried: the process would die of an illegal instruction.
      problems.add(
          new Problem(
              "the processor has no AVX, which TensorFlow's library is built with",
              "use another machine; a virtual machine must pass the host's processor on"));
    } else {
      try {
        tensorflow = computation.version();
        computation.compute();
        cpuWorks = true;
        devices = computation.devices();
      } catch (RuntimeException | LinkageError e) {
        problems.add(
            new Problem(
                (cpuWorks ? "TensorFlow cannot list its devices: " : "TensorFlow does not work: ")
                    + OneLine.reason(e),
                "run ./performer doctor --verbose and look at what TensorFlow says above"));
      }
    }
    gpuProblems(natives, nvidia, devices, cpuWorks, problems);
    long memory =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
            .getTotalMemorySize();
    if (memory < SMALL_MEMORY) {
      problems.add(
          new Problem(
              "there is little memory: " + gigabytes(memory),
              "train small models (--dim 64 --depth 2) with small batches, or use a machine with"
                  + " 4 GB or more"));
    }
    boolean writable = isWritable(dataPath);
    if (!writable) {
      problems.add(
          new Problem(
              "data sets cannot be downloaded into " + dataPath + ": it is not writable",
              "choose another folder with --data_path"));
    }
    return new Diagnosis(
        System.getProperty("java.version") + " (" + System.getProperty("java.home") + ")",
        system + " " + architecture,
        Runtime.getRuntime().availableProcessors(),
        flags.stream().filter(flag -> flag.matches("avx.*|amx.*|fma")).sorted().toList(),
        memory,
        Runtime.getRuntime().maxMemory(),
        natives,
        tensorflow,
        devices,
        nvidia.hasDriver(),
        nvidia.driverVersion().orElse(null),
        nvidia.driverFiles().stream().map(Path::toString).toList(),
        nvidia.libraries(),
        nvidia.places(),
        dataPath.toString(),
        writable,
        cpuWorks,
        problems);
  }

  private static void gpuProblems(
      String natives,
      NvidiaSystem nvidia,
      List<Device> devices,
      boolean tensorflowWorks,
      List<Problem> problems) {
    boolean gpuBuild = natives.equals("gpu");
    if (!gpuBuild && nvidia.hasDriver()) {
      problems.add(
          new Problem(
              "there is an NVIDIA driver, but TensorFlow's CPU library is in use",
              "start with ./performer --gpu to compute on the GPU"));
    }
    if (!gpuBuild) {
      return; // nothing of the rest is needed
    }
    List<String> missing = new ArrayList<>(nvidia.missing());
    if (!nvidia.hasDriver()) {
      problems.add(
          new Problem(
              "TensorFlow's GPU library is in use, but there is no NVIDIA driver",
              "install NVIDIA's driver (560 or newer for CUDA 12.6) and restart; start a container"
                  + " with --gpus all; or compute on the processor with ./performer --cpu"));
    } else if (missing.contains(NvidiaSystem.DRIVER_LIBRARY)) {
      problems.add(
          new Problem(
              "the driver is loaded, but its library libcuda.so.1 is missing",
              "reinstall NVIDIA's driver; in a container, install the NVIDIA Container Toolkit on"
                  + " the host"));
    }
    missing.remove(NvidiaSystem.DRIVER_LIBRARY);
    if (!missing.isEmpty()) {
      problems.add(
          new Problem(
              "CUDA or cuDNN libraries are missing: " + String.join(", ", missing),
              "with a driver, ./performer train downloads them (2 GB); or install CUDA 12.5 or newer"
                  + " and cuDNN 9, or name their folders in LD_LIBRARY_PATH"));
    }
    boolean seen = devices.stream().anyMatch(device -> device.type().equals("GPU"));
    if (tensorflowWorks && !seen && nvidia.hasDriver() && nvidia.missing().isEmpty()) {
      problems.add(
          new Problem(
              "driver and libraries are there, but TensorFlow sees no GPU",
              "./performer --gpu doctor --verbose shows what TensorFlow says: a driver that is too"
                  + " old, CUDA_VISIBLE_DEVICES, or a card that it does not support"));
    }
  }

  private static Set<String> flags(Path cpuinfo) {
    try (Stream<String> lines = Files.lines(cpuinfo)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Set.copyOf(Arrays.asList(line.replaceFirst(".*:\\s*", "").split("\\s+"))))
          .orElse(Set.of());
    } catch (IOException e) {
      return Set.of(); // another operating system
    }
  }

  /** Whether the folder is writable, or could be made. */
  private static boolean isWritable(Path folder) {
    Path existing = folder.toAbsolutePath();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    return existing != null && Files.isDirectory(existing) && Files.isWritable(existing);
  }

  /** Returns a number of bytes for a person. */
  public static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
