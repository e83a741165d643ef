package org.imageperformer.training.workers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.imageperformer.training.Team;
import org.imageperformer.training.TrainingException;
import org.imageperformer.training.engine.ProcessGroup;
import org.imageperformer.training.engine.Share;
import org.imageperformer.training.engine.StepSums;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Server;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ClusterDef;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.JobDef;
import org.tensorflow.proto.ServerDef;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * The processes of a training as TensorFlow servers, whose sums become one by collective operations
 * (synchronous data parallelism). Each process has a session in its own server and sees its own
 * devices only; the servers exchange what a collective operation needs.
 *
 * <p>After an error in an exchange TensorFlow wants a new process: all of them end with a {@link
 * LostWorkerException}. A server cannot be shut down and lives as long as its process.
 */
public final class WorkerGroup implements Team, ProcessGroup {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerGroup.class);
  private static final String JOB = "worker";
  private static final int GROUP_KEY = 1;

  /** TensorFlow's own timeout comes first, and says more. */
  private static final Duration GRACE = Duration.ofMillis(500);

  /** How often processes that are waited for are looked at. */
  private static final Duration GLANCE = Duration.ofMillis(300);

  /** When a person is told who is waited for. */
  private static final Duration TOLD_AFTER = Duration.ofSeconds(5);

  private final Workers workers;
  private final Duration timeout;
  private final ConfigProto config;
  private final ExecutorService exchanges =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "exchange");
            thread.setDaemon(true);
            return thread;
          });

  /** Held, since the garbage collector would take the server with it. */
  private final Server server;

  /** Whether a run was given up and goes on, in the thread of exchanges. */
  private volatile boolean stuck;

  /** Of the next collective operation: all processes build theirs in the same order. */
  private int instanceKey = 1;

  private WorkerGroup(Workers workers, Duration timeout, ConfigProto config) {
    this.workers = workers;
    this.timeout = timeout;
    this.config = config;
    this.server = start();
  }

  /**
   * Starts the server of this process; {@link #agree} waits for the others.
   *
   * @param workers at least two
   * @param timeout how long others are waited for
   * @param config of a session without other processes
   * @throws TrainingException if the port of this process is in use
   */
  public static WorkerGroup join(Workers workers, Duration timeout, ConfigProto config) {
    requireFree(workers);
    ConfigProto.Builder shared =
        config.toBuilder()
            // A session in a server takes the threads of the server.
            .setUsePerSessionThreads(false)
            .setIsolateSessionState(true)
            .clearDeviceFilters()
            .addDeviceFilters(device(workers.task()));
    shared.getExperimentalBuilder().setCollectiveGroupLeader(device(0));
    return new WorkerGroup(workers, timeout, shared.build());
  }

  /** TensorFlow's message does not say what is wrong. */
  private static void requireFree(Workers workers) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // as TensorFlow does: connections that have ended are no use
      socket.bind(new InetSocketAddress(workers.port()));
    } catch (IOException e) {
      throw new TrainingException(
          "%s cannot listen on port %d of this machine: %s. End the program that uses the port, or name another one in --workers of all tasks."
              .formatted(workers.name(workers.task()), workers.port(), e.getMessage()));
    }
  }

  private static String device(int task) {
    return "/job:" + JOB + "/replica:0/task:" + task;
  }

  private Server start() {
    JobDef.Builder job = JobDef.newBuilder().setName(JOB);
    for (int task = 0; task < workers.size(); task++) {
      job.putTasks(task, workers.addresses().get(task));
    }
    Server started =
        new Server(
            ServerDef.newBuilder()
                .setCluster(ClusterDef.newBuilder().addJob(job))
                .setJobName(JOB)
                .setTaskIndex(workers.task())
                .setProtocol("grpc")
                .setDefaultSessionConfig(config)
                .build());
    started.start();
    return started;
  }

  @Override
  public boolean chief() {
    return workers.task() == 0;
  }

  @Override
  public boolean shared() {
    return true;
  }

  @Override
  public Share share() {
    return new Share(workers.task(), workers.size());
  }

  @Override
  public Session start(Graph graph, ConfigProto alone) {
    return open(graph);
  }

  private Session open(Graph graph) {
    Objects.requireNonNull(server);
    return RemoteSession.open(graph, "grpc://" + workers.addresses().get(workers.task()), config);
  }

  @Override
  public StepSums exchange(Ops tf, StepSums own) {
    return own.through(
        tf,
        new StepSums.Sum() {
          @Override
          public <T extends TNumber> Operand<T> of(Operand<T> flat) {
            return sum(tf, flat, timeout);
          }
        });
  }

  @Override
  public Operand<TFloat64> sum(Ops tf, Operand<TFloat64> own) {
    return sum(tf, own, timeout);
  }

  /**
   * Adds the sum over all processes.
   *
   * @param own of one shape in all of them
   * @param limit on the wait for others; zero for none
   */
  private <T extends TNumber> Operand<T> sum(Ops anywhere, Operand<T> own, Duration limit) {
    Ops tf =
        anywhere.withDevice(
            DeviceSpec.newBuilder()
                .job(JOB)
                .replica(0)
                .task(workers.task())
                .deviceType(DeviceSpec.DeviceType.CPU)
                .deviceIndex(0)
                .build());
    OperationBuilder builder = tf.scope().opBuilder("CollectiveReduceV2", "sum");
    builder.addInput(own.asOutput());
    builder.addInput(tf.constant(workers.size()).asOutput());
    builder.addInput(tf.constant(GROUP_KEY).asOutput());
    builder.addInput(tf.constant(instanceKey++).asOutput());
    builder.addInputList(new Output<?>[0]);
    builder.setAttr("merge_op", "Add");
    builder.setAttr("final_op", "Id");
    builder.setAttr("communication_hint", "ring");
    builder.setAttr("timeout_seconds", limit.toMillis() / 1e3f);
    return builder.build().output(0);
  }

  /**
   * Runs what contains an exchange, with an end in any case.
   *
   * @throws LostWorkerException when another process is gone or does not come in time
   */
  @Override
  public <T> T together(Supplier<T> run) {
    Future<T> result = exchanges.submit(run::get);
    return await(result, () -> false, timeout.plus(GRACE));
  }

  @Override
  public boolean stuck() {
    return stuck;
  }

  /** Waits for an exchange; time does not count while the others are {@code excused}. */
  private <T> T await(Future<T> result, BooleanSupplier excused, Duration limit) {
    long patience = System.nanoTime() + limit.toNanos();
    long deadline = patience;
    boolean told = false;
    while (true) {
      long left = deadline - System.nanoTime();
      try {
        return result.get(Math.min(left, GLANCE.toNanos()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (excused.getAsBoolean()) {
          deadline = System.nanoTime() + limit.toNanos();
          if (!told && System.nanoTime() > patience) {
            LOG.warn("all other tasks answer, but one is not ready: still waiting");
            told = true;
          }
        } else if (deadline <= System.nanoTime() || anyIsGone()) {
          stuck = true;
          throw lost(Optional.empty());
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof TensorFlowException failure) {
          throw lost(Optional.of(failure));
        }
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) e.getCause();
      } catch (InterruptedException e) {
        stuck = true;
        Thread.currentThread().interrupt();
        throw new TrainingException("interrupted while waiting for other workers");
      }
    }
  }

  /**
   * Whether a process has ended, which TensorFlow does not always find out: it looks for a first
   * process without an end.
   */
  private boolean anyIsGone() {
    return workers.others().stream().anyMatch(task -> Pulse.refused(workers.socket(task)));
  }

  /** Who is to blame, found by asking all the others. */
  private LostWorkerException lost(Optional<TensorFlowException> cause) {
    cause.ifPresent(failure -> LOG.debug("an exchange failed", failure));
    Map<Integer, String> problems = problems();
    String who =
        problems.isEmpty()
            ? "the other tasks answer, but did not come to the exchange within "
                + timeout.toSeconds()
                + " s"
                + cause.map(failure -> " (" + firstLine(failure) + ")").orElse("")
            : named(problems);
    return new LostWorkerException(
        "%s. Start all %d tasks again: with --resume and the run directory if a checkpoint was saved, else as before."
            .formatted(who, workers.size()),
        cause.orElse(null));
  }

  private static String firstLine(TensorFlowException failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  private String named(Map<Integer, String> problems) {
    return problems.entrySet().stream()
        .map(entry -> workers.name(entry.getKey()) + " is lost: " + entry.getValue())
        .collect(Collectors.joining("; "));
  }

  /** What is wrong with other processes, by number. */
  private Map<Integer, String> problems() {
    Map<Integer, String> problems = new LinkedHashMap<>();
    List<Integer> others = workers.others();
    others.parallelStream()
        .map(task -> Map.entry(task, Pulse.problem(workers.socket(task))))
        .filter(entry -> entry.getValue().isPresent())
        .toList()
        .forEach(entry -> problems.put(entry.getKey(), entry.getValue().get()));
    return problems;
  }

  /**
   * Waits until all others are there, as long as their servers answer, and compares.
   *
   * @throws LostWorkerException if one does not come within the timeout
   * @throws TrainingException naming each difference and the process that differs
   */
  @Override
  public void agree(Map<String, String> facts) {
    waitForAll();
    List<Map<String, String>> all = new ArrayList<>();
    for (byte[] each : gather(new Gson().toJson(facts).getBytes(UTF_8))) {
      all.add(
          new Gson()
              .fromJson(
                  new String(each, UTF_8), new TypeToken<Map<String, String>>() {}.getType()));
    }
    List<String> differences = new ArrayList<>();
    for (int task = 1; task < all.size(); task++) {
      List<String> found = differences(all.get(0), all.get(task));
      if (!found.isEmpty()) {
        differences.add(
            "%s differs from %s: %s"
                .formatted(workers.name(task), workers.name(0), String.join("; ", found)));
      }
    }
    if (!differences.isEmpty()) {
      throw new TrainingException(
          String.join(". ", differences)
              + ". All workers need the same options, data, program and checkpoint.");
    }
  }

  private static List<String> differences(Map<String, String> chief, Map<String, String> other) {
    Set<String> names = new LinkedHashSet<>(chief.keySet());
    names.addAll(other.keySet());
    return names.stream()
        .filter(name -> !Objects.equals(chief.get(name), other.get(name)))
        .map(
            name ->
                "%s is %s instead of %s"
                    .formatted(
                        name,
                        other.getOrDefault(name, "missing"),
                        chief.getOrDefault(name, "missing")))
        .toList();
  }

  private void waitForAll() {
    long begun = System.nanoTime();
    long deadline = begun + timeout.toNanos();
    boolean told = false;
    while (true) {
      Map<Integer, String> missing = problems();
      if (missing.isEmpty()) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new LostWorkerException(
            "%s after %d s. Start all %d tasks within this time, with the same --workers, or give them more with --worker_timeout."
                .formatted(named(missing), timeout.toSeconds(), workers.size()),
            null);
      }
      if (!told && System.nanoTime() - begun > TOLD_AFTER.toNanos()) {
        LOG.warn(
            "waiting for {}",
            missing.keySet().stream().map(workers::name).collect(Collectors.joining(", ")));
        told = true;
      }
      try {
        Thread.sleep(GLANCE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TrainingException("interrupted while waiting for other workers");
      }
    }
  }

  /** What every process has to say, in the order of their numbers. */
  private List<byte[]> gather(byte[] own) {
    int longest = Arrays.stream(sum(lengths(own.length))).max().orElseThrow();
    int[] row = new int[workers.size() * longest];
    for (int i = 0; i < own.length; i++) {
      row[workers.task() * longest + i] = own[i];
    }
    int[] all = sum(row);
    List<byte[]> said = new ArrayList<>();
    for (int task = 0; task < workers.size(); task++) {
      byte[] bytes = new byte[longest];
      int length = 0;
      while (length < longest && all[task * longest + length] != 0) {
        bytes[length] = (byte) all[task * longest + length];
        length++;
      }
      said.add(Arrays.copyOf(bytes, length));
    }
    return said;
  }

  private int[] lengths(int own) {
    int[] lengths = new int[workers.size()];
    lengths[workers.task()] = own;
    return lengths;
  }

  /** The sum over all processes of a vector, of one length in all of them. */
  private int[] sum(int[] own) {
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Placeholder<TInt32> in = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(own.length)));
    Operand<TInt32> out = sum(tf, in, Duration.ZERO);
    Session session = open(graph);
    // Closed by the run itself, which may never end.
    Future<int[]> found =
        exchanges.submit(
            () -> {
              try (graph;
                  session;
                  TInt32 fed = TInt32.vectorOf(own);
                  Result result = session.runner().feed(in, fed).fetch(out).run()) {
                int[] values = new int[own.length];
                ((TInt32) result.get(0)).copyTo(DataBuffers.of(values));
                return values;
              }
            });
    // Another process may still be reading its images: it is waited for while it lives.
    return await(found, () -> problems().isEmpty(), timeout);
  }
}
