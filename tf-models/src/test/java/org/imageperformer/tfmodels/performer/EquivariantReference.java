package org.imageperformer.tfmodels.performer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * EquivariantPerformer on the host, in double arithmetic and without TensorFlow: the weight of each
 * pixel for each other is written out from the difference of their positions, so that attention
 * costs O(L^2). Independent of the classes that it is compared with.
 */
final class EquivariantReference {

  /**
   * What defines the function besides its weights.
   *
   * @param waves of each pair: down, across
   * @param favor random features instead of elu + 1
   */
  record Definition(
      int height, int width, int depth, int heads, int local, boolean favor, List<int[]> waves) {}

  private static final double LAYER_NORM_EPSILON = 1e-5;
  private static final double FEATURE_EPSILON = 1e-4;
  private static final double DENOMINATOR_EPSILON = 1e-6;

  private final Definition of;
  private final Map<String, double[]> weights;

  /** Maxima inside the features in the order of their use; given ones are taken as constants. */
  private final List<Double> maxima = new ArrayList<>();

  private boolean frozen;
  private int nextMaximum;

  /** The pixels after each block of the last image. */
  private final List<double[][]> states = new ArrayList<>();

  EquivariantReference(Definition of, Map<String, double[]> weights) {
    this.of = of;
    this.weights = weights;
  }

  /** The pixels after each block but the last for the image asked about last, [pixel][feature]. */
  List<double[][]> states() {
    return states;
  }

  /**
   * From here on every maximum keeps the value that it had since the start, whatever the weights:
   * slopes are then those of a function that no gradient flows through the maxima of.
   */
  void freezeMaxima() {
    frozen = true;
  }

  /** Lets the images be asked about once more, in the same order. */
  void restart() {
    nextMaximum = 0;
  }

  double[] weight(String name) {
    return weights.get(name);
  }

  /** Logits of an image, [row][column][channel]. */
  double[] logits(float[][][] image) {
    states.clear();
    double[][] x = new double[of.height * of.width][];
    for (int i = 0; i < x.length; i++) {
      x[i] = embed(image[i / of.width][i % of.width]);
    }
    double[][] c = {weights.get("class_query").clone()};
    for (int block = 0; block < of.depth; block++) {
      String name = "blocks/" + block;
      String attention = name + "/attention";
      if (of.local > 0) {
        x = sum(x, local(name + "/local", x));
      }
      double[][] n = layerNorm(attention + "/norm", x);
      double[][] nc = layerNorm(attention + "/norm", c);
      double[][] k = dense(attention + "/key", n);
      double[][] v = dense(attention + "/value", n);
      c = sum(c, dense(attention + "/output", softmax(dense(attention + "/query", nc), k, v)));
      c = sum(c, feedForward(name + "/feed_forward", c));
      if (block < of.depth - 1) {
        double[][] y = pixels(attention, dense(attention + "/query", n), k, v);
        x = sum(x, dense(attention + "/output", y));
        x = sum(x, feedForward(name + "/feed_forward", x));
        states.add(x);
      }
    }
    return dense("output", c)[0];
  }

  /** Mean cross-entropy. */
  double loss(float[][][][] images, int[] labels) {
    double sum = 0;
    for (int i = 0; i < images.length; i++) {
      double[] logits = logits(images[i]);
      sum -= logits[labels[i]] - Math.log(Arrays.stream(logits).map(Math::exp).sum());
    }
    return sum / images.length;
  }

  private double[] embed(float[] pixel) {
    double[] values = new double[pixel.length];
    for (int i = 0; i < pixel.length; i++) {
      values[i] = pixel[i];
    }
    if (weights.containsKey("embedding/table")) {
      double[] table = weights.get("embedding/table");
      int each = table.length / (256 * pixel.length);
      double[] found = new double[pixel.length * each];
      for (int channel = 0; channel < pixel.length; channel++) {
        int row = 256 * channel + (int) pixel[channel];
        System.arraycopy(table, row * each, found, channel * each, each);
      }
      return found;
    }
    if (weights.containsKey("embedding/kernel")) {
      return dense("embedding", values);
    }
    return dense("embedding/contract", map(dense("embedding/expand", values), u -> Math.max(u, 0)));
  }

