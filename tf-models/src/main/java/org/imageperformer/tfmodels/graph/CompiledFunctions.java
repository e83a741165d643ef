package org.imageperformer.tfmodels.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Signature;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
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

  /** What a function was given, in order. */
  public static final class Inputs {

    private final List<Operand<?>> operands;

    private Inputs(List<Operand<?>> operands) {
      this.operands = operands;
    }

    /** An input that was passed as float32. */
    @SuppressWarnings("unchecked") // As it was passed.
    public Operand<TFloat32> float32(int index) {
      return (Operand<TFloat32>) operands.get(index);
    }

    /** An input that was passed as int32. */
    @SuppressWarnings("unchecked") // As it was passed.
    public Operand<TInt32> int32(int index) {
      return (Operand<TInt32>) operands.get(index);
    }
  }

  private final Map<String, ConcreteFunction> functions = new HashMap<>();

  /**
   * Adds a call.
   *
   * @param name of the function; the same name must mean the same body
   * @param inputs of any type
   * @param body from the function's own operations and inputs to its outputs, all float32
   */
  public List<Operand<TFloat32>> call(
      Ops tf,
      String name,
      List<Operand<?>> inputs,
      BiFunction<Ops, Inputs, List<Operand<TFloat32>>> body) {
    StringBuilder key = new StringBuilder(name);
    inputs.forEach(
        input -> key.append(' ').append(input.type().getSimpleName()).append(input.shape()));
    ConcreteFunction function =
        functions.computeIfAbsent(
            key.toString(), k -> ConcreteFunction.create(inner -> define(inner, inputs, body)));
    int outputs = function.signature().outputNames().size();
    DataType[] inputTypes =
        inputs.stream().map(input -> input.asOutput().dataType()).toArray(DataType[]::new);
    DataType[] outputTypes = new DataType[outputs];
    Arrays.fill(outputTypes, DataType.DT_FLOAT);
    OperationBuilder builder =
        tf.scope()
            .opBuilder("PartitionedCall", name)
            .addInputList(inputs.stream().map(Operand::asOutput).toArray(Output<?>[]::new));
    builder.setAttr("Tin", inputTypes);
    builder.setAttr("Tout", outputTypes);
    builder.setAttr("f", function);
    builder.setAttr("_XlaMustCompile", true);
    var call = builder.build();
    List<Operand<TFloat32>> found = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      found.add(call.output(i));
    }
    return found;
  }

  private static Signature define(
      Ops tf, List<Operand<?>> inputs, BiFunction<Ops, Inputs, List<Operand<TFloat32>>> body) {
    Signature.Builder signature = Signature.builder();
    List<Operand<?>> placeholders = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Placeholder<?> placeholder = placeholder(tf, inputs.get(i));
      placeholders.add(placeholder);
      signature.input("in" + i, placeholder);
    }
    List<Operand<TFloat32>> outputs = body.apply(tf, new Inputs(placeholders));
    for (int i = 0; i < outputs.size(); i++) {
      signature.output("out" + i, outputs.get(i));
    }
    return signature.build();
  }

  private static <T extends TType> Placeholder<T> placeholder(Ops tf, Operand<T> like) {
    return tf.placeholder(like.type(), Placeholder.shape(like.shape()));
  }

  @Override
  public void close() {
    functions.values().forEach(ConcreteFunction::close);
    functions.clear();
  }
}
