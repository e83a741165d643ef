package org.imageperformer.tools.scalars;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.tensorflow.proto.Summary;
import org.tensorflow.proto.TensorProto;

/** A number in a summary, in either of the two ways of writing one. */
final class Scalar {

  private Scalar() {}

  /** Who draws a value as a curve; those of others, hyperparameters' above all, are none. */
  private static final Set<String> PLUGINS = Set.of("", "scalars");

  /** The number; empty if the value is something else, such as a text or a picture. */
  static OptionalDouble of(Summary.Value value) {
    if (!PLUGINS.contains(value.getMetadata().getPluginData().getPluginName())) {
      return OptionalDouble.empty();
    }
    return switch (value.getValueCase()) {
      case SIMPLE_VALUE -> OptionalDouble.of(decimal(value.getSimpleValue()));
      case TENSOR -> of(value.getTensor());
      default -> OptionalDouble.empty();
    };
  }

  private static OptionalDouble of(TensorProto tensor) {
    if (tensor.getTensorShape().getDimCount() > 0) {
      return OptionalDouble.empty();
    }
    ByteBuffer content =
        tensor.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    return switch (tensor.getDtype()) {
      case DT_FLOAT ->
          content.remaining() == Float.BYTES
              ? OptionalDouble.of(decimal(content.getFloat()))
              : first(tensor.getFloatValCount(), () -> decimal(tensor.getFloatVal(0)));
      case DT_DOUBLE ->
          content.remaining() == Double.BYTES
              ? OptionalDouble.of(content.getDouble())
              : first(tensor.getDoubleValCount(), () -> tensor.getDoubleVal(0));
      case DT_INT32 ->
          content.remaining() == Integer.BYTES
              ? OptionalDouble.of(content.getInt())
              : first(tensor.getIntValCount(), () -> tensor.getIntVal(0));
      case DT_INT64 ->
          content.remaining() == Long.BYTES
              ? OptionalDouble.of((double) content.getLong())
              : first(tensor.getInt64ValCount(), () -> (double) tensor.getInt64Val(0));
      default -> OptionalDouble.empty();
    };
  }

  private static OptionalDouble first(int count, DoubleSupplier value) {
    return count == 1 ? OptionalDouble.of(value.getAsDouble()) : OptionalDouble.empty();
  }

  /** The shortest decimal number that the float32 stands for. */
  private static double decimal(float value) {
    return Double.parseDouble(Float.toString(value));
  }
}