  private double[][] local(String name, double[][] x) {
    double[] kernel = weights.get(name + "/kernel");
    double[] bias = weights.get(name + "/bias");
    int d = bias.length;
    int p = (of.local - 1) / 2;
    double[][] y = new double[x.length][];
    for (int r = 0; r < of.height; r++) {
      for (int c = 0; c < of.width; c++) {
        double[] sum = bias.clone();
        for (int i = 0; i < of.local; i++) {
          for (int j = 0; j < of.local; j++) {
            int row = Math.floorMod(r + i - p, of.height);
            int column = Math.floorMod(c + j - p, of.width);
            for (int f = 0; f < d; f++) {
              sum[f] += kernel[(i * of.local + j) * d + f] * x[row * of.width + column][f];
            }
          }
        }
        y[r * of.width + c] = sum;
      }
    }
    return y;
  }

  /** The class token's attention to the pixels, all heads side by side. */
  private double[][] softmax(double[][] q, double[][] k, double[][] v) {
    int h = q[0].length / of.heads;
    double[][] y = new double[q.length][q[0].length];
    for (int head = 0; head < of.heads; head++) {
      double[] w = new double[k.length];
      double total = 0;
      for (int j = 0; j < k.length; j++) {
        w[j] = Math.exp(dot(part(q[0], head, h), part(k[j], head, h)) / Math.sqrt(h));
        total += w[j];
      }
      for (int j = 0; j < k.length; j++) {
        for (int f = head * h; f < (head + 1) * h; f++) {
          y[0][f] += w[j] / total * v[j][f];
        }
      }
    }
    return y;
  }

  /** The pixels' attention to each other, all heads side by side. */
  private double[][] pixels(String name, double[][] q, double[][] k, double[][] v) {
    int h = q[0].length / of.heads;
    int pairs = of.waves.size();
    double[] alphas = weights.get(name + "/rotation/alpha");
    double[] betas = weights.get(name + "/rotation/beta");
    double[][] y = new double[q.length][q[0].length];
    for (int head = 0; head < of.heads; head++) {
      double[][] f = features(name, parts(q, head, h), true);
      double[][] g = features(name, parts(k, head, h), false);
      for (int i = 0; i < q.length; i++) {
        double denominator = DENOMINATOR_EPSILON;
        for (int j = 0; j < k.length; j++) {
          denominator += dot(f[i], g[j]);
          double w = 0;
          for (int p = 0; p < pairs; p++) {
            double delta = angleBetween(of.waves.get(p), i, j);
            double cosine =
                alphas[head * pairs + p] * Math.cos(delta)
                    - betas[head * pairs + p] * Math.sin(delta);
            double sine =
                alphas[head * pairs + p] * Math.sin(delta)
                    + betas[head * pairs + p] * Math.cos(delta);
            double even = f[i][p] * g[j][p] + f[i][p + pairs] * g[j][p + pairs];
            double odd = f[i][p + pairs] * g[j][p] - f[i][p] * g[j][p + pairs];
            w += even * cosine - odd * sine;
          }
          for (int feature = 0; feature < h; feature++) {
            y[i][head * h + feature] += w * v[j][head * h + feature];
          }
        }
        for (int feature = 0; feature < h; feature++) {
          y[i][head * h + feature] /= denominator;
        }
      }
    }
    return y;
  }

  /** From the difference of the positions of two pixels on the torus. */
  private double angleBetween(int[] wave, int i, int j) {
    int rows = Math.floorMod(i / of.width - j / of.width, of.height);
    int columns = Math.floorMod(i % of.width - j % of.width, of.width);
    return 2
        * Math.PI
        * (wave[0] * rows / (double) of.height + wave[1] * columns / (double) of.width);
  }

