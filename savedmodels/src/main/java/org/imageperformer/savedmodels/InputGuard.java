package org.imageperformer.savedmodels;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * Lets a graph refuse inputs of other shapes than its signatures declare. A placeholder's shape is
 * a hint that no operation enforces: a reshape behind it takes whatever has a fitting number of
 * values, and answers for images that nobody sent.
 */
final class InputGuard {

  private InputGuard() {}

  /**
   * Puts an EnsureShape between every input of known rank and whatever reads it. The input keeps
   * its name; its error names the input, the shape expected and the one found.
   */
  static GraphDef guard(GraphDef graph, Collection<SignatureDef> signatures) {
    Map<String, TensorInfo> inputs = new LinkedHashMap<>();
    for (SignatureDef signature : signatures) {
      for (TensorInfo input : signature.getInputsMap().values()) {
        if (!input.getTensorShape().getUnknownRank()) {
          inputs.put(input.getName(), input);
        }
      }
    }
    Set<String> taken = new HashSet<>();
    graph.getNodeList().forEach(node -> taken.add(node.getName()));
    Map<String, String> guards = new LinkedHashMap<>();
    inputs.keySet().forEach(tensor -> guards.put(tensor, freeName(tensor, taken)));
    GraphDef.Builder guarded = graph.toBuilder().clearNode();
    for (NodeDef node : graph.getNodeList()) {
      guarded.addNode(behindGuards(node, guards));
    }
    inputs.forEach((tensor, info) -> guarded.addNode(guardOf(info, guards.get(tensor))));
    return guarded.build();
  }

  private static String freeName(String tensor, Set<String> taken) {
    String name = GraphPruner.nodeName(tensor) + "/ensured";
    while (!taken.add(name)) {
      name += "_";
    }
    return name;
  }

  private static NodeDef behindGuards(NodeDef node, Map<String, String> guards) {
    NodeDef.Builder copy = node.toBuilder();
    for (int i = 0; i < node.getInputCount(); i++) {
      String tensor = node.getInput(i);
      String guard = guards.get(tensor.contains(":") ? tensor : tensor + ":0");
      if (guard != null) {
        copy.setInput(i, guard);
      }
    }
    return copy.build();
  }

  private static NodeDef guardOf(TensorInfo input, String name) {
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("EnsureShape")
        .addInput(input.getName())
        .putAttr("T", AttrValue.newBuilder().setType(input.getDtype()).build())
        .putAttr("shape", AttrValue.newBuilder().setShape(input.getTensorShape()).build())
        .build();
  }
}
