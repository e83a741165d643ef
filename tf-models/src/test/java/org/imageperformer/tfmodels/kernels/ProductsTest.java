package org.imageperformer.tfmodels.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

class ProductsTest {
  private static final int BATCH = 2;
  private static final int HEADS = 3;
  private static final int N = 2;
  private static final int M = 5;

  /** Tokens, and the parts that they are added up in: 1 where they cannot be divided. */
  @ParameterizedTest
  @CsvSource({"1, 1", "64, 1", "97, 1", "128, 2", "130, 2", "257, 1", "785, 5", "1025, 5"})
  void sumsOverTokens(int tokens, int parts) {
    Random random = new Random(tokens);
    float[] a = random(random, tokens * N);
    float[] b = random(random, tokens * M);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> left = input(tf, "a", tokens, N);
      Operand<TFloat32> right = input(tf, "b", tokens, M);
      Operand<TFloat32> product = Products.overTokens(tf, left, right);
      assertThat(product.shape().asArray()).containsExactly(-1, HEADS, N, M);
      graph
          .operations()
          .forEachRemaining(
              operation -> {
                if (operation.type().startsWith("BatchMatMul")) {
                  Shape shape = operation.output(0).shape();
                  assertThat(shape.numDimensions() == 5 ? shape.get(2) : 1).isEqualTo(parts);
                }
              });
      try (Session session = new Session(graph);
          TFloat32 x = tensor(a, tokens, N);
          TFloat32 y = tensor(b, tokens, M);
          Result result = session.runner().feed("a", x).feed("b", y).fetch(product).run()) {
        TFloat32 sums = (TFloat32) result.get(0);
        for (int head = 0; head < BATCH * HEADS; head++) {
          for (int n = 0; n < N; n++) {
            for (int m = 0; m < M; m++) {
              double expected = 0;
              for (int token = head * tokens; token < (head + 1) * tokens; token++) {
                expected += (double) a[token * N + n] * b[token * M + m];
              }
              assertThat((double) sums.getFloat(head / HEADS, head % HEADS, n, m))
                  .isCloseTo(expected, within(1e-4));
            }
          }
        }
      }
    }
  }

  private static float[] random(Random random, int perHead) {
    float[] values = new float[BATCH * HEADS * perHead];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  private static Operand<TFloat32> input(Ops tf, String name, int tokens, int columns) {
    return tf.withName(name)
        .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, HEADS, tokens, columns)));
  }

  private static TFloat32 tensor(float[] values, int tokens, int columns) {
    return TFloat32.tensorOf(
        Shape.of(BATCH, HEADS, tokens, columns), DataBuffers.of(values, true, false));
  }
}
