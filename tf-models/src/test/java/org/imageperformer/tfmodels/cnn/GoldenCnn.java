package org.imageperformer.tfmodels.cnn;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.imageperformer.tfmodels.graph.Weight;
import org.imageperformer.tfmodels.graph.Weights;

/**
 * What PyTorch computed for a network with given weights (docs/cnn.md, section 5). Its parameters
 * come in the order of ours; its kernels are [out, in, rows, columns], its images [channels, rows,
 * columns].
 */
record GoldenCnn(
    int parameters,
    List<List<List<List<Integer>>>> images_uint8,
    List<Integer> labels,
    List<Parameter> weights,
    List<List<Float>> logits_inference,
    List<List<Float>> logits_training,
    double loss,
    Map<String, Summary> gradients,
    Map<String, Running> running_after_one_training_pass,
    Adam adam) {

  record Parameter(int number, String name, List<Long> shape, double scale, boolean plus_one) {}

  record Summary(double l2, List<Float> first, List<Float> last) {}

  record Running(List<Float> first, double sum) {}

  record Adam(
      double learning_rate,
      List<Double> betas,
      List<Double> losses,
      List<List<Float>> logits_inference_after) {}

  static GoldenCnn read(String name) {
    try {
      return new Gson()
          .fromJson(
              Files.readString(Path.of("src/test/resources/cnn", name + ".json")), GoldenCnn.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** [batch, rows, columns, channels] from 0 to 1, row-major. */
  float[] pixels() {
    return floats(
        images_uint8.stream()
            .flatMap(List::stream)
            .flatMap(List::stream)
            .flatMap(List::stream)
            .map(value -> value / 255f)
            .toList());
  }

  static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }

  /** The values of one of our trained weights, the index-th, in our order. */
  float[] values(Weight weight, int index) {
    Parameter parameter = weights.get(index);
    float[] values = new float[weight.size()];
    for (int element = 0; element < values.length; element++) {
      values[place(weight, parameter.shape(), element)] = value(parameter, element);
    }
    return values;
  }

  /** Element j of a parameter, row-major. */
  private static float value(Parameter parameter, long j) {
    long bits = splitMix64(((long) parameter.number() << 40) + j) >>> 11;
    double value = parameter.scale() * (2 * bits * 0x1p-53 - 1);
    return (float) (parameter.plus_one() ? 1 + value : value);
  }

  private static long splitMix64(long seed) {
    long x = seed + 0x9E3779B97F4A7C15L;
    x = (x ^ x >>> 30) * 0xBF58476D1CE4E5B9L;
    x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
    return x ^ x >>> 31;
  }

  /** How many pixels an affine map takes: theirs has those of a channel side by side. */
  private static int pixels(String weight) {
    return weight.equals("hidden/0/kernel") ? 49 : 1;
  }

  /** Where an element of theirs stands in ours. */
  static int place(Weight weight, List<Long> theirs, int element) {
    if (theirs.size() == 1) {
      return element;
    }
    int out = Math.toIntExact(theirs.get(0));
    int area =
        theirs.size() == 4 ? Math.toIntExact(theirs.get(2) * theirs.get(3)) : pixels(weight.name());
    int channels = weight.size() / out / area;
    int pixel = element % area;
    int channel = element / area % channels;
    return (pixel * channels + channel) * out + element / area / channels;
  }

  /** Our trained weights, which must be as many as theirs and of their sizes. */
  List<Weight> trained(Weights ours) {
    List<Weight> trained = ours.of(Weight.Role.TRAINED);
    if (trained.size() != weights.size()) {
      throw new AssertionError(trained.size() + " weights instead of " + weights.size());
    }
    for (int i = 0; i < trained.size(); i++) {
      long size = weights.get(i).shape().stream().reduce(1L, Math::multiplyExact);
      if (trained.get(i).size() != size) {
        throw new AssertionError(trained.get(i) + " instead of " + weights.get(i));
      }
    }
    return trained;
  }
}
