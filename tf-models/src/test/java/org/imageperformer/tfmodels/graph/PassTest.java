package org.imageperformer.tfmodels.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** What a pass differentiates, and what it refuses to lose. All tensors are scalars. */
class PassTest {

  private static final float X = 3;
  private static final float Y = 5;

  private final Graph graph = new Graph();
  private final CompiledFunctions compiled = new CompiledFunctions();
  private final Ops tf = Ops.create(graph);
  private final Weights weights = new Weights();
  private final Weight xWeight = weights.trained("x", Initializer.constant(X));
  private final Weight yWeight = weights.trained("y", Initializer.constant(Y));
  private final Weight features = weights.randomFeatures("p", Initializer.constant(7));
  private final Weight average = weights.state("norm/average", Initializer.constant(2));
  private final ConstantWeights source = new ConstantWeights(weights, weights.initialValues(1));
  private final Pass pass =
      Pass.training(graph, tf, source, PassOptions.PLAIN, tf.constant(new long[] {1, 2}), compiled);
  private final Value x = named("left", xWeight);
  private final Value y = named("right", yWeight);

  /** A weight, doubled, as the value of an operation of that name. */
  private Value named(String name, Weight weight) {
    return pass.apply(pass.value(weight), w -> tf.withName(name).math.mul(w, tf.constant(2f)));
  }

  @AfterEach
  void close() {
    graph.close();
    compiled.close();
  }

  /** The gradients of x y + y by both; the weights are half of the values. */
  private void assertProductAndSum(Value f) {
    assertGradients(f, 2 * 2 * Y, 2 * (2 * X + 1));
  }

  private void assertGradients(Value f, double byX, double byY) {
    List<Weight> both = List.of(xWeight, yWeight);
    Map<Weight, Operand<TFloat32>> gradients = pass.gradients(f, both);
    List<Float> found = new ArrayList<>();
    try (Session session = new Session(graph)) {
      Session.Runner runner = session.runner();
      both.forEach(weight -> runner.fetch(gradients.get(weight)));
      try (Result result = runner.run()) {
        result.forEach(entry -> found.add(((TFloat32) entry.getValue()).getFloat()));
      }
    }
    assertThat(found.get(0)).isCloseTo((float) byX, within(1e-5f));
    assertThat(found.get(1)).isCloseTo((float) byY, within(1e-5f));
  }

  private Operand<TFloat32> productAndSum(Operand<TFloat32> a, Operand<TFloat32> b) {
    return tf.math.add(tf.math.mul(a, b), b);
  }

  @Test
  void findsTheGradientsOfAllInputs() {
    assertProductAndSum(pass.apply(x, y, this::productAndSum));
  }

