package org.imageperformer.training.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DEPTH;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DIM;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FF_DROPOUT;
import static org.imageperformer.tfmodels.performer.PerformerOptions.HEADS;
import static org.imageperformer.training.TrainingOptions.BATCH_SIZE;
import static org.imageperformer.training.TrainingOptions.IMAGE_SIZE;
import static org.imageperformer.training.TrainingOptions.PLAIN;
import static org.imageperformer.training.TrainingOptions.SEED;
import static org.imageperformer.training.TrainingOptions.THREADS;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.tfmodels.performer.PerformerFamily;
import org.imageperformer.training.EvaluationResult;
import org.imageperformer.training.Moment;
import org.imageperformer.training.StepResult;
import org.imageperformer.training.Team;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.TrainingException;
import org.imageperformer.training.engine.GraphTrainable;
import org.imageperformer.training.engine.ProcessGroup;
import org.imageperformer.training.engine.Share;
import org.imageperformer.training.engine.StepSums;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

/** Workers as threads of one process; each has a server of its own. */
class WorkerGroupTest {
  private static final int SIDE = 7;
  private static final int IMAGES = 31;
  private static final int STEPS = 4;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** Three chunks, so that two workers have shares of unequal size; the last batch is ragged. */
  private static final TrainingConfig CONFIG = config(SIDE, true);

  /** So few pixels for its weights that a process takes its share of a batch at once. */
  private static final TrainingConfig AT_ONCE = config(2, false);

  private static TrainingConfig config(int side, boolean plain) {
    return TrainingConfig.builder(PerformerFamily.PERFORMER, Datasets.info("MNIST"))
        .set(IMAGE_SIZE, side)
        .set(DIM, 8)
        .set(DEPTH, 1)
        .set(HEADS, 2)
        .set(FF_DROPOUT, 0.3)
        .set(BATCH_SIZE, 12)
        .set(SEED, 3)
        .set(PLAIN, plain)
        .set(THREADS, 1)
        .build();
  }

  private record Trained(
      List<StepResult> steps, EvaluationResult evaluation, Map<String, float[]> weights) {}

  @Test
  void trainAsOneProcessWithTheWholeBatch() throws Exception {
    trainAsOneProcess(CONFIG);
  }

  @Test
  void trainAsOneProcessThatTakesTheWholeBatchAtOnce() throws Exception {
    trainAsOneProcess(AT_ONCE);
  }

  private static void trainAsOneProcess(TrainingConfig config) throws Exception {
    Trained one = train(config, ProcessGroup.ALONE, Team.ALONE);
    List<Trained> two = inTwo(group -> train(config, group, group));

    for (Trained each : two) {
      assertThat(largestDifference(each, one)).isLessThan(1e-5);
      assertThat(largestDifference(each, two.get(0))).isZero();
      assertThat(each.steps()).isEqualTo(two.get(0).steps());
      assertThat(each.evaluation()).isEqualTo(two.get(0).evaluation());
      assertThat(each.evaluation().correct()).isEqualTo(one.evaluation().correct());
      assertThat(each.evaluation().count()).isEqualTo(IMAGES);
      for (int step = 0; step < STEPS; step++) {
        StepResult found = each.steps().get(step);
        assertThat(found.count()).isEqualTo(one.steps().get(step).count());
        // The request of the one and the time of the other.
        assertThat(found.moment()).isEqualTo(new Moment(step == 2, step + 0.5));
      }
    }
  }

  /** What the test above is worth: a worker that keeps its sums to itself is another training. */
  @Test
  @Tag("slow")
  void wouldTrainSomethingElseWithoutTheExchange() {
    Trained apart = train(ProcessGroup.apart(new Share(0, 2)), Team.ALONE);

    assertThat(largestDifference(apart, train(ProcessGroup.ALONE, Team.ALONE))).isGreaterThan(1e-3);
  }

  @Test
  void saySomethingDifferentAndWhichOfThem() throws Exception {
    List<String> messages =
        inTwo(
            group -> {
              Map<String, String> facts =
                  group.chief()
                      ? Map.of("seed", "3", "data", "x")
                      : Map.of("seed", "4", "data", "x", "MD5 of größe", "y");
              try {
                group.agree(facts);
                return "agreed";
              } catch (TrainingException e) {
                return e.getMessage();
              }
            });

    assertThat(messages.get(0))
        .matches(
            "task 1 \\(localhost:\\d+\\) differs from task 0 \\(localhost:\\d+\\): seed is 4 instead"
                + " of 3; MD5 of größe is y instead of missing\\. All workers need .*");
    assertThat(messages.get(1)).isEqualTo(messages.get(0));
  }

  @Test
  void needAPortOfTheirOwn() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      String address = "localhost:" + taken.getLocalPort();
      Workers workers = new Workers(List.of(address, "localhost:" + freePort()), 0);

