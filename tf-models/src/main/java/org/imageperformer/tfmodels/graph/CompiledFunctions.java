package org.imageperformer.tfmodels.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Signature;
import org.tensorflow.op.Operands;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * Arithmetic that XLA compiles into single loops. TensorFlow's own element-wise kernels read and
 * write memory once for each operation, and the Java library's are built without wide vector
 * instructions; a chain of them compiled together reads and writes once.
 *
 * <p>Functions are shared by all calls of one name and the same input types and ranks, so that each
 * is compiled once for each shape. Owns the functions' native memory; a graph that called them
 * keeps copies of its own.
 */
public final class CompiledFunctions implements AutoCloseable {

  private final Map<String, ConcreteFunction> functions = new HashMap<>();

  /**
   * Adds a call.
   *
   * @param name of the function; the same name must mean the same body
   * @param inputs of any type, by the names under which the body finds them; those that were
   *     {@linkplain Widened widened} are read as they were before, and widened within the loop
   * @param body from the function's own operations and inputs to its outputs
   */
  public List<Operand<TFloat32>> call(
      Ops tf,
      String name,
      Map<String, ? extends Operand<?>> inputs,
      BiFunction<Ops, Inputs, List<Operand<TFloat32>>> body) {
    return call(tf, name, TFloat32.class, inputs, body);
  }

  private <T extends TType> List<Operand<T>> call(
      Ops tf,
      String name,
      Class<T> type,
      Map<String, ? extends Operand<?>> inputs,
      BiFunction<Ops, Inputs, List<Operand<T>>> body) {
    SortedMap<String, Operand<?>> sorted = new TreeMap<>();
    inputs.forEach(
        (input, operand) -> {
          Optional<Operand<TBfloat16>> narrow = Widened.origin(operand);
          sorted.put(input, narrow.isPresent() ? narrow.get() : operand);
        });
    StringBuilder key = new StringBuilder(name).append(' ').append(type.getSimpleName());
    sorted.forEach(
        (input, operand) ->
            key.append(' ')
                .append(input)
                .append(operand.type().getSimpleName())
                .append(operand.shape()));
    ConcreteFunction function =
        functions.computeIfAbsent(
            key.toString(), k -> ConcreteFunction.create(inner -> define(inner, sorted, body)));
    int outputs = function.signature().outputNames().size();
    List<Output<?>> operands = sorted.values().stream().<Output<?>>map(Operand::asOutput).toList();
    DataType[] outputTypes = new DataType[outputs];
    Arrays.fill(outputTypes, Operands.toDataType(type));
    OperationBuilder builder =
        tf.scope()
            .opBuilder("PartitionedCall", name)
            .addInputList(operands.toArray(Output<?>[]::new));
    builder.setAttr("Tin", operands.stream().map(Output::dataType).toArray(DataType[]::new));
    builder.setAttr("Tout", outputTypes);
    builder.setAttr("f", function);
    builder.setAttr("_XlaMustCompile", true);
    var call = builder.build();
    List<Operand<T>> found = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      found.add(call.output(i));
    }
    return found;
  }

  /**
   * Adds a call of a function with one output, which it writes in bfloat16.
   *
   * @param body to its output before it is rounded
   */
  public Operand<TBfloat16> callNarrow(
      Ops tf,
      String name,
      Map<String, ? extends Operand<?>> inputs,
      BiFunction<Ops, Inputs, Operand<TFloat32>> body) {
    return call(
            tf,
            name,
            TBfloat16.class,
            inputs,
            (inner, in) -> List.of(inner.dtypes.cast(body.apply(inner, in), TBfloat16.class)))
        .get(0);
  }

  /** Adds a call of a function with one output. */
  public Operand<TFloat32> callOne(
      Ops tf,
      String name,
      Map<String, ? extends Operand<?>> inputs,
      BiFunction<Ops, Inputs, Operand<TFloat32>> body) {
    return call(tf, name, inputs, (inner, in) -> List.of(body.apply(inner, in))).get(0);
  }

  private static <T extends TType> Signature define(
      Ops tf,
      SortedMap<String, Operand<?>> inputs,
      BiFunction<Ops, Inputs, List<Operand<T>>> body) {
    Signature.Builder signature = Signature.builder();
    Map<String, Operand<?>> placeholders = new HashMap<>();
    inputs.forEach(
        (name, like) -> {
          if (like.type() == TBfloat16.class) {
            Placeholder<TBfloat16> narrow = placeholder(tf, TBfloat16.class, like);
            placeholders.put(name, Widened.of(tf, narrow));
            signature.input(name, narrow);
          } else {
            Placeholder<?> placeholder = placeholder(tf, like.type(), like);
            placeholders.put(name, placeholder);
            signature.input(name, placeholder);
          }
        });
    List<Operand<T>> outputs = body.apply(tf, new Inputs(placeholders));
    for (int i = 0; i < outputs.size(); i++) {
      signature.output("out" + i, outputs.get(i));
    }
    return signature.build();
  }

  private static <T extends TType> Placeholder<T> placeholder(
      Ops tf, Class<T> type, Operand<?> like) {
    return tf.placeholder(type, Placeholder.shape(like.shape()));
  }

  @Override
  public void close() {
    functions.values().forEach(ConcreteFunction::close);
    functions.clear();
  }
}
