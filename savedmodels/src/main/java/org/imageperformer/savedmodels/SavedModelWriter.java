package org.imageperformer.savedmodels;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.OpList;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Writes an inference graph as a standard SavedModel that TensorFlow in any language, TensorFlow
 * Serving and {@link SavedModel} load. The weights are constants of the graph, so that
 * saved_model.pb is complete and nothing has to be restored.
 */
public final class SavedModelWriter {

  /** TensorFlow Serving refuses any other. */
  private static final String METHOD_NAME = "tensorflow/serving/predict";

  private static final Set<String> VARIABLES =
      Set.of(
          "VarHandleOp",
          "VarHandlesOp",
          "Variable",
          "VariableV2",
          "AutoReloadVariable",
          "TemporaryVariable");

  private static final Set<String> PLACEHOLDERS = Set.of("Placeholder", "PlaceholderV2");

  private SavedModelWriter() {}

  /**
   * Writes what the signatures need of the graph; operations that only serve something else are
   * left out, and devices are not kept. The shape that a signature declares of an input is checked
   * by an operation when the model runs: TensorFlow itself would take any shape.
   *
   * @param graph an inference graph whose weights are constants; stays open
   * @param signatures one or more, each with a name of its own
   * @param info written as assets.extra/model.json
   * @param target the SavedModel's folder, created or replaced in one piece; other files in it stay
   * @throws RunException when the graph has variables, operations that only this program knows
   *     (their types begin with an underscore), outputs that need an input that is not fed, or
   *     tensors that do not exist; or when the folder cannot be written
   */
  public static void write(
      Graph graph, List<SignatureSpec> signatures, ModelInfo info, Path target) {
    write(graph, signatures, info, GraphDef.getDefaultInstance(), target);
  }

  /**
   * The same with functions that XLA compiles in place of some of the graph's. {@link SavedModel}
   * takes them on the processor; other loaders do not see them.
   *
   * @param twins for nodes by their names, attributes that replace theirs, and the functions that
   *     these name; written as assets.extra/compiled.pb if there are nodes
   */
  public static void write(
      Graph graph, List<SignatureSpec> signatures, ModelInfo info, GraphDef twins, Path target) {
    GraphDef whole = graph.toGraphDef();
    GraphPruner pruner = new GraphPruner(whole);
    Map<String, SignatureDef> definitions = new HashMap<>();
    Set<String> needed = new LinkedHashSet<>();
    for (SignatureSpec signature : signatures) {
      if (definitions.put(signature.name(), definition(graph, signature)) != null) {
        throw new RunException("two signatures are named " + signature.name());
      }
      Set<String> reached =
          pruner.needed(signature.inputs().values(), signature.outputs().values());
      checkFed(graph, signature, reached);
      needed.addAll(reached);
      // An input may be a tensor inside the graph: then what it stands in for stays.
      needed.addAll(pruner.needed(List.of(), signature.inputs().values()));
    }
    GraphDef pruned = InputGuard.guard(pruner.keep(needed), definitions.values());
    Map<String, OpDef> known = new HashMap<>();
    TensorFlow.registeredOpList().getOpList().forEach(op -> known.put(op.getName(), op));
    Set<String> types = operationTypes(pruned);
    checkTypes(types);
    OpList.Builder operations = OpList.newBuilder();
    types.stream().filter(known::containsKey).map(known::get).forEach(operations::addOp);
    MetaGraphDef metaGraph =
        MetaGraphDef.newBuilder()
            .setMetaInfoDef(
                MetaGraphDef.MetaInfoDef.newBuilder()
                    .addTags(SavedModel.TAG)
                    .setTensorflowVersion(TensorFlow.version())
                    .setStrippedOpList(operations)
                    .setStrippedDefaultAttrs(true))
            .setGraphDef(portable(pruned, known))
            .putAllSignatureDef(definitions)
            .build();
    org.tensorflow.proto.SavedModel model =
        org.tensorflow.proto.SavedModel.newBuilder()
            .setSavedModelSchemaVersion(1)
            .addMetaGraphs(metaGraph)
            .build();
    AtomicFiles.replaceDirectory(
        target,
        directory -> {
          // Empty, but some loaders look for it.
          Files.createDirectory(directory.resolve("variables"));
          AtomicFiles.write(directory.resolve(SavedModelFile.NAME), model::writeTo);
          Files.createDirectory(directory.resolve(SavedModel.MODEL_JSON).getParent());
          AtomicFiles.writeString(directory.resolve(SavedModel.MODEL_JSON), info.toJson());
          if (twins.getNodeCount() > 0) {
            CompiledTwinsFile.write(directory, twins);
          }
          keepOthers(target, directory);
        });
  }