  private double[][] features(String name, double[][] x, boolean query) {
    int m = 2 * of.waves.size();
    double[][] features = new double[x.length][m];
    if (!of.favor) {
      for (int i = 0; i < x.length; i++) {
        for (int f = 0; f < m; f++) {
          features[i][f] = x[i][f] > 0 ? x[i][f] + 1 : Math.exp(x[i][f]);
        }
      }
      return features;
    }
    double[] projection = weights.get(name + "/projection");
    int w = x[0].length;
    double largest = Double.NEGATIVE_INFINITY; // of all keys
    for (int i = 0; i < x.length; i++) {
      for (int f = 0; f < m; f++) {
        features[i][f] = Math.pow(w, -0.25) * dot(part(projection, f, w), x[i]);
        largest = Math.max(largest, features[i][f]);
      }
    }
    double ofKeys = query ? 0 : maximum(largest);
    for (int i = 0; i < x.length; i++) {
      double s = query ? maximum(Arrays.stream(features[i]).max().orElseThrow()) : ofKeys;
      double half = dot(x[i], x[i]) / (2 * Math.sqrt(w));
      for (int f = 0; f < m; f++) {
        features[i][f] = (Math.exp(features[i][f] - half - s) + FEATURE_EPSILON) / Math.sqrt(m);
      }
    }
    return features;
  }

  private double maximum(double value) {
    if (!frozen) {
      maxima.add(value);
      return value;
    }
    return maxima.get(nextMaximum++);
  }

  private double[][] feedForward(String name, double[][] x) {
    double[][] hidden = dense(name + "/expand", layerNorm(name + "/norm", x));
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] = map(hidden[i], u -> u * (1 + erf(u / Math.sqrt(2))) / 2);
    }
    return dense(name + "/contract", hidden);
  }

  /** A series of positive terms. */
  private static double erf(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  private double[][] layerNorm(String name, double[][] x) {
    double[] scale = weights.get(name + "/scale");
    double[] offset = weights.get(name + "/offset");
    double[][] y = new double[x.length][scale.length];
    for (int i = 0; i < x.length; i++) {
      double mean = Arrays.stream(x[i]).average().orElseThrow();
      double variance =
          Arrays.stream(x[i]).map(u -> (u - mean) * (u - mean)).average().orElseThrow();
      for (int f = 0; f < scale.length; f++) {
        y[i][f] =
            (x[i][f] - mean) / Math.sqrt(variance + LAYER_NORM_EPSILON) * scale[f] + offset[f];
      }
    }
    return y;
  }

  private double[][] dense(String name, double[][] x) {
    double[][] y = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      y[i] = dense(name, x[i]);
    }
    return y;
  }

  private double[] dense(String name, double[] x) {
    double[] kernel = weights.get(name + "/kernel");
    double[] y = weights.get(name + "/bias").clone();
    for (int i = 0; i < x.length; i++) {
      for (int o = 0; o < y.length; o++) {
        y[o] += x[i] * kernel[i * y.length + o];
      }
    }
    return y;
  }

  private static double[] map(double[] x, DoubleUnaryOperator function) {
    return Arrays.stream(x).map(function).toArray();
  }

  private static double[][] sum(double[][] a, double[][] b) {
    double[][] y = new double[a.length][a[0].length];
    for (int i = 0; i < y.length; i++) {
      for (int f = 0; f < y[i].length; f++) {
        y[i][f] = a[i][f] + b[i][f];
      }
    }
    return y;
  }

  private static double[] part(double[] x, int index, int size) {
    return Arrays.copyOfRange(x, index * size, (index + 1) * size);
  }

  private static double[][] parts(double[][] x, int index, int size) {
    return Arrays.stream(x).map(row -> part(row, index, size)).toArray(double[][]::new);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
