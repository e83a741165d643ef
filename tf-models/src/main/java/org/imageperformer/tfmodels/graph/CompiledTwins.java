package org.imageperformer.tfmodels.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * For functions of {@link Chunks} in a graph of stock operations, others that compute the same and
 * that XLA compiles: for programs that load the graph where XLA is. The graph itself does not have
 * them.
 *
 * <p>Owns native memory of its own.
 */
public final class CompiledTwins implements AutoCloseable {

  private final Graph graph = new Graph();
  private final CompiledFunctions functions = new CompiledFunctions();
  private final Map<String, String> originals = new LinkedHashMap<>();

  /** Functions that the twins may call. */
  public CompiledFunctions functions() {
    return functions;
  }

  /**
   * Adds a twin.
   *
   * @param results of {@link Chunks#map} in the other graph
   * @param shared what it was given
   * @param shapes of the results of one chunk
   * @param body of the twin
   */
  public void add(
      List<Operand<TFloat32>> results,
      Map<String, ? extends Operand<?>> shared,
      List<Shape> shapes,
      Chunks.Body body) {
    Ops tf = Ops.create(graph);
    Map<String, Operand<?>> placeholders = new TreeMap<>();
    shared.forEach(
        (name, operand) ->
            placeholders.put(
                name, tf.placeholder(operand.type(), Placeholder.shape(operand.shape()))));
    Operand<TInt32> count = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    List<Operand<TFloat32>> twin = Chunks.map(tf, count, placeholders, shapes, body);
    originals.put(twin.get(0).op().name(), results.get(0).op().name());
  }

  /**
   * Returns the twins: nodes by the names of those whose function they replace, with that attribute
   * alone, and the functions. Without nodes if there are none.
   */
  public GraphDef toGraphDef() {
    GraphDef whole = graph.toGraphDef();
    GraphDef.Builder twins = whole.toBuilder().clearNode();
    for (NodeDef node : whole.getNodeList()) {
      if (originals.containsKey(node.getName())) {
        twins.addNode(
            NodeDef.newBuilder()
                .setName(originals.get(node.getName()))
                .setOp(node.getOp())
                .putAttr("f", node.getAttrOrThrow("f")));
      }
    }
    return twins.build();
  }

  @Override
  public void close() {
    functions.close();
    graph.close();
  }
}