  /** What people have put beside the model, such as requests to warm up a server, stays there. */
  private static void keepOthers(Path old, Path directory) throws IOException {
    if (!Files.isDirectory(old)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(old)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        Path copy = directory.resolve(old.relativize(path).toString());
        if (copy.endsWith(CompiledTwinsFile.NAME)) {
          continue; // It belongs to the model that was there.
        }
        if (!Files.exists(copy, LinkOption.NOFOLLOW_LINKS)) {
          Files.copy(path, copy, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static SignatureDef definition(Graph graph, SignatureSpec signature) {
    SignatureDef.Builder definition = SignatureDef.newBuilder().setMethodName(METHOD_NAME);
    signature
        .inputs()
        .forEach(
            (name, tensor) -> definition.putInputs(name, tensorInfo(graph, signature, tensor)));
    signature
        .outputs()
        .forEach(
            (name, tensor) -> definition.putOutputs(name, tensorInfo(graph, signature, tensor)));
    return definition.build();
  }

  private static TensorInfo tensorInfo(Graph graph, SignatureSpec signature, String tensor) {
    GraphOperation operation = graph.operation(GraphPruner.nodeName(tensor));
    int index = outputIndex(tensor);
    if (operation == null || index < 0 || index >= operation.numOutputs()) {
      throw new RunException(
          "signature " + signature.name() + " names " + tensor + ", which the graph does not have");
    }
    Output<?> output = operation.output(index);
    return TensorInfo.newBuilder()
        .setName(operation.name() + ":" + index)
        .setDtype(output.dataType())
        .setTensorShape(shape(output.shape()))
        .build();
  }

  private static int outputIndex(String tensor) {
    int colon = tensor.indexOf(':');
    if (colon < 0) {
      return 0;
    }
    String index = tensor.substring(colon + 1);
    return index.matches("\\d{1,9}") ? Integer.parseInt(index) : -1;
  }

  private static TensorShapeProto shape(Shape shape) {
    TensorShapeProto.Builder proto = TensorShapeProto.newBuilder();
    if (shape.isUnknown()) {
      return proto.setUnknownRank(true).build();
    }
    for (long size : shape.asArray()) {
      proto.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return proto.build();
  }

  private static void checkFed(Graph graph, SignatureSpec signature, Set<String> reached) {
    for (String name : reached) {
      if (PLACEHOLDERS.contains(graph.operationOrThrow(name).type())) {
        throw new RunException(
            "signature %s needs the placeholder %s, which is not among its inputs %s"
                .formatted(signature.name(), name, signature.inputs().values()));
      }
    }
  }

  private static void checkTypes(Set<String> types) {
    for (String type : types) {
      if (type.startsWith("_")) {
        throw new RunException(
            ("the graph uses %s, an operation internal to TensorFlow that other loaders"
                    + " refuse: export a graph of public operations")
                .formatted(type));
      }
      if (VARIABLES.contains(type)) {
        throw new RunException(
            "the graph has variables (" + type + "): export a graph whose weights are constants");
      }
    }
  }

  private static Set<String> operationTypes(GraphDef graph) {
    Set<String> types = new TreeSet<>();
    addTypes(graph.getNodeList(), types);
    Set<String> functions = new HashSet<>();
    for (FunctionDef function : graph.getLibrary().getFunctionList()) {
      addTypes(function.getNodeDefList(), types);
      functions.add(function.getSignature().getName());
    }
    // The graph's own functions may be called like operations, and may be named as they like.
    types.removeAll(functions);
    return types;
  }

  private static void addTypes(Collection<NodeDef> nodes, Set<String> types) {
    nodes.forEach(node -> types.add(node.getOp()));
  }

  /** Without devices, and without attributes that only say what their default says. */
  private static GraphDef portable(GraphDef graph, Map<String, OpDef> known) {
    GraphDef.Builder portable = graph.toBuilder().clearNode();
    graph.getNodeList().forEach(node -> portable.addNode(portable(node, known)));
    FunctionDefLibrary.Builder library = FunctionDefLibrary.newBuilder();
    for (FunctionDef function : graph.getLibrary().getFunctionList()) {
      FunctionDef.Builder copy = function.toBuilder().clearNodeDef();
      function.getNodeDefList().forEach(node -> copy.addNodeDef(portable(node, known)));
      library.addFunction(copy);
    }
    return portable.setLibrary(library).build();
  }

  private static NodeDef portable(NodeDef node, Map<String, OpDef> known) {
    // A colocation ("_class") may name an operation that was left out.
    NodeDef.Builder copy = node.toBuilder().clearDevice().removeAttr("_class");
    OpDef definition = known.get(node.getOp());
    if (definition != null) {
      for (OpDef.AttrDef attribute : definition.getAttrList()) {
        AttrValue value = node.getAttrMap().get(attribute.getName());
        if (attribute.hasDefaultValue() && attribute.getDefaultValue().equals(value)) {
          copy.removeAttr(attribute.getName());
        }
      }
    }
    return copy.build();
  }
}
