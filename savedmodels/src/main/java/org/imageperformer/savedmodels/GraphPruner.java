package org.imageperformer.savedmodels;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Cuts a graph down to what some of its tensors need. */
final class GraphPruner {

  private final GraphDef graph;
  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();
  private final Map<String, FunctionDef> functions = new LinkedHashMap<>();

  GraphPruner(GraphDef graph) {
    this.graph = graph;
    graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
    graph
        .getLibrary()
        .getFunctionList()
        .forEach(function -> functions.put(function.getSignature().getName(), function));
  }

  /** The nodes that a run computes which is fed {@code fed} and fetches {@code fetched}. */
  Set<String> needed(Collection<String> fed, Collection<String> fetched) {
    Set<String> feeds = new LinkedHashSet<>();
    fed.forEach(tensor -> feeds.add(nodeName(tensor)));
    Set<String> reached = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>();
    fetched.forEach(tensor -> open.push(nodeName(tensor)));
    while (!open.isEmpty()) {
      String name = open.pop();
      if (feeds.contains(name) || !nodes.containsKey(name) || !reached.add(name)) {
        continue;
      }
      nodes.get(name).getInputList().forEach(input -> open.push(nodeName(input)));
    }
    return reached;
  }

  /** The graph with these nodes alone, in their old order, and the functions that they call. */
  GraphDef keep(Set<String> names) {
    List<NodeDef> kept =
        graph.getNodeList().stream().filter(node -> names.contains(node.getName())).toList();
    FunctionDefLibrary.Builder library = FunctionDefLibrary.newBuilder();
    for (String name : called(kept)) {
      library.addFunction(functions.get(name));
    }
    return graph.toBuilder().clearNode().addAllNode(kept).setLibrary(library).build();
  }

  private Set<String> called(List<NodeDef> roots) {
    Set<String> called = new LinkedHashSet<>();
    Deque<NodeDef> open = new ArrayDeque<>(roots);
    while (!open.isEmpty()) {
      for (String name : references(open.pop(), functions.keySet())) {
        if (called.add(name)) {
          open.addAll(functions.get(name).getNodeDefList());
        }
      }
    }
    return called;
  }

  /** The functions that a node names, as its type or in its attributes. */
  static Set<String> references(NodeDef node, Set<String> functions) {
    Set<String> names = new LinkedHashSet<>();
    names.add(node.getOp());
    for (AttrValue value : node.getAttrMap().values()) {
      if (value.hasFunc()) {
        names.add(value.getFunc().getName());
      }
      value.getList().getFuncList().forEach(function -> names.add(function.getName()));
    }
    names.retainAll(functions);
    return names;
  }

  /** Of {@code "name"}, {@code "name:0"} or the control input {@code "^name"}. */
  static String nodeName(String tensor) {
    String name = tensor.startsWith("^") ? tensor.substring(1) : tensor;
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }
}
