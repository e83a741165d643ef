package org.imageperformer.savedmodels;

import java.nio.file.Path;
import org.tensorflow.Graph;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;

/** The graph of a SavedModel in TensorFlow's hands, ready to run. */
final class LoadedGraph implements AutoCloseable {

  private final Graph graph;
  private final Session session;
  private final Runnable closing;

  private LoadedGraph(Graph graph, Session session, Runnable closing) {
    this.graph = graph;
    this.session = session;
    this.closing = closing;
  }

  /**
   * Loads a graph that {@link SavedModelFile} has looked through.
   *
   * @param directory of the SavedModel
   * @param metaGraph what its file says
   * @throws RunException when TensorFlow refuses it, or the file of compiled functions beside it is
   *     damaged
   */
  static LoadedGraph load(Path directory, MetaGraphDef metaGraph, LoadOptions options) {
    try {
      return options.device() == LoadOptions.Device.CPU && isComplete(metaGraph)
          ? importOf(compiled(directory, metaGraph, options), options.configuration())
          : bundle(directory, options.configuration());
    } catch (RunException e) {
      throw e;
    } catch (RuntimeException e) {
      // Also what the wrapper throws when a graph of an unexpected form gets past TensorFlow.
      throw new RunException(
          directory.resolve(SavedModelFile.NAME)
              + ": TensorFlow cannot load it: "
              + OneLine.firstLine(e),
          e);
    }
  }

  /** Whether nothing has to be restored or initialised, as in every model of ours. */
  private static boolean isComplete(MetaGraphDef metaGraph) {
    return !metaGraph.hasSaverDef()
        && metaGraph.getAssetFileDefCount() == 0
        && metaGraph.getCollectionDefCount() == 0
        && !metaGraph.containsSignatureDef("__saved_model_init_op");
  }

  private static GraphDef compiled(Path directory, MetaGraphDef metaGraph, LoadOptions options) {
    return options.compiled()
        ? CompiledTwinsFile.apply(directory, metaGraph.getGraphDef())
        : metaGraph.getGraphDef();
  }

  private static LoadedGraph importOf(GraphDef loaded, ConfigProto config) {
    Graph graph = new Graph();
    try {
      graph.importGraphDef(VariableWeights.of(FusedLayerNorms.of(loaded)));
      Session session = new Session(graph, config);
      return new LoadedGraph(
          graph,
          session,
          () -> {
            session.close();
            graph.close();
          });
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  private static LoadedGraph bundle(Path directory, ConfigProto config) {
    SavedModelBundle bundle =
        SavedModelBundle.loader(directory.toString())
            .withTags(SavedModel.TAG)
            .withConfigProto(config)
            .load();
    return new LoadedGraph(bundle.graph(), bundle.session(), bundle::close);
  }

  Graph graph() {
    return graph;
  }

  Session session() {
    return session;
  }

  @Override
  public void close() {
    closing.run();
  }
}