      assertThatThrownBy(
              () ->
                  WorkerGroup.join(
                      workers, TIMEOUT, GraphTrainable.sessionConfiguration(CONFIG, 2)))
          .isInstanceOf(TrainingException.class)
          .hasMessageStartingWith(
              "task 0 (" + address + ") cannot listen on port " + taken.getLocalPort());
    }
  }

  @Test
  void areNotWaitedForWithoutAnEnd() throws Exception {
    int port = freePort();
    String missing = "localhost:" + freePort();
    Workers workers = new Workers(List.of(missing, "localhost:" + port), 1);
    WorkerGroup group =
        WorkerGroup.join(
            workers, Duration.ofSeconds(1), GraphTrainable.sessionConfiguration(CONFIG, 2));

    assertThatThrownBy(() -> group.agree(Map.of()))
        .isInstanceOf(LostWorkerException.class)
        .hasMessage(
            "task 0 ("
                + missing
                + ") is lost: Connection refused after 1 s. Start all 2 tasks within this time,"
                + " with the same --workers, or give them more with --worker_timeout.");
  }

  /** In a run of TensorFlow that has no end of its own, as when a first process is looked for. */
  @Test
  @Timeout(60)
  void areNotWaitedForWhenTheyHaveEnded() throws Exception {
    String gone = "localhost:" + freePort();
    Workers workers = new Workers(List.of(gone, "localhost:" + freePort()), 1);
    WorkerGroup group =
        WorkerGroup.join(
            workers, Duration.ofHours(1), GraphTrainable.sessionConfiguration(CONFIG, 2));

    assertThatThrownBy(() -> group.together(() -> new CompletableFuture<>().join()))
        .isInstanceOf(LostWorkerException.class)
        .hasMessageStartingWith("task 0 (" + gone + ") is lost: Connection refused. Start all 2");
    assertThat(group.stuck()).isTrue();
  }

  /** An exchange that never ends: what waits for its session, waits for ever. */
  private static final class Blocked implements ProcessGroup {
    private boolean stuck;

    @Override
    public StepSums exchange(Ops tf, StepSums own) {
      Operand<TType> empty = tf.io.fifoQueue(List.of(TInt32.class));
      Op never = tf.io.queueDequeue(empty, List.of(TInt32.class));
      return own.through(
          tf,
          new StepSums.Sum() {
            @Override
            public <T extends TNumber> Operand<T> of(Operand<T> flat) {
              return tf.withControlDependencies(never).identity(flat);
            }
          });
    }

    @Override
    public <T> T together(Supplier<T> run) {
      Thread thread = new Thread(new FutureTask<>(run::get));
      thread.setDaemon(true);
      thread.start();
      try {
        thread.join(500); // else the session would be closed before the run begins
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      stuck = thread.isAlive();
      throw new IllegalStateException("given up");
    }

    @Override
    public boolean stuck() {
      return stuck;
    }
  }

  @Test
  @Timeout(60)
  void leaveARunThatNeverEndsToTheEndOfTheProcess() {
    Blocked group = new Blocked();

    assertThatThrownBy(() -> train(group, Team.ALONE)).hasMessage("given up");
    assertThat(group.stuck()).isTrue();
  }

  private static <T> List<T> inTwo(Function<WorkerGroup, T> work)
      throws IOException, InterruptedException, ExecutionException {
    List<String> addresses = List.of("localhost:" + freePort(), "localhost:" + freePort());
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<T>> running = new ArrayList<>();
      for (int task = 0; task < 2; task++) {
        Workers workers = new Workers(addresses, task);
        running.add(
            threads.submit(
                () ->
                    work.apply(
                        WorkerGroup.join(
                            workers, TIMEOUT, GraphTrainable.sessionConfiguration(CONFIG, 2)))));
      }
      List<T> done = new ArrayList<>();
      for (Future<T> each : running) {
        done.add(each.get());
      }
      return done;
    } finally {
      threads.shutdownNow();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Trained train(ProcessGroup group, Team team) {
    return train(CONFIG, group, team);
  }

  private static Trained train(TrainingConfig config, ProcessGroup group, Team team) {
    int side = config.get(IMAGE_SIZE);
    Random random = new Random(1);
    byte[] pixels = new byte[IMAGES * side * side];
    random.nextBytes(pixels);
    ImageSet images = ImageSet.of(pixels, random.ints(IMAGES, 0, 10).toArray(), side, side, 1);
    try (GraphTrainable model = new GraphTrainable(config, group)) {
      team.agree(Map.of("same", "same"));
      List<StepResult> steps = new ArrayList<>();
      for (int step = 0; step < STEPS; step++) {
        int[] batch = IntStream.range(step, step + (step == STEPS - 1 ? 5 : 12)).toArray();
        boolean asked = step == 2 && !team.chief();
        Moment moment = new Moment(asked, team.chief() ? step + 0.5 : 0);
        steps.add(model.trainStep(images, batch, step, 1e-2, moment));
      }
      return new Trained(
          steps, model.evaluateTogether(images, (done, total) -> {}), model.values());
    }
  }

  private static double largestDifference(Trained one, Trained other) {
    double largest = 0;
    for (Map.Entry<String, float[]> weight : one.weights().entrySet()) {
      float[] values = other.weights().get(weight.getKey());
      for (int i = 0; i < values.length; i++) {
        largest = Math.max(largest, Math.abs(weight.getValue()[i] - (double) values[i]));
      }
    }
    return largest;
  }
}
