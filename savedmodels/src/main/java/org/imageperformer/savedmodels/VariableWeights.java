package org.imageperformer.savedmodels;

import java.util.HashMap;
import java.util.Map;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Lets TensorFlow take the constant weights of matrix products for values that might change. Where
 * a product with a bias has constant weights, oneDNN packs them once and then multiplies at a half
 * to a third of the rate (docs/performance.md, "Constant weights").
 *
 * <p>Each such weight goes through a placeholder that has it as its default and that nobody feeds.
 * TensorFlow replaces it by the constant again, but after it has chosen how to multiply.
 */
final class VariableWeights {

  private static final AttrValue ANY_SHAPE =
      AttrValue.newBuilder().setShape(TensorShapeProto.newBuilder().setUnknownRank(true)).build();

  /** Weights of ours are three operations from their constant; a damaged graph may have a ring. */
  private static final int DEEPEST = 20;

  private final GraphNodes nodes;
  private final Map<String, Boolean> constant = new HashMap<>();

  private VariableWeights(GraphDef graph) {
    this.nodes = new GraphNodes(graph);
  }

  /** The graph with its weights behind placeholders; everything keeps its name. */
  static GraphDef of(GraphDef graph) {
    return new VariableWeights(graph).change(graph);
  }

  private GraphDef change(GraphDef graph) {
    GraphDef.Builder changed = graph.toBuilder().clearNode();
    Map<String, String> placeholders = new HashMap<>();
    for (NodeDef node : graph.getNodeList()) {
      if (!hasConstantWeights(node)) {
        changed.addNode(node);
        continue;
      }
      String weights = node.getInput(1);
      String placeholder =
          placeholders.computeIfAbsent(
              weights,
              key -> {
                String name = nodes.free(GraphPruner.nodeName(key) + "_value");
                changed.addNode(
                    NodeDef.newBuilder()
                        .setName(name)
                        .setOp("PlaceholderWithDefault")
                        .addInput(key)
                        .putAttr("dtype", node.getAttrOrThrow("T"))
                        .putAttr("shape", ANY_SHAPE));
                return name;
              });
      changed.addNode(node.toBuilder().setInput(1, placeholder));
    }
    return changed.build();
  }

  private boolean hasConstantWeights(NodeDef node) {
    return node.getOp().equals("MatMul")
        && node.containsAttr("T")
        && node.getInputCount() > 1
        && isConstant(node.getInput(1), 0);
  }

  /** Whether TensorFlow can compute a tensor before the first run. */
  private boolean isConstant(String tensor, int depth) {
    String name = GraphPruner.nodeName(tensor);
    Boolean known = constant.get(name);
    if (known == null) {
      known =
          depth < DEEPEST
              && nodes
                  .of(tensor)
                  .filter(node -> isConst(node) || isOfConstants(node, depth + 1))
                  .isPresent();
      constant.put(name, known);
    }
    return known;
  }

  private static boolean isConst(NodeDef node) {
    return node.getOp().equals("Const");
  }

  private boolean isOfConstants(NodeDef node, int depth) {
    return node.getInputCount() > 0
        && !node.getOp().startsWith("Placeholder")
        && node.getInputList().stream().allMatch(input -> isConstant(input, depth));
  }
}
