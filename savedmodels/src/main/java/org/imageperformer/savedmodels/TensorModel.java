package org.imageperformer.savedmodels;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * A loaded SavedModel of any program, by its signatures: named tensors in, named tensors out. It
 * holds native memory until it is closed. All methods may be called from several threads.
 *
 * <p>What {@link SavedModel} says of trust holds here, too: load only models from where you would
 * run a program from.
 */
public final class TensorModel implements AutoCloseable {

  private final Path file;
  private final LoadedGraph graph;
  private final Optional<ModelInfo> info;
  private final Map<String, SignatureDef> signatures;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private TensorModel(
      Path file, LoadedGraph graph, Optional<ModelInfo> info, MetaGraphDef metaGraph) {
    this.file = file;
    this.graph = graph;
    this.info = info;
    this.signatures = Collections.unmodifiableMap(new TreeMap<>(metaGraph.getSignatureDefMap()));
  }

  /**
   * Loads a model.
   *
   * @param path the folder of a SavedModel, or a run's folder that has one
   * @param options how it will be run, as {@link SavedModel#load} has it
   * @return the model, to be closed
   * @throws RunException when there is none that is tagged {@code serve}, or it is damaged
   */
  public static TensorModel load(Path path, LoadOptions options) {
    Path directory = SavedModel.require(path);
    Path file = directory.resolve(SavedModelFile.NAME);
    MetaGraphDef metaGraph = SavedModelFile.read(directory);
    Path description = directory.resolve(SavedModel.MODEL_JSON);
    Optional<ModelInfo> info =
        Files.isRegularFile(description)
            ? Optional.of(ModelInfo.read(description))
            : Optional.empty();
    return new TensorModel(file, LoadedGraph.load(directory, metaGraph, options), info, metaGraph);
  }

  /** Returns what the model says about itself; empty for one of another program. */
  public Optional<ModelInfo> info() {
    return info;
  }

  /** Returns all signatures, by name. */
  public Map<String, SignatureDef> signatures() {
    return signatures;
  }

  /**
   * Runs a signature.
   *
   * @param signature one of {@link #signatures}
   * @param inputs a tensor for each of its inputs, by name; they stay the caller's
   * @param reader what to make of each output; the tensors are closed afterwards
   * @return what the reader made of them, by name
   * @throws IllegalStateException after {@link #close}
   * @throws RunException when the signature names tensors that the graph does not have
   * @throws org.tensorflow.exceptions.TensorFlowException when TensorFlow refuses the inputs, or
   *     fails
   */
  public <T> Map<String, T> run(
      SignatureDef signature, Map<String, Tensor> inputs, Function<Tensor, T> reader) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the SavedModel " + file + " is closed");
      }
      Session.Runner runner = graph.session().runner();
      inputs.forEach(
          (name, tensor) -> runner.feed(output(signature.getInputsOrThrow(name)), tensor));
      List<String> names = new ArrayList<>(new TreeMap<>(signature.getOutputsMap()).keySet());
      names.forEach(name -> runner.fetch(output(signature.getOutputsOrThrow(name))));
      Map<String, T> outputs = new LinkedHashMap<>();
      try (Result result = runner.run()) {
        for (int i = 0; i < names.size(); i++) {
          outputs.put(names.get(i), reader.apply(result.get(i)));
        }
      }
      return outputs;
    } finally {
      lock.readLock().unlock();
    }
  }

  private Output<?> output(TensorInfo tensor) {
    return Endpoint.find(graph.graph(), tensor)
        .orElseThrow(
            () ->
                new RunException(
                    file
                        + ": a signature names the tensor "
                        + tensor.getName()
                        + ", which the graph does not have"));
  }

  /** Frees the model, after the runs that are under way. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        graph.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
