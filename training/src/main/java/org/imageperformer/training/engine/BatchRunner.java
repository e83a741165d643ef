package org.imageperformer.training.engine;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.imageperformer.tfmodels.graph.Run;
import org.tensorflow.Result;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Takes batches through the towers, chunk by chunk; each lane of each tower takes the chunks that
 * are its own, all lanes at the same time. Not thread-safe.
 */
final class BatchRunner implements AutoCloseable {

  private final Supplier<Run> runs;
  private final List<Tower> towers;
  private final int chunk;
  private final Share share;
  private final Lanes lanes;

  /** Whether trainings (true) and evaluations (false) have been run. */
  private final Set<Boolean> prepared = new HashSet<>();

  /**
   * @param runs starts a run of the session
   * @param lanes of each tower
   * @param chunk most images of a run
   * @param share of this process in what is accumulated
   */
  BatchRunner(Supplier<Run> runs, List<Tower> towers, int lanes, int chunk, Share share) {
    this.runs = runs;
    this.towers = towers;
    this.chunk = chunk;
    this.share = share;
    this.lanes = new Lanes(towers.size() * lanes);
  }

  /**
   * Forward and back over this process's share of a batch, with dropout; gradients add up in the
   * towers' accumulators.
   */
  BatchOutcome accumulate(ImageBatch batch, long noiseKey) {
    return run(batch, share, Optional.of(noiseKey));
  }

  /** Forward over a share of a batch, without dropout. */
  BatchOutcome evaluate(ImageBatch batch, Share own) {
    return run(batch, own, Optional.empty());
  }

  private BatchOutcome run(ImageBatch batch, Share own, Optional<Long> noiseKey) {
    int size = Math.min(chunk, batch.size());
    int chunks = (batch.size() - 1) / size + 1;
    int first = own.first(chunks);
    int end = own.end(chunks);
    IntFunction<BatchOutcome> part =
        lane -> {
          double loss = 0;
          int correct = 0;
          int images = 0;
          for (int index = first + lane; index < end; index += lanes.count()) {
            int from = index * size;
            int to = Math.min(from + size, batch.size());
            images += to - from;
            BatchOutcome outcome = run(batch, from, to, lane, index, noiseKey);
            loss += outcome.lossSum();
            correct += outcome.correct();
          }
          return new BatchOutcome(loss, correct, images, Double.NaN);
        };
    // TensorFlow prepares a run when it comes for the first time; lanes at the same time would each
    // have it prepared, and compiled, for themselves.
    boolean ready = prepared.contains(noiseKey.isPresent());
    List<BatchOutcome> outcomes = ready ? lanes.run(part) : lanes.runInTurn(part);
    prepared.add(noiseKey.isPresent());
    return new BatchOutcome(
        outcomes.stream().mapToDouble(BatchOutcome::lossSum).sum(),
        outcomes.stream().mapToInt(BatchOutcome::correct).sum(),
        outcomes.stream().mapToInt(BatchOutcome::count).sum(),
        Double.NaN);
  }

  private BatchOutcome run(
      ImageBatch batch, int from, int to, int lane, int index, Optional<Long> noiseKey) {
    Tower tower = towers.get(lane % towers.size());
    try (Run run = runs.get()) {
      batch.feed(run, tower, from, to);
      if (noiseKey.isPresent()) {
        tower.firstImage().ifPresent(first -> run.feed(first, TInt32.scalarOf(from)));
        run.feed(
            tower.noise(),
            TInt64.vectorOf(noiseKey.get(), tower.firstImage().isPresent() ? 0 : index));
        run.feed(tower.lane(), TInt32.scalarOf(lane / towers.size()));
        tower.accumulate().forEach(run::target);
      }
      Tower.Outcome outcome = noiseKey.isPresent() ? tower.training() : tower.evaluation();
      try (Result result = run.fetch(outcome.loss()).fetch(outcome.correct()).result()) {
        return new BatchOutcome(
            ((TFloat32) result.get(0)).getFloat(),
            ((TInt32) result.get(1)).getInt(),
            to - from,
            Double.NaN);
      }
    }
  }

  @Override
  public void close() {
    lanes.close();
  }
}
