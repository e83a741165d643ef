package org.imageperformer.savedmodels;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** The nodes of a graph by their names, and names for others. */
final class GraphNodes {

  private final Map<String, NodeDef> nodes = new HashMap<>();
  private final Set<String> given = new HashSet<>();

  GraphNodes(GraphDef graph) {
    graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
  }

  /** The node that gives a tensor; none in a damaged graph. */
  Optional<NodeDef> of(String tensor) {
    return Optional.ofNullable(nodes.get(GraphPruner.nodeName(tensor)));
  }

  /** A name that no node has, which is not given again: the one wanted, or one like it. */
  String free(String wanted) {
    String name = wanted;
    for (int i = 1; nodes.containsKey(name) || !given.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }
}
