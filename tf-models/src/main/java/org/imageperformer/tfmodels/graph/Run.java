package org.imageperformer.tfmodels.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Op;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.proto.RunOptions;

/**
 * One run of a session: what is fed, what is fetched, and what is done. Operations go by their
 * names, so that the session may also be that of a copy of the graph. Owns the tensors that are
 * fed; not thread-safe.
 */
public final class Run implements AutoCloseable {

  /** The graph, too, which has the types of the operations that the notes name. */
  private static final RunOptions NOTING =
      RunOptions.newBuilder()
          .setTraceLevel(RunOptions.TraceLevel.FULL_TRACE)
          .setOutputPartitionGraphs(true)
          .build();

  private final Session.Runner runner;
  private final List<Tensor> fed = new ArrayList<>();
  private Optional<Consumer<RunMetadata>> notes = Optional.empty();

  public Run(Session session) {
    runner = session.runner();
  }

  /**
   * Has TensorFlow note how long each operation takes.
   *
   * @param listener told after the run; TensorFlow keeps notes of one run of a process at a time
   */
  public Run noting(Consumer<RunMetadata> listener) {
    notes = Optional.of(listener);
    return this;
  }

  /** Feeds a tensor, which is closed with this run. */
  public Run feed(Operand<?> where, Tensor tensor) {
    fed.add(tensor);
    Output<?> output = where.asOutput();
    runner.feed(output.op().name(), output.index(), tensor);
    return this;
  }

  /** Asks for a value, in the order of the result. */
  public Run fetch(Operand<?> what) {
    Output<?> output = what.asOutput();
    runner.fetch(output.op().name(), output.index());
    return this;
  }

  /** Asks for something to be done. */
  public Run target(Op what) {
    runner.addTarget(what.op().name());
    return this;
  }

  /** Runs; the caller closes the result. */
  public Result result() {
    if (notes.isEmpty()) {
      return runner.run();
    }
    Result result = runner.setOptions(NOTING).runAndFetchMetadata();
    try {
      notes.get().accept(result.getMetadata().orElseThrow());
      return result;
    } catch (RuntimeException e) {
      result.close();
      throw e;
    }
  }

  /** Runs for what is done alone. */
  public void execute() {
    result().close();
  }

  @Override
  public void close() {
    fed.forEach(Tensor::close);
  }
}
