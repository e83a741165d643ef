package org.imageperformer.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.imageperformer.datasets.ImageSet;

/**
 * Softmax regression with momentum, in plain Java: everything a real model has that a resume can
 * lose (weights, optimizer state, redrawn features, noise that depends on the step).
 */
final class FakeTrainable implements Trainable {

  private static final int CLASSES = 10;

  /** Told before each step and save, to fail or to let time pass. */
  interface Hook {
    void before(String what, long step);
  }

  private final long seed;
  private final Hook hook;
  private final int pixels;
  final double[] weights;
  private final double[] momentum;
  private double[] features;
  private double poison;
  private boolean closed;

  FakeTrainable(long seed, int pixels, Hook hook) {
    this.seed = seed;
    this.pixels = pixels;
    this.hook = hook;
    weights = new Random(seed).doubles((long) CLASSES * pixels, -0.1, 0.1).toArray();
    momentum = new double[weights.length];
    features = draw(0);
  }

  private double[] draw(long redraw) {
    return new Random(seed + 31 * redraw).doubles(pixels, 0.5, 1.5).toArray();
  }

  /** Makes the loss of every later step that number. */
  void poison(double loss) {
    poison = loss;
  }

  boolean closed() {
    return closed;
  }

  @Override
  public long parameters() {
    return weights.length;
  }

  @Override
  public StepResult trainStep(
      ImageSet train, int[] indices, long step, double learningRate, Moment moment) {
    hook.before("step", step);
    double[] gradient = new double[weights.length];
    double loss = poison;
    int correct = 0;
    Random noise = new Random(seed * 7919 + step);
    for (int index : indices) {
      double[] x = input(train, index);
      for (int i = 0; i < pixels; i++) {
        x[i] *= noise.nextDouble() < 0.1 ? 0 : 1 / 0.9;
      }
      double[] p = probabilities(x);
      int label = train.label(index);
      loss -= Math.log(p[label]);
      correct += argmax(p) == label ? 1 : 0;
      for (int c = 0; c < CLASSES; c++) {
        for (int i = 0; i < pixels; i++) {
          gradient[c * pixels + i] += (p[c] - (c == label ? 1 : 0)) * x[i] / indices.length;
        }
      }
    }
    double norm = Math.sqrt(Arrays.stream(gradient).map(g -> g * g).sum());
    for (int i = 0; i < weights.length; i++) {
      momentum[i] = 0.9 * momentum[i] + gradient[i];
      weights[i] -= learningRate * momentum[i];
    }
    return new StepResult(loss, correct, indices.length, norm, moment);
  }

  @Override
  public EvaluationResult evaluate(ImageSet images, EvaluationProgress progress) {
    hook.before("evaluate", images.size());
    double loss = 0;
    int correct = 0;
    for (int i = 0; i < images.size(); i++) {
      double[] p = probabilities(input(images, i));
      loss -= Math.log(p[images.label(i)]);
      correct += argmax(p) == images.label(i) ? 1 : 0;
      progress.evaluated(i + 1, images.size());
    }
    return new EvaluationResult(loss, correct, images.size());
  }

  private double[] input(ImageSet images, int index) {
    ByteBuffer bytes = ByteBuffer.allocate(pixels);
    images.copyImage(index, bytes);
    double[] x = new double[pixels];
    for (int i = 0; i < pixels; i++) {
      x[i] = (bytes.get(i) & 0xff) / 255.0 * features[i];
    }
    return x;
  }

  private double[] probabilities(double[] x) {
    double[] p = new double[CLASSES];
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      double logit = 0;
      for (int i = 0; i < pixels; i++) {
        logit += weights[c * pixels + i] * x[i];
      }
      p[c] = Math.exp(logit);
      sum += p[c];
    }
    for (int c = 0; c < CLASSES; c++) {
      p[c] /= sum;
    }
    return p;
  }

  private static int argmax(double[] p) {
    int best = 0;
    for (int c = 1; c < p.length; c++) {
      best = p[c] > p[best] ? c : best;
    }
    return best;
  }

  @Override
  public void redrawFeatures(long redraw) {
    features = draw(redraw);
  }

  @Override
  public void save(Path directory) {
    write(directory.resolve("weights"), weights);
    hook.before("save", 0);
    write(directory.resolve("momentum"), momentum);
    write(directory.resolve("features"), features);
  }

  @Override
  public void restore(Path directory) {
    restoreWeights(directory);
    read(directory.resolve("momentum"), momentum);
  }

  @Override
  public void restoreWeights(Path directory) {
    read(directory.resolve("weights"), weights);
    read(directory.resolve("features"), features);
  }

  private static void write(Path file, double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
    bytes.asDoubleBuffer().put(values);
    try {
      Files.write(file, bytes.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void read(Path file, double[] values) {
    try {
      DoubleBuffer saved = ByteBuffer.wrap(Files.readAllBytes(file)).asDoubleBuffer();
      if (saved.remaining() != values.length) {
        throw new IllegalArgumentException(
            file + ": expected " + values.length + " values, found " + saved.remaining());
      }
      saved.get(values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
