package org.imageperformer.tools.bench;

import com.google.gson.Gson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The side of a benchmark that works: does a workload for a while whenever it is told to. What it
 * says is a JSON object a line: first {@link Ready}, then {@link Rates} for every line {@link
 * #RATE} that it reads, a {@link Profile} for {@link #PROFILE}, a {@link Slice} for every line
 * {@code <seconds>}, and {@link Memory} when it has read {@link #END}.
 */
public final class Worker {
  /** What has a worker multiply matrices. */
  static final String RATE = "rate";

  /** What has a worker show where its time goes. */
  static final String PROFILE = "profile";

  /** What ends a worker. */
  static final String END = "end";

  /** Units of work that a profile is made of. */
  private static final int PROFILED = 5;

  /** Units of work that are not counted: code gets compiled, buffers get allocated. */
  private static final int WARM_UP = 3;

  /**
   * Said once the work has been done for the first time.
   *
   * @param firstRunSeconds from the start of the process to the end of the first unit of work
   */
  record Ready(double firstRunSeconds) {}

  /**
   * What the machine can do at most.
   *
   * @param float32 rate of large float32 matrix products, in operations a second
   * @param bfloat16 the same for bfloat16
   */
  record Rates(double float32, double bfloat16) {}

  /**
   * Some seconds of work.
   *
   * @param images gone through, those left out that another process counts
   * @param seconds taken
   */
  record Slice(long images, double seconds) {}

  /**
   * Where the time of a thread goes.
   *
   * @param images gone through
   * @param byKind milliseconds of all images, by kind of operation
   * @param byOperation the same by operation
   */
  record Profile(long images, Map<String, Double> byKind, Map<String, Double> byOperation) {}

  /**
   * Said last.
   *
   * @param peakBytes largest resident memory of the process; 0 where the system does not say
   * @param gpuBytes memory of the GPU in use, by other processes too; 0 without a GPU
   */
  record Memory(long peakBytes, long gpuBytes) {}

  private final Gson gson = new Gson();
  private final PrintWriter out;

  private final Supplier<MatrixRate> rates;
  private final LongSupplier gpuMemory;

  /** How long the last unit of work took, in seconds. */
  private double unit;

  private Worker(Supplier<MatrixRate> rates, LongSupplier gpuMemory, PrintWriter out) {
    this.rates = rates;
    this.gpuMemory = gpuMemory;
    this.out = out;
  }

  /**
   * Works until it is told to end.
   *
   * @param workload creates what is measured
   * @param rates creates the matrix products to compare with
   * @param gpuMemory tells the memory of the GPU in use, 0 without one
   * @param in what to do
   * @param out what was measured
   */
  public static void run(
      Supplier<? extends Workload> workload,
      Supplier<MatrixRate> rates,
      LongSupplier gpuMemory,
      InputStream in,
      PrintWriter out)
      throws IOException {
    new Worker(rates, gpuMemory, out)
        .run(workload, new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
  }

  private void run(Supplier<? extends Workload> supplier, BufferedReader in) throws IOException {
    try (Workload workload = supplier.get()) {
      workload.run(false);
      long started = ManagementFactory.getRuntimeMXBean().getStartTime();
      say(new Ready((System.currentTimeMillis() - started) / 1e3));
      for (int i = 0; i < WARM_UP; i++) {
        work(workload, false);
      }
      Memory memory = new Memory(peakBytes(), gpuMemory.getAsLong()); // before the large matrices
      try (MatrixRate rate = rates.get()) {
        for (String line = in.readLine(); line != null && !line.equals(END); line = in.readLine()) {
          say(
              switch (line) {
                case RATE -> new Rates(rate.float32(), rate.bfloat16());
                case PROFILE -> profile(workload);
                default -> slice(workload, Double.parseDouble(line));
              });
        }
      }
      say(memory);
    }
  }

  private Slice slice(Workload workload, double seconds) {
    long images = 0;
    double taken = 0;
    boolean last = false;
    while (!last) {
      // Said beforehand, as processes that share their work decide it with the work itself.
      Workload.Done done = work(workload, taken + unit >= seconds);
      images += done.images();
      last = done.last();
      taken += unit;
    }
    return new Slice(images, taken);
  }

  private static Profile profile(Workload workload) {
    OperationTimes times = new OperationTimes();
    long images = 0;
    for (int i = 0; i < PROFILED; i++) {
      images += workload.profile(times::add);
    }
    Map<String, Double> byKind = new LinkedHashMap<>();
    times.byKind().forEach((kind, milliseconds) -> byKind.put(kind.text(), milliseconds));
    return new Profile(images, byKind, times.byOperation());
  }

  private Workload.Done work(Workload workload, boolean last) {
    long start = System.nanoTime();
    Workload.Done done = workload.run(last);
    unit = (System.nanoTime() - start) / 1e9;
    return done;
  }

  private void say(Object what) {
    out.println(gson.toJson(what));
    out.flush();
  }

  private static long peakBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(kibibytes -> 1024 * Long.parseLong(kibibytes))
          .findFirst()
          .orElse(0);
    }
  }
}
