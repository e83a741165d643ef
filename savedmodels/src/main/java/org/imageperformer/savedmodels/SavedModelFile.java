package org.imageperformer.savedmodels;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Reads saved_model.pb and looks through it before TensorFlow does, which answers some broken files
 * by ending the process or by taking all memory.
 */
final class SavedModelFile {

  static final String NAME = "saved_model.pb";

  /** The largest model here, VGG16, has 537 MB; the format itself ends at 2 GiB. */
  private static final long LARGEST_FILE = 1L << 30;

  /** A constant may be stored as one repeated value: its file says nothing about its memory. */
  private static final long LARGEST_CONSTANTS = 2L << 30;

  private final Path file;

  private SavedModelFile(Path file) {
    this.file = file;
  }

  /** The part of a SavedModel that is tagged {@code serve}; RunException when there is none. */
  static MetaGraphDef read(Path directory) {
    return new SavedModelFile(directory.resolve(NAME)).read();
  }

  private MetaGraphDef read() {
    org.tensorflow.proto.SavedModel model = parse();
    List<String> found = new ArrayList<>();
    for (MetaGraphDef metaGraph : model.getMetaGraphsList()) {
      if (metaGraph.getMetaInfoDef().getTagsList().contains(SavedModel.TAG)) {
        check(metaGraph.getGraphDef());
        return metaGraph;
      }
      found.add(metaGraph.getMetaInfoDef().getTagsList().toString());
    }
    throw failure("expected a graph tagged [" + SavedModel.TAG + "], found " + found, null);
  }

  /**
   * Looks through a graph that a file is part of; RunException for what TensorFlow must not see.
   */
  static void check(Path file, GraphDef graph) {
    new SavedModelFile(file).check(graph);
  }

  private org.tensorflow.proto.SavedModel parse() {
    try {
      if (!Files.isRegularFile(file)) {
        throw failure("not found", null);
      }
      long size = Files.size(file);
      if (size > LARGEST_FILE) {
        throw failure("expected at most " + LARGEST_FILE + " bytes, found " + size, null);
      }
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
        return org.tensorflow.proto.SavedModel.parseFrom(in);
      }
    } catch (InvalidProtocolBufferException e) {
      throw failure("damaged or no SavedModel: " + e.getMessage(), e);
    } catch (IOException e) {
      throw RunException.cannot("read", file, e);
    }
  }

  private void check(GraphDef graph) {
    Map<String, FunctionDef> functions = new HashMap<>();
    for (FunctionDef function : graph.getLibrary().getFunctionList()) {
      functions.put(function.getSignature().getName(), function);
    }
    Set<String> known = new HashSet<>(functions.keySet());
    TensorFlow.registeredOpList().getOpList().forEach(op -> known.add(op.getName()));
    List<NodeDef> nodes = new ArrayList<>(graph.getNodeList());
    functions.values().forEach(function -> nodes.addAll(function.getNodeDefList()));
    long constants = 0;
    for (NodeDef node : nodes) {
      if (!known.contains(node.getOp())) {
        throw failure(
            "node %s is of the operation %s, which TensorFlow %s does not have"
                .formatted(node.getName(), node.getOp(), TensorFlow.version()),
            null);
      }
      for (AttrValue value : node.getAttrMap().values()) {
        if (value.hasTensor()) {
          constants += bytes(value.getTensor(), node);
        }
      }
      if (constants > LARGEST_CONSTANTS) {
        throw failure("expected at most " + LARGEST_CONSTANTS + " bytes of constants", null);
      }
    }
    checkNotRecursive(functions);
  }

  private long bytes(TensorProto tensor, NodeDef node) {
    long bytes = elementBytes(tensor.getDtype());
    for (TensorShapeProto.Dim dim : tensor.getTensorShape().getDimList()) {
      long size = dim.getSize();
      if (size < 0 || (size > 0 && bytes > LARGEST_CONSTANTS / size)) {
        throw failure("node " + node.getName() + " has a constant of an impossible size", null);
      }
      bytes *= size;
    }
    return bytes;
  }

  private static long elementBytes(DataType type) {
    return switch (type) {
      case DT_BOOL, DT_INT8, DT_UINT8, DT_QINT8, DT_QUINT8 -> 1;
      case DT_HALF, DT_BFLOAT16, DT_INT16, DT_UINT16, DT_QINT16, DT_QUINT16 -> 2;
      case DT_FLOAT, DT_INT32, DT_UINT32, DT_QINT32 -> 4;
      case DT_DOUBLE, DT_INT64, DT_UINT64, DT_COMPLEX64 -> 8;
      default -> 24;
    };
  }

  /** TensorFlow inlines functions; one that reaches itself would never end. */
  private void checkNotRecursive(Map<String, FunctionDef> functions) {
    Map<String, Set<String>> open = new HashMap<>();
    functions.forEach(
        (name, function) -> {
          Set<String> calls = new HashSet<>();
          for (NodeDef node : function.getNodeDefList()) {
            calls.addAll(GraphPruner.references(node, functions.keySet()));
          }
          open.put(name, calls);
        });
    while (!open.isEmpty()) {
      Set<String> leaves = new HashSet<>();
      open.forEach(
          (name, calls) -> {
            if (calls.isEmpty()) {
              leaves.add(name);
            }
          });
      if (leaves.isEmpty()) {
        throw failure("its functions call themselves: " + open.keySet(), null);
      }
      open.keySet().removeAll(leaves);
      open.values().forEach(calls -> calls.removeAll(leaves));
    }
  }

  private RunException failure(String problem, Exception cause) {
    return new RunException(file + ": " + problem, cause);
  }
}
