package org.imageperformer.tfmodels.kernels;

import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The same functions with hand-written backward passes.
 *
 * <ul>
 *   <li>The turn by alpha and beta commutes with those by angles, so it moves, transposed, to the
 *       few rows of {@code A = sum_j g'_j v_j^T}: {@code f'_i . A = R(t_i) f_i . M^T A}.
 *   <li>With s the exchange of the two halves, a turn is {@code x cos + s(x) (-sin, sin)}. Training
 *       compiles features and turn into one loop, and its backward pass into another, where s costs
 *       nothing. Inference moves s to the other side of the products, to the few rows: {@code (x
 *       cos) A + (x (sin, -sin)) s(A)}.
 *   <li>The backward pass of a convolution around a torus is one with the kernel turned around, the
 *       same beyond the edges.
 * </ul>
 */
record FastWaves(Pass pass) implements WaveKernels {

  @Override
  public Value convolve(Value x, Convolution of) {
    Ops tf = pass.tf();
    Operand<TFloat32> kernel = pass.read(of.kernel());
    Operand<TFloat32> surrounded = of.surround(tf, x.operand());
    return pass.record(
        tf.nn.biasAdd(of.sums(tf, surrounded, kernel), pass.read(of.bias())),
        (dOutput, gradients) -> {
          Operand<TFloat32> turned = tf.reverse(kernel, tf.constant(new int[] {0, 1}));
          gradients.add(x, of.sums(tf, of.surround(tf, dOutput), turned));
          gradients.add(of.kernel(), of.kernelGradient(tf, surrounded, dOutput));
          gradients.add(of.bias(), tf.nn.biasAddGrad(dOutput));
        });
  }

  @Override
  public Value attend(Value q, Value k, Value v, WaveParameters of) {
    FastWaveAttention attention = new FastWaveAttention(pass, of);
    return pass.training() ? attention.train(q, k, v) : pass.apply(q, k, v, attention::infer);
  }
}
