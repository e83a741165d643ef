package org.imageperformer.savedmodels;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Puts oneDNN's kernel in the place of each LayerNorm of a graph, which is eight operations in a
 * SavedModel (docs/performance.md, "LayerNorm"). Only processors have that kernel, and not in every
 * build of TensorFlow, so a file must not name it. TensorFlow's own optimizer would find another
 * form of LayerNorm, but compute it with an epsilon of 0.001 whatever the graph says.
 */
final class FusedLayerNorms {

  private static final String KERNEL = "_MklLayerNorm";

  /** {@code offset + (x - mean) rsqrt(variance + epsilon) scale} over the last axis of x. */
  private record LayerNorm(String x, String scale, String offset, long features, float epsilon) {}

  private final GraphNodes nodes;

  private FusedLayerNorms(GraphDef graph) {
    this.nodes = new GraphNodes(graph);
  }

  /**
   * The graph with the kernels in place, or itself if this build of TensorFlow has none; everything
   * else keeps its name.
   */
  static GraphDef of(GraphDef graph) {
    boolean hasKernel =
        TensorFlow.registeredOpList().getOpList().stream()
            .anyMatch(op -> op.getName().equals(KERNEL));
    return hasKernel ? new FusedLayerNorms(graph).change(graph) : graph;
  }

  private GraphDef change(GraphDef graph) {
    GraphDef.Builder changed = graph.toBuilder().clearNode();
    for (NodeDef node : graph.getNodeList()) {
      find(node)
          .ifPresentOrElse(
              norm -> changed.addAllNode(fused(norm, node)), () -> changed.addNode(node));
    }
    return changed.build();
  }

  /** The LayerNorm that a node is the last operation of. */
  private Optional<LayerNorm> find(NodeDef sum) {
    if (!sum.getOp().equals("AddV2") || sum.getInputCount() != 2) { // Any more is an order of runs.
      return Optional.empty();
    }
    Optional<NodeDef> scaled = input(sum, 1, "Mul");
    Optional<NodeDef> centered = scaled.flatMap(node -> input(node, 0, "Sub"));
    Optional<NodeDef> factor = scaled.flatMap(node -> input(node, 1, "Mul"));
    Optional<NodeDef> variance = // with epsilon
        factor.flatMap(node -> input(node, 0, "Rsqrt")).flatMap(node -> input(node, 0, "AddV2"));
    Optional<String> x = centered.flatMap(node -> tensor(node, 0));
    Optional<Float> epsilon =
        variance.flatMap(node -> constant(node, 1)).flatMap(FusedLayerNorms::number);
    Optional<TensorProto> scale = factor.flatMap(node -> constant(node, 1));
    Optional<TensorProto> offset = constant(sum, 0);
    if (x.isEmpty() || epsilon.isEmpty() || scale.isEmpty() || offset.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> squared = // what the variance is the mean of the squares of
        meanOf(variance.get(), 0)
            .flatMap(squares -> operation(squares, "Square"))
            .flatMap(node -> tensor(node, 0));
    boolean isLayerNorm =
        squared.equals(tensor(scaled.get(), 0))
            && meanOf(centered.get(), 1).equals(x)
            && isVector(scale.get())
            && scale.get().getTensorShape().equals(offset.get().getTensorShape());
    return isLayerNorm
        ? Optional.of(
            new LayerNorm(
                x.get(),
                factor.get().getInput(1),
                sum.getInput(0),
                scale.get().getTensorShape().getDim(0).getSize(),
                epsilon.get()))
        : Optional.empty();
  }

  /** The kernel on rows, and its result in the shape of x under the name of the last operation. */
  private List<NodeDef> fused(LayerNorm norm, NodeDef last) {
    String rowShape = nodes.free(last.getName() + "_row_shape");
    String rows = nodes.free(last.getName() + "_rows");
    String shape = nodes.free(last.getName() + "_shape");
    String kernel = nodes.free(last.getName() + "_fused");
    AttrValue float32 = type(DataType.DT_FLOAT);
    AttrValue int32 = type(DataType.DT_INT32);
    return List.of(
        node(rowShape, "Const")
            .putAttr("dtype", int32)
            .putAttr("value", AttrValue.newBuilder().setTensor(rowShape(norm)).build())
            .build(),
        reshape(rows, norm.x(), rowShape).build(),
        node(kernel, KERNEL, rows, norm.scale(), norm.offset())
            .putAttr("T", float32)
            .putAttr("epsilon", AttrValue.newBuilder().setF(norm.epsilon()).build())
            .build(),
        node(shape, "Shape", norm.x()).putAttr("T", float32).putAttr("out_type", int32).build(),
        reshape(last.getName(), kernel, shape).build());
  }

  /** [-1, features]. */
  private static TensorProto rowShape(LayerNorm norm) {
    return TensorProto.newBuilder()
        .setDtype(DataType.DT_INT32)
        .setTensorShape(
            TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dim.newBuilder().setSize(2).build()))
        .addIntVal(-1)
        .addIntVal(Math.toIntExact(norm.features()))
        .build();
  }