  @Test
  void namedInputsAreFoundByName() {
    assertProductAndSum(
        pass.apply(
            Map.of("first", x, "second", y),
            in -> productAndSum(in.get("first"), in.get("second"))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pass.apply(Map.of("first", x, "second", y), in -> in.get("third")))
        .withMessage(
            "the function has no input 'third' of type TFloat32; it was given [first, second]");
  }

  @Test
  void aCapturedValueIsAnError() {
    assertThatIllegalStateException()
        .isThrownBy(() -> pass.apply(x, a -> productAndSum(a, y.operand())))
        .withMessage(
            "a function uses the value right [] without being given it, so that its gradient would"
                + " be lost: list it among the inputs of Pass.apply, or stop the gradient"
                + " (tf.stopGradient, Pass.constant)");
  }

  @Test
  void aValueCapturedAsWhatWasComputedFromItIsAnError() {
    Operand<TFloat32> twice = tf.math.mul(tf.math.exp(y.operand()), tf.constant(2f));
    assertThatIllegalStateException()
        .isThrownBy(() -> pass.apply(x, a -> tf.math.mul(a, twice)))
        .withMessageContaining("the value right []");
  }

  @Test
  void aCapturedValueIsAnErrorEvenAsTheWholeResult() {
    assertThatIllegalStateException()
        .isThrownBy(() -> pass.apply(x, a -> y.operand()))
        .withMessageContaining("the value right []");
  }

  /** What one function made inside of itself is of no use to another. */
  @Test
  void theInsideOfAnotherFunctionIsAnError() {
    List<Operand<TFloat32>> inside = new ArrayList<>();
    pass.apply(
        y,
        b -> {
          inside.add(tf.math.exp(b));
          inside.add(tf.math.exp(pass.read(xWeight)));
          return tf.math.mul(inside.get(0), inside.get(1));
        });
    assertThatIllegalStateException()
        .isThrownBy(() -> pass.apply(x, a -> tf.math.mul(a, inside.get(0))))
        .withMessageContaining("the value right []");
    assertThatIllegalStateException()
        .isThrownBy(() -> pass.apply(x, a -> tf.math.mul(a, inside.get(1))))
        .withMessageContaining("the weight x []");
  }

  @Test
  void aWeightReadOutsideOfTheFunctionIsAnError() {
    Operand<TFloat32> read = pass.read(yWeight);
    assertThatIllegalStateException()
        .isThrownBy(() -> pass.apply(x, a -> tf.math.mul(a, read)))
        .withMessage(
            "a function uses the weight y [] without being given it, so that its gradient would be"
                + " lost: read it inside of the function (Pass.read), or make it an input"
                + " (Pass.value), or stop the gradient (tf.stopGradient, Pass.constant)");
  }

  @Test
  void aWeightReadInsideOrGivenIsDifferentiated() {
    Value inside = pass.apply(x, a -> productAndSum(a, pass.read(yWeight)));
    assertGradients(inside, 2 * Y, 2 * X + 1);
    Value given = pass.apply(x, pass.value(yWeight), this::productAndSum);
    assertGradients(given, 2 * Y, 2 * X + 1);
  }

  @Test
  void stoppedGradientsAreNoError() {
    Value f = pass.apply(x, y, (a, b) -> tf.math.mul(productAndSum(a, b), stopped()));
    assertGradients(f, 2 * 2 * Y * 2 * Y, 2 * (2 * X + 1) * 2 * Y);
  }

  private Operand<TFloat32> stopped() {
    return tf.stopGradient(y.operand());
  }

  @Test
  void constantsAreNoError() {
    Value constant = pass.constant(y.operand());
    Operand<TFloat32> position = tf.math.add(tf.constant(1f), tf.constant(1f));
    Value f =
        pass.apply(
            x,
            y,
            constant,
            (a, b, c) ->
                tf.math.mul(
                    tf.math.mul(productAndSum(a, b), tf.math.mul(c, constant.operand())),
                    position));
    double factor = 2 * 2 * Y * 2 * Y;
    assertGradients(f, 2 * 2 * Y * factor, 2 * (2 * X + 1) * factor);
  }

  /** Also when two functions use it. */
  @Test
  void aValueOfConstantsAloneIsAConstant() {
    Operand<TFloat32> position = tf.math.add(tf.constant(1f), tf.constant(1f));
    Value encoding = pass.apply(pass.constant(position), p -> tf.math.mul(p, p));
    Value scaled = pass.apply(x, a -> tf.math.mul(a, tf.math.mul(encoding.operand(), position)));
    Value f = pass.apply(scaled, y, (a, b) -> tf.math.mul(productAndSum(a, b), position));
    assertGradients(f, 2 * 2 * Y * 16, 2 * (2 * X * 8 + 1) * 2);
  }

  @Test
  void whatCarriesNoGradientIsNoError() {
    Operand<TFloat32> one =
        tf.math.add(
            tf.dtypes.cast(tf.rank(y.operand()), TFloat32.class),
            tf.dtypes.cast(tf.math.greater(y.operand(), tf.constant(0f)), TFloat32.class));
    assertProductAndSum(
        pass.apply(
            x,
            y,
            (a, b) ->
                tf.math.add(tf.math.mul(productAndSum(a, b), one), tf.zerosLike(y.operand()))));
  }

  @Test
  void randomFeaturesAndStateAreConstantsWhereTheyAreReadOutside() {
    Operand<TFloat32> p = pass.read(features);
    Operand<TFloat32> mean = pass.read(average);
    Value f = pass.apply(x, y, (a, b) -> tf.math.mul(productAndSum(a, b), tf.math.mul(p, mean)));
    assertGradients(f, 2 * 2 * Y * 14, 2 * (2 * X + 1) * 14);
  }

  @Test
  void theResultOfAHandWrittenFunctionIsAValueToo() {
    Value sum = pass.add(x, y);
    assertThatIllegalStateException()
        .isThrownBy(() -> pass.apply(x, a -> tf.math.mul(a, sum.operand())))
        .withMessageContaining("the value " + sum.operand().op().name());
    assertGradients(pass.apply(x, sum, tf.math::mul), 2 * (2 * 2 * X + 2 * Y), 2 * 2 * X);
  }

  @Test
  void functionsDoNotNest() {
    assertThatIllegalStateException()
        .isThrownBy(() -> pass.apply(x, a -> pass.apply(y, b -> b).operand()))
        .withMessage("functions of a pass do not nest");
    assertThatIllegalStateException()
        .isThrownBy(() -> pass.apply(x, a -> pass.add(x, y).operand()))
        .withMessage("functions of a pass do not nest");
    assertProductAndSum(pass.apply(x, y, this::productAndSum));
  }

  @Test
  void namesTheWeightsThatNoGradientReaches() {
    Value f = pass.apply(x, a -> tf.math.exp(a));
    assertThatIllegalStateException()
        .isThrownBy(() -> pass.gradients(f, List.of(xWeight, yWeight)))
        .withMessage("no gradient reaches these weights: y");
  }

  @Test
  void stateIsUpdatedOnceAndByTrainingAlone() {
    pass.update(average, x.operand());
    assertThat(pass.updates()).containsExactly(Map.entry(average, x.operand()));
    assertThatIllegalStateException()
        .isThrownBy(() -> pass.update(average, y.operand()))
        .withMessage("the state norm/average [] is updated twice in one pass");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pass.update(xWeight, y.operand()))
        .withMessage("the weight x [] is no state but TRAINED: a pass cannot update it");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                Pass.inference(graph, tf, source, PassOptions.PLAIN)
                    .update(average, tf.constant(1f)))
        .withMessage("a pass for inference updates no state: norm/average []");
    assertThat(weights.of(Weight.Role.STATE)).containsExactly(average);
    assertThat(weights.parameters()).isEqualTo(2);
  }
}
