package org.imageperformer.savedmodels;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  private static final String PRODUCT = "MatMul";

  /** Operations whose result has the shape of their only input. */
  private static final Set<String> SHAPELESS = Set.of("Cast", "Identity", "StopGradient");

  private final Map<String, NodeDef> nodes = new HashMap<>();

  private VariableWeights(GraphDef graph) {
    graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
  }

  /** The graph with its weights behind placeholders; everything keeps its name. */
  static GraphDef of(GraphDef graph) {
    return new VariableWeights(graph).change(graph);
  }

  private GraphDef change(GraphDef graph) {
    GraphDef.Builder changed = graph.toBuilder().clearNode();
    Map<String, String> placeholders = new HashMap<>();
    for (NodeDef node : graph.getNodeList()) {
      Optional<TensorShapeProto> shape = weightShape(node);
      if (shape.isEmpty()) {
        changed.addNode(node);
        continue;
      }
      String weight = node.getInput(1);
      String placeholder =
          placeholders.computeIfAbsent(
              weight,
              key -> {
                String name = free(GraphPruner.nodeName(key) + "_value");
                changed.addNode(
                    NodeDef.newBuilder()
                        .setName(name)
                        .setOp("PlaceholderWithDefault")
                        .addInput(key)
                        .putAttr("dtype", node.getAttrOrThrow("T"))
                        .putAttr("shape", AttrValue.newBuilder().setShape(shape.get()).build()));
                return name;
              });
      changed.addNode(node.toBuilder().setInput(1, placeholder));
    }
    return changed.build();
  }

  /** The shape of a product's second factor when that is a constant. */
  private Optional<TensorShapeProto> weightShape(NodeDef node) {
    if (!node.getOp().equals(PRODUCT) || node.getInputCount() < 2 || !node.containsAttr("T")) {
      return Optional.empty();
    }
    NodeDef weight = nodes.get(GraphPruner.nodeName(node.getInput(1)));
    // A damaged graph may have a ring.
    for (int i = 0; i < nodes.size() && weight != null; i++) {
      if (weight.getOp().equals("Const") && weight.containsAttr("value")) {
        return Optional.of(weight.getAttrOrThrow("value").getTensor().getTensorShape());
      }
      weight =
          SHAPELESS.contains(weight.getOp()) && weight.getInputCount() > 0
              ? nodes.get(GraphPruner.nodeName(weight.getInput(0)))
              : null;
    }
    return Optional.empty();
  }

  private String free(String wanted) {
    String name = wanted;
    for (int i = 1; nodes.containsKey(name); i++) {
      name = wanted + "_" + i;
    }
    nodes.put(name, NodeDef.getDefaultInstance());
    return name;
  }
}
