package org.imageperformer.tfmodels.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * Where the gradient of each operation of a pass would go. A walk back from a function's result
 * finds what the function used without being given it. What a walk found is kept, so that all of
 * them together look at each operation once.
 */
final class Origins {

  /**
   * A value or a weight.
   *
   * @param function that was given it or read it; 0 for what stands outside of functions
   * @param remedy what to do where another function meets it
   */
  private record Origin(int function, String what, String remedy) {}

  private static final Set<DataType> DIFFERENTIABLE =
      EnumSet.of(
          DataType.DT_HALF,
          DataType.DT_BFLOAT16,
          DataType.DT_FLOAT,
          DataType.DT_DOUBLE,
          DataType.DT_COMPLEX64,
          DataType.DT_COMPLEX128);

  /** Operations on floating-point numbers that let no gradient through. */
  private static final Set<String> BARRIERS = Set.of("StopGradient", "ZerosLike", "OnesLike");

  /** Empty for what no gradient flows back from. */
  private final Map<GraphOperation, Optional<Origin>> found = new HashMap<>();

  private int function;

  /** Begins the next function. */
  void begin() {
    function++;
  }

  /** Enters the copy of an input that the function works on. */
  void addInput(Operand<?> copy, Value input) {
    Optional<Origin> known = found.getOrDefault(operation(input.operand()), Optional.empty());
    found.put(
        operation(copy),
        input.constant() ? Optional.empty() : known.map(origin -> of(input, function)));
  }

  /** Enters a value that a hand-written function gave. */
  void addValue(Value value) {
    found.put(operation(value.operand()), Optional.of(of(value, 0)));
  }

  /** Enters a weight that the function read. */
  void addRead(Operand<?> read, Weight weight) {
    found.put(operation(read), Optional.of(of(weight, function)));
  }

  /** Enters a weight that was read outside of functions; one that is not trained is a constant. */
  void addReadOutside(Operand<?> read, Weight weight) {
    if (weight.role() == Weight.Role.TRAINED) {
      found.put(operation(read), Optional.of(of(weight, 0)));
    }
  }

  /**
   * Enters what the function gave, after a walk back from it.
   *
   * @throws IllegalStateException naming a value or weight that it used without being given it
   */
  void addResult(Value result) {
    GraphOperation last = operation(result.operand());
    Deque<GraphOperation> open = new ArrayDeque<>(List.of(last));
    while (!open.isEmpty()) {
      GraphOperation operation = open.peek();
      List<GraphOperation> inputs = found.containsKey(operation) ? List.of() : inputs(operation);
      List<GraphOperation> unknown =
          inputs.stream().filter(input -> !found.containsKey(input)).toList();
      unknown.forEach(open::push);
      if (unknown.isEmpty()) {
        found.putIfAbsent(
            open.pop(), inputs.stream().flatMap(input -> own(input).stream()).reduce((a, b) -> a));
      }
    }
    own(last).ifPresent(origin -> addValue(result));
  }

  /** The origin of an operation, which must not lie outside of the function. */
  private Optional<Origin> own(GraphOperation operation) {
    Optional<Origin> origin = found.get(operation);
    origin
        .filter(of -> of.function() != function)
        .ifPresent(
            of -> {
              throw new IllegalStateException(
                  "a function uses "
                      + of.what()
                      + " without being given it, so that its gradient would be lost: "
                      + of.remedy()
                      + ", or stop the gradient (tf.stopGradient, Pass.constant)");
            });
    return origin;
  }

  private static Origin of(Value value, int function) {
    return new Origin(function, "the value " + value, "list it among the inputs of Pass.apply");
  }

  private static Origin of(Weight weight, int function) {
    return new Origin(
        function,
        "the weight " + weight,
        "read it inside of the function (Pass.read), or make it an input (Pass.value)");
  }

  /** The operations that a gradient flows back to. */
  private static List<GraphOperation> inputs(GraphOperation operation) {
    List<GraphOperation> inputs = new ArrayList<>();
    if (!BARRIERS.contains(operation.type())) {
      for (int i = 0; i < operation.numInputs(); i++) {
        Output<?> input = operation.input(i);
        if (DIFFERENTIABLE.contains(input.dataType())) {
          inputs.add((GraphOperation) input.op());
        }
      }
    }
    return inputs;
  }

  private static GraphOperation operation(Operand<?> operand) {
    return (GraphOperation) operand.op();
  }
}
