package org.imageperformer.tools.bench;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DeviceStepStats;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.NodeExecStats;
import org.tensorflow.proto.RunMetadata;

/** What operations took in runs that TensorFlow made notes of, in all and by kind. */
final class OperationTimes {

  /** Kinds of operations. */
  enum Kind {
    /** Matrix products, with bias and activation where they are one kernel. */
    PRODUCTS("products"),
    /** Convolutions of images and their gradients. */
    CONVOLUTIONS("convolutions"),
    /** Softmax, and exponentials by themselves. */
    EXPONENTIALS("softmax, exp"),
    /** Sums, means and maxima over axes. */
    REDUCTIONS("reductions"),
    /** Arithmetic of TensorFlow's own kernels, an operation at a time. */
    ARITHMETIC("arithmetic"),
    /** LayerNorm and BatchNorm that are one kernel. */
    NORMS("norms"),
    /** Arithmetic that XLA has compiled into loops. */
    COMPILED("compiled"),
    /** Functions applied to each image, whose own operations TensorFlow does not note. */
    MAPPED("mapped"),
    /** Copies in another order, place or type. */
    MOVES("moves"),
    /** Sums of gradients and the optimizer. */
    UPDATES("updates"),
    /** The rest. */
    OTHER("other");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** As tables have it. */
    String text() {
      return text;
    }
  }

  private static final Map<Kind, Set<String>> OPERATIONS =
      Map.of(
          Kind.PRODUCTS,
          Set.of("MatMul", "FusedMatMul", "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3"),
          Kind.EXPONENTIALS,
          Set.of("Softmax", "LogSoftmax", "Exp", "SoftmaxCrossEntropyWithLogits"),
          Kind.REDUCTIONS,
          Set.of("Sum", "Mean", "Max", "Min", "ArgMax", "BiasAddGrad", "L2Loss"),
          Kind.ARITHMETIC,
          Set.of(
              "Add",
              "AddV2",
              "AddN",
              "Sub",
              "Mul",
              "Div",
              "RealDiv",
              "Neg",
              "Square",
              "Sqrt",
              "Rsqrt",
              "SquaredDifference",
              "Erf",
              "Elu",
              "EluGrad",
              "Relu",
              "ReluGrad",
              "Sigmoid",
              "Tanh",
              "Sin",
              "Cos",
              "BiasAdd",
              "Select",
              "SelectV2",
              "Equal",
              "Greater",
              "Maximum",
              "Minimum",
              "UnaryOpsComposition"),
          Kind.NORMS,
          Set.of(
              "LayerNorm",
              "FusedBatchNorm",
              "FusedBatchNormV3",
              "FusedBatchNormEx",
              "FusedBatchNormGradV3"),
          Kind.MOVES,
          Set.of(
              "Transpose",
              "ConcatV2",
              "Slice",
              "StridedSlice",
              "StridedSliceGrad",
              "Split",
              "SplitV",
              "Pack",
              "Unpack",
              "Pad",
              "PadV2",
              "MirrorPad",
              "Reshape",
              "Cast",
              "GatherV2",
              "GatherNd",
              "ScatterNd",
              "UnsortedSegmentSum",
              "ReverseV2",
              "Tile",
              "Roll",
              "BroadcastTo",
              "Fill",
              "ZerosLike",
              "Identity",
              "ExtractImagePatches"),
          Kind.UPDATES,
          Set.of("ScatterAdd", "Assign", "AssignAdd", "ApplyAdam", "ApplyGradientDescent"));

  private record Operation(Kind kind, String label) {}

  private final Map<String, Operation> operations = new HashMap<>();
  private final Map<Kind, Double> byKind = new EnumMap<>(Kind.class);
  private final Map<String, Double> byOperation = new TreeMap<>();

  /** Of a type of operations, such as {@code MatMul}. */
  static Kind kind(String type) {
    // oneDNN's kernels and fused ones have prefixes.
    String stem = type.replaceFirst("^_", "").replaceFirst("^Mkl(Native)?", "");
    for (Map.Entry<Kind, Set<String>> each : OPERATIONS.entrySet()) {
      if (each.getValue().contains(stem)) {
        return each.getKey();
      }
    }
    if (stem.contains("Conv2D") || stem.contains("Conv2d") || stem.contains("Pool")) {
      return Kind.CONVOLUTIONS;
    }
    return switch (stem) {
      case "PartitionedCall" -> Kind.COMPILED;
      case "MapDefun" -> Kind.MAPPED;
      default -> Kind.OTHER;
    };
  }

  /** Adds the notes of a run. */
  void add(RunMetadata notes) {
    for (GraphDef graph : notes.getPartitionGraphsList()) {
      for (NodeDef node : graph.getNodeList()) {
        operations.put(node.getName(), new Operation(kind(node.getOp()), label(node)));
      }
    }
    for (DeviceStepStats device : notes.getStepStats().getDevStatsList()) {
      device.getNodeStatsList().forEach(this::add);
    }
  }

  private void add(NodeExecStats node) {
    double milliseconds = (node.getOpEndRelNanos() - node.getOpStartRelNanos()) / 1e6;
    Operation operation =
        operations.getOrDefault(node.getNodeName(), new Operation(Kind.OTHER, node.getNodeName()));
    byKind.merge(operation.kind(), milliseconds, Double::sum);
    byOperation.merge(operation.label(), milliseconds, Double::sum);
  }

  /** The type, with what is fused into it or the function that is called. */
  private static String label(NodeDef node) {
    AttrValue fused = node.getAttrOrDefault("fused_ops", AttrValue.getDefaultInstance());
    if (fused.getList().getSCount() > 0) {
      StringBuilder label = new StringBuilder(node.getOp());
      fused.getList().getSList().forEach(op -> label.append(" + ").append(op.toStringUtf8()));
      return label.toString();
    }
    return kind(node.getOp()) == Kind.COMPILED
        // The name that the call was given, without what tells it from others of that name.
        ? node.getName().replaceFirst("^.*/", "").replaceFirst("_\\d+$", "")
        : node.getOp();
  }

  /** Milliseconds by kind; kinds that did not occur are left out. */
  Map<Kind, Double> byKind() {
    return byKind;
  }

  /** Milliseconds by type of operation, and by name of a compiled function. */
  Map<String, Double> byOperation() {
    return byOperation;
  }
}
