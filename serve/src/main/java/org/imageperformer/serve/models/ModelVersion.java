package org.imageperformer.serve.models;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.imageperformer.savedmodels.ModelInfo;
import org.imageperformer.savedmodels.OneLine;
import org.imageperformer.savedmodels.RunException;
import org.imageperformer.savedmodels.TensorModel;
import org.imageperformer.serve.batching.BatchListener;
import org.imageperformer.serve.batching.BatchQueue;
import org.imageperformer.serve.batching.BatchScheduler;
import org.imageperformer.serve.tensors.PredictRequest;
import org.imageperformer.serve.tensors.PredictRequestReader;
import org.imageperformer.serve.tensors.RefusedRequestException;
import org.imageperformer.serve.tensors.RefusedRequestException.Reason;
import org.imageperformer.serve.tensors.TensorValues;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TFFailedPreconditionException;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFOutOfRangeException;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.exceptions.TFUnimplementedException;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * A loaded version of a model. It is counted who uses it: whoever {@linkplain #acquire acquired} it
 * releases it, and the last one frees its native memory.
 */
public final class ModelVersion {
  private final long number;
  private final TensorModel model;
  private final PredictRequestReader reader;
  private final Map<String, BatchQueue> queues = new HashMap<>();

  /** Users, the one who loaded it among them; 0 once it is freed. */
  private final AtomicInteger users = new AtomicInteger(1);

  ModelVersion(long number, TensorModel model, BatchScheduler scheduler, BatchListener listener) {
    this.number = number;
    this.model = model;
    this.reader = new PredictRequestReader(model.signatures());
    boolean rowsAlone = !model.info().map(ModelInfo::dependsOnBatch).orElse(false);
    model
        .signatures()
        .forEach(
            (name, signature) ->
                queues.put(
                    name,
                    scheduler.queue(
                        inputs -> run(name, signature, inputs),
                        rowsAlone && hasRows(signature),
                        listener)));
  }

  /** Whether all tensors have a first dimension of any size, which batches then are rows of. */
  private static boolean hasRows(SignatureDef signature) {
    return Stream.concat(
            signature.getInputsMap().values().stream(), signature.getOutputsMap().values().stream())
        .allMatch(ModelVersion::hasRows);
  }

  private static boolean hasRows(TensorInfo tensor) {
    return !tensor.getTensorShape().getUnknownRank()
        && tensor.getTensorShape().getDimCount() > 0
        && tensor.getTensorShape().getDim(0).getSize() == -1;
  }

  /** Returns its number. */
  public long number() {
    return number;
  }

  /** Returns its signatures, by name. */
  public Map<String, SignatureDef> signatures() {
    return model.signatures();
  }

  /** Returns what it says about itself, if it is one of this product's models. */
  public Optional<ModelInfo> info() {
    return model.info();
  }

  /** Returns what reads the requests for it. */
  public PredictRequestReader reader() {
    return reader;
  }

  /** Returns the number of rows that wait for it. */
  public long queueLength() {
    return queues.values().stream().mapToLong(BatchQueue::length).sum();
  }

  /**
   * Has a request computed.
   *
   * @return the outputs by name, or a {@link RefusedRequestException}
   * @throws RefusedRequestException when too many are waiting
   */
  public CompletableFuture<Map<String, TensorValues>> predict(PredictRequest request) {
    return queues.get(request.signatureName()).submit(request.inputs());
  }

  private Map<String, TensorValues> run(
      String name, SignatureDef signature, Map<String, TensorValues> inputs) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try {
      inputs.forEach((input, values) -> tensors.put(input, values.toTensor()));
      return model.run(signature, tensors, TensorValues::copyOf);
    } catch (TensorFlowException | RunException | IllegalArgumentException e) {
      throw new RefusedRequestException(
          reason(e), "signature " + name + " failed: " + OneLine.of(OneLine.firstLine(e), 500), e);
    } finally {
      tensors.values().forEach(Tensor::close);
    }
  }

  private static Reason reason(RuntimeException failure) {
    if (failure instanceof TFInvalidArgumentException
        || failure instanceof TFFailedPreconditionException
        || failure instanceof TFOutOfRangeException) {
      return Reason.INVALID_ARGUMENT;
    }
    if (failure instanceof TFUnimplementedException) {
      return Reason.UNIMPLEMENTED;
    }
    return failure instanceof TFResourceExhaustedException
        ? Reason.RESOURCE_EXHAUSTED
        : Reason.INTERNAL;
  }

  /** Counts one more user, unless it was freed. */
  boolean acquire() {
    return users.updateAndGet(count -> count == 0 ? 0 : count + 1) > 0;
  }

  /** Counts one user less. */
  public void release() {
    if (users.decrementAndGet() == 0) {
      model.close();
    }
  }

  /** Whether it was freed. */
  boolean isFreed() {
    return users.get() == 0;
  }
}
