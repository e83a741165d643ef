package org.imageperformer.tfmodels.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

class WidenedTest {

  @Test
  void onlyWhatWasWidenedHasAnOrigin() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = tf.constant(new float[] {1, 2});
      Operand<TBfloat16> narrow = tf.dtypes.cast(x, TBfloat16.class);
      Operand<TFloat32> widened = Widened.of(tf, narrow);

      assertThat(Widened.origin(widened).orElseThrow().asOutput()).isEqualTo(narrow.asOutput());
      assertThat(Widened.origin(x)).isEmpty();
      assertThat(Widened.origin(narrow)).isEmpty();
      assertThat(Widened.origin(tf.identity(widened))).isEmpty();
      assertThat(Widened.origin(tf.dtypes.cast(tf.constant(3), TFloat32.class))).isEmpty();
      Operand<TInt32> whole = tf.dtypes.cast(narrow, TInt32.class);
      assertThat(Widened.origin(whole)).isEmpty();
    }
  }

  /** In float32 within, however it is read and written. */
  @Test
  void compiledFunctionsReadAndWriteBfloat16() {
    try (Graph graph = new Graph();
        CompiledFunctions functions = new CompiledFunctions()) {
      Ops tf = Ops.create(graph);
      Operand<TBfloat16> narrow =
          tf.dtypes.cast(tf.constant(new float[] {1.01f, -2.03f, 300.7f}), TBfloat16.class);
      Operand<TFloat32> y = tf.constant(new float[] {1e-3f, 1e-3f, 1e-3f});
      Map<String, Operand<?>> inputs = Map.of("x", Widened.of(tf, narrow), "y", y);
      BiFunction<Ops, Inputs, Operand<TFloat32>> body =
          (inner, in) -> inner.math.add(in.get("x"), in.get("y"));
      Operand<TFloat32> sum = functions.callOne(tf, "sum", inputs, body);
      Operand<TBfloat16> rounded = functions.callNarrow(tf, "sum", inputs, body);

      GraphOperation call = (GraphOperation) sum.op();
      assertThat(call.input(0).type()).isEqualTo(TBfloat16.class);
      assertThat(call.input(1).type()).isEqualTo(TFloat32.class);
      try (Session session = new Session(graph);
          Result result =
              session
                  .runner()
                  .fetch(sum)
                  .fetch(tf.math.add(Widened.of(tf, narrow), y))
                  .fetch(Widened.of(tf, rounded))
                  .fetch(Widened.of(tf, tf.dtypes.cast(sum, TBfloat16.class)))
                  .run()) {
        assertThat(floats(result, 0)).containsExactly(floats(result, 1));
        assertThat(floats(result, 2)).containsExactly(floats(result, 3));
        assertThat(floats(result, 0)).isNotEqualTo(floats(result, 2));
      }
    }
  }

  private static float[] floats(Result result, int index) {
    float[] values = new float[3];
    ((TFloat32) result.get(index)).copyTo(DataBuffers.of(values));
    return values;
  }
}