  private static NodeDef.Builder reshape(String name, String x, String shape) {
    return node(name, "Reshape", x, shape)
        .putAttr("T", type(DataType.DT_FLOAT))
        .putAttr("Tshape", type(DataType.DT_INT32));
  }

  private static NodeDef.Builder node(String name, String op, String... inputs) {
    return NodeDef.newBuilder().setName(name).setOp(op).addAllInput(List.of(inputs));
  }

  private static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }

  /** What an input is the mean of over the last axis, which stays as one of length 1. */
  private Optional<String> meanOf(NodeDef node, int index) {
    return input(node, index, "Mean")
        .filter(mean -> mean.getAttrOrDefault("keep_dims", AttrValue.getDefaultInstance()).getB())
        .filter(mean -> constant(mean, 1).filter(FusedLayerNorms::isLastAxis).isPresent())
        .flatMap(mean -> tensor(mean, 0));
  }

  private static Optional<String> tensor(NodeDef node, int index) {
    return index < node.getInputCount() ? Optional.of(node.getInput(index)) : Optional.empty();
  }

  private Optional<NodeDef> input(NodeDef node, int index, String op) {
    return tensor(node, index).flatMap(name -> operation(name, op));
  }

  /** The node that gives a tensor, if it is of that operation. */
  private Optional<NodeDef> operation(String tensor, String op) {
    return nodes.of(tensor).filter(node -> node.getOp().equals(op));
  }

  private Optional<TensorProto> constant(NodeDef node, int index) {
    return input(node, index, "Const")
        .filter(value -> value.containsAttr("value"))
        .map(value -> value.getAttrOrThrow("value").getTensor());
  }

  /** Of a number for each feature; a single one could be for all of them. */
  private static boolean isVector(TensorProto value) {
    if (value.getDtype() != DataType.DT_FLOAT || value.getTensorShape().getDimCount() != 1) {
      return false;
    }
    long size = value.getTensorShape().getDim(0).getSize();
    return size > 1 && size <= Integer.MAX_VALUE;
  }

  private static Optional<Float> number(TensorProto value) {
    if (value.getDtype() != DataType.DT_FLOAT || value.getTensorShape().getDimCount() > 0) {
      return Optional.empty();
    }
    return value.getFloatValCount() > 0
        ? Optional.of(value.getFloatVal(0))
        : content(value).map(ByteBuffer::getFloat);
  }

  private static boolean isLastAxis(TensorProto axis) {
    if (axis.getDtype() != DataType.DT_INT32 || axis.getTensorShape().getDimCount() > 1) {
      return false;
    }
    Optional<Integer> only =
        axis.getIntValCount() == 1
            ? Optional.of(axis.getIntVal(0))
            : content(axis).map(ByteBuffer::getInt);
    return only.equals(Optional.of(-1));
  }

  /** What a constant of one number holds, if that is how it is written. */
  private static Optional<ByteBuffer> content(TensorProto value) {
    return Optional.of(value.getTensorContent().asReadOnlyByteBuffer())
        .filter(bytes -> bytes.remaining() == Integer.BYTES)
        .map(bytes -> bytes.order(ByteOrder.LITTLE_ENDIAN));
  }
}
