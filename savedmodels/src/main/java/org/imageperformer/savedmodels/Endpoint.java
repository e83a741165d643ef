package org.imageperformer.savedmodels;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * The tensors of one signature, found in the loaded graph and checked against what the product
 * expects of it.
 *
 * @param name of the signature
 * @param input images or encoded images, batch first
 * @param logits float32 [batch, classes]
 * @param probabilities float32 [batch, classes]
 * @param classes int64 [batch]
 */
record Endpoint(
    String name, Output<?> input, Output<?> logits, Output<?> probabilities, Output<?> classes) {

  /** Resolves tensors of one signature, with errors that name the file and the signature. */
  private record Resolver(Path file, Graph graph, String signature) {

    Output<?> resolve(
        String kind, Map<String, TensorInfo> tensors, String name, DataType type, long... shape) {
      TensorInfo info = tensors.get(name);
      if (info == null) {
        throw failure(" has no " + kind + " " + name + ", found " + tensors.keySet());
      }
      Output<?> output =
          find(graph, info)
              .orElseThrow(
                  () ->
                      failure(
                          ": %s %s is %s, which the graph does not have"
                              .formatted(kind, name, info.getName())));
      if (output.dataType() != type || !fits(info.getTensorShape(), shape)) {
        throw failure(
            ": %s %s should be %s, found %s"
                .formatted(
                    kind,
                    name,
                    describe(type, shape),
                    describe(output.dataType(), sizes(info.getTensorShape()))));
      }
      return output;
    }

    private RunException failure(String problem) {
      return new RunException(file + ": signature " + signature + problem);
    }
  }

  static Endpoint resolve(
      Path file,
      Graph graph,
      MetaGraphDef metaGraph,
      String signature,
      String inputName,
      DataType inputType,
      long[] inputShape,
      int classCount) {
    SignatureDef definition = metaGraph.getSignatureDefMap().get(signature);
    if (definition == null) {
      throw new RunException(
          "%s: there is no signature %s, found %s"
              .formatted(file, signature, metaGraph.getSignatureDefMap().keySet()));
    }
    Resolver resolver = new Resolver(file, graph, signature);
    Map<String, TensorInfo> outputs = definition.getOutputsMap();
    return new Endpoint(
        signature,
        resolver.resolve("input", definition.getInputsMap(), inputName, inputType, inputShape),
        resolver.resolve("output", outputs, SavedModel.LOGITS, DataType.DT_FLOAT, -1, classCount),
        resolver.resolve(
            "output", outputs, SavedModel.PROBABILITIES, DataType.DT_FLOAT, -1, classCount),
        resolver.resolve("output", outputs, SavedModel.CLASSES, DataType.DT_INT64, -1));
  }

  /** The tensor that a signature names {@code "operation:0"}; empty if there is none such. */
  static Optional<Output<?>> find(Graph graph, TensorInfo info) {
    GraphOperation operation = graph.operation(GraphPruner.nodeName(info.getName()));
    int colon = info.getName().indexOf(':');
    String index = colon < 0 ? "0" : info.getName().substring(colon + 1);
    if (operation == null
        || !index.matches("\\d{1,9}")
        || Integer.parseInt(index) >= operation.numOutputs()) {
      return Optional.empty();
    }
    return Optional.of(operation.output(Integer.parseInt(index)));
  }

  /** Whether a declared shape takes any batch of tensors of the expected shape. */
  private static boolean fits(TensorShapeProto declared, long[] expected) {
    if (declared.getUnknownRank()) {
      return true;
    }
    if (declared.getDimCount() != expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      long size = declared.getDim(i).getSize();
      if (size != -1 && size != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private static long[] sizes(TensorShapeProto shape) {
    return shape.getUnknownRank()
        ? null
        : shape.getDimList().stream().mapToLong(TensorShapeProto.Dim::getSize).toArray();
  }

  private static String describe(DataType type, long[] shape) {
    String name = type.name().replaceFirst("^DT_", "").toLowerCase(Locale.ROOT);
    if (shape == null) {
      return name + " of unknown rank";
    }
    StringJoiner sizes = new StringJoiner(", ", " [", "]");
    for (long size : shape) {
      sizes.add(size == -1 ? "?" : Long.toString(size));
    }
    return name + sizes;
  }
}
