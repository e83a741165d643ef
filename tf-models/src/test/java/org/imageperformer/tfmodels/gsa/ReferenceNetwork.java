package org.imageperformer.tfmodels.gsa;

import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * GSA-Nets on the host in doubles, sum by sum as gsa.md sections 1 to 4 state them. Maps are {@code
 * x[n][c][g][i][j]}: image, channel, group element, row, column; an image has one element. No
 * dropout.
 */
final class ReferenceNetwork {

  private final Architecture net;
  private final Map<String, float[]> weights;
  private final boolean training;
  private final Group group;

  /** What came out of the layers, by the layer's name. */
  final Map<String, double[][][][][]> intermediate = new HashMap<>();

  /** Running averages of BatchNorm after one training pass, by name. */
  final Map<String, double[]> running = new HashMap<>();

  /**
   * @param training whether BatchNorm takes the statistics of the batch
   */
  ReferenceNetwork(Architecture net, Map<String, float[]> weights, boolean training) {
    this.net = net;
    this.weights = weights;
    this.training = training;
    this.group = net.group();
  }

  /**
   * Logits, [image][class].
   *
   * @param images [n, height, width, channels] row-major
   */
  double[][] logits(float[] images, int count, int height, int width, int channels) {
    double[][][][][] x = new double[count][channels][1][height][width];
    for (int k = 0; k < images.length; k++) {
      int pixel = k / channels % (height * width);
      x[k / channels / height / width][k % channels][0][pixel / width][pixel % width] = images[k];
    }
    x = see("lifting", lifting(x));
    x = activation(see("lifting/norm", norm("lifting/norm", x)));
    int stages = net.blocks().size();
    int crop = 0;
    for (int stage = 0; stage < stages; stage++) {
      for (int block = 0; block < net.blocks().get(stage); block++) {
        String name = "stages/" + stage + "/blocks/" + block;
        int in = x[0].length;
        int out = block == 0 ? in * net.expansions().get(stage) : in;
        x = see(name, block(name, x, out, net.crops().get(crop++)));
        if (net.normalizeBetween()) {
          x = activation(see(name + "/norm", norm(name + "/norm", x)));
        }
      }
      if (stage < stages - 1 || net.poolAfterLast()) {
        x = pool(x);
      }
    }
    int classes = weights.get("output/kernel").length / x[0].length;
    x = see("output", affine("output", x, classes));
    double[][] logits = new double[count][classes];
    for (int n = 0; n < count; n++) {
      for (int c = 0; c < classes; c++) {
        logits[n][c] = Double.NEGATIVE_INFINITY;
        for (double[][] pixels : x[n][c]) {
          double sum = 0;
          for (double[] row : pixels) {
            for (double value : row) {
              sum += value;
            }
          }
          logits[n][c] = Math.max(logits[n][c], sum);
        }
      }
    }
    return logits;
  }

  /** Mean cross-entropy. */
  static double loss(double[][] logits, int[] labels) {
    double sum = 0;
    for (int n = 0; n < labels.length; n++) {
      double total = 0;
      for (double logit : logits[n]) {
        total += Math.exp(logit - logits[n][labels[n]]);
      }
      sum += Math.log(total);
    }
    return sum / labels.length;
  }

  private double[][][][][] see(String name, double[][][][][] x) {
    intermediate.put(name, x);
    return x;
  }

  private double[][][][][] block(String name, double[][][][][] x, int out, int crop) {
    double[][][][][] z = activation(norm(name + "/input_norm", x));
    z = see(name + "/attention", groupAttention(name + "/attention", z, out));
    z = activation(norm(name + "/attention_norm", z));
    double[][][][][] shortcut = x[0].length == out ? x : affine(name + "/shortcut", x, out);
    double[][][][][] y = add(cut(z, crop), cut(shortcut, crop));
    double[][][][][] hidden =
        activation(
            norm(name + "/mlp/hidden_norm", affine(name + "/mlp/input", y, Math.max(out / 2, 1))));
    return add(norm(name + "/mlp/output_norm", affine(name + "/mlp/output", hidden, out)), y);
  }

  private double[][][][][] lifting(double[][][][][] x) {
    int mid = net.channels() / 2;
    int e = mid / 2;
    OffsetGrid offsets =
        net.attentionOptions().neighbours(x[0][0][0].length, x[0][0][0][0].length).offsets();
    double[][][] rows = codes("lifting/rows", offsets.rows(group), e);
    double[][][] columns = codes("lifting/columns", offsets.columns(group), e);
    double[][][][][] q = affine("lifting/query", x, net.heads() * mid);
    double[][][][][] k = affine("lifting/key", x, net.heads() * mid);
    double[][][][][] v = affine("lifting/value", x, net.heads() * mid);
    return affine(
        "lifting/output",
        attend(
            q,
            k,
            v,
            offsets,
            Math.sqrt(x[0].length),
            mid,
            (query, to, g, m, d) -> {
              double sum = 0;
              for (int c = 0; c < e; c++) {
                sum += query[c] * rows[to][d][c] + query[e + c] * columns[to][d][c];
              }
              return sum;
            }),
        net.channels());
  }

  private double[][][][][] groupAttention(String name, double[][][][][] x, int out) {
    int mid = out / 2;
    int e = mid / 3;
    int f = mid - 2 * e;
    OffsetGrid offsets =
        net.attentionOptions().neighbours(x[0][0][0].length, x[0][0][0][0].length).offsets();
    double[][][] rows = codes(name + "/rows", offsets.rows(group), e);
    double[][][] columns = codes(name + "/columns", offsets.columns(group), e);
    float[] table = weights.get(name + "/group_embedding");
    double[][][][][] q = affine(name + "/query", x, net.heads() * mid);
    double[][][][][] k = affine(name + "/key", x, net.heads() * mid);
    double[][][][][] v = affine(name + "/value", x, net.heads() * mid);
    return affine(
        name + "/output",
        attend(
            q,
            k,
            v,
            offsets,
            Math.sqrt(x[0].length),
            mid,
            (query, to, g, m, d) -> {
              double sum = 0;
              for (int c = 0; c < e; c++) {
                sum += query[c] * rows[to][d][c] + query[e + c] * columns[to][d][c];
              }
              int element = net.encoding().index(group, to, g, m);
              for (int c = 0; c < f; c++) {
                sum += query[2 * e + c] * table[element * f + c];
              }
              return sum;
            }),
        out);
  }

  /** The part of a score that comes from the position of a key. */
  private interface PositionScore {
    double of(double[] query, int to, int g, int m, int d);
  }

  /** For each output element the sum over g of the attention over (m, d), heads side by side. */
  private double[][][][][] attend(
      double[][][][][] q,
      double[][][][][] k,
      double[][][][][] v,
      OffsetGrid offsets,
      double scale,
      int mid,
      PositionScore position) {
    int elements = q[0][0].length;
    int height = q[0][0][0].length;
    int width = q[0][0][0][0].length;
    double[][][][][] out = new double[q.length][q[0].length][group.order()][height][width];
    for (int n = 0; n < q.length; n++) {
      for (int head = 0; head < net.heads(); head++) {
        for (int i = 0; i < height * width; i++) {
          for (int g = 0; g < elements; g++) {
            double[] query = channels(q[n], head, mid, g, i / width, i % width);
            for (int to = 0; to < group.order(); to++) {
              double[] sum = new double[mid];
              double total = 0;
              double largest = Double.NEGATIVE_INFINITY; // score so far
              for (int m = 0; m < elements; m++) {
                for (int row = -offsets.radius(); row <= offsets.radius(); row++) {
                  for (int column = -offsets.radius(); column <= offsets.radius(); column++) {
                    int y = i / width + row;
                    int x = i % width + column;
                    if (y < 0 || y >= height || x < 0 || x >= width) {
                      continue;
                    }
                    double score = position.of(query, to, g, m, offsets.index(row, column));
                    double[] key = channels(k[n], head, mid, m, y, x);
                    for (int c = 0; c < mid; c++) {
                      score += query[c] * key[c];
                    }
                    score /= scale;
                    double before = Math.exp(largest - Math.max(largest, score));
                    largest = Math.max(largest, score);
                    double weight = Math.exp(score - largest);
                    total = total * before + weight;
                    for (int c = 0; c < mid; c++) {
                      sum[c] = sum[c] * before + weight * v[n][head * mid + c][m][y][x];
                    }
                  }
                }
              }
              for (int c = 0; c < mid; c++) {
                out[n][head * mid + c][to][i / width][i % width] += sum[c] / total;
              }
            }
          }
        }
      }
    }
    return out;
  }

  private static double[] channels(double[][][][] x, int head, int mid, int g, int i, int j) {
    double[] found = new double[mid];
    for (int c = 0; c < mid; c++) {
      found[c] = x[head * mid + c][g][i][j];
    }
    return found;
  }

  /** Codes of coordinates [G, D], as [v][d][feature]. */
  private double[][][] codes(String name, float[] coordinates, int features) {
    int count = coordinates.length / group.order();
    double[][][] found = new double[group.order()][count][];
    for (int p = 0; p < coordinates.length; p++) {
      double[] hidden = affine(name + "/input", new double[] {coordinates[p]}, 16);
      double mean = 0;
      for (double value : hidden) {
        mean += value / 16;
      }
      double variance = 0;
      for (double value : hidden) {
        variance += (value - mean) * (value - mean) / 16;
      }
      for (int c = 0; c < 16; c++) {
        double z =
            (hidden[c] - mean) / Math.sqrt(variance + 1e-12) * at(name + "/norm/scale", c)
                + at(name + "/norm/offset", c);
        hidden[c] = z / (1 + Math.exp(-z));
      }
      found[p / count][p % count] = affine(name + "/output", hidden, features);
    }
    return found;
  }

  private double[][][][][] norm(String name, double[][][][][] x) {
    int channels = x[0].length;
    double[][][][][] y = new double[x.length][channels][][][];
    for (int n = 0; n < x.length; n++) {
      for (int c = 0; c < channels; c++) {
        double mean;
        double variance;
        double epsilon;
        if (net.norm() == NormType.LAYER_NORM) {
          double[][][][][] image = {x[n]};
          mean = mean(image, 0, channels, value -> value);
          double center = mean;
          variance = mean(image, 0, channels, value -> (value - center) * (value - center));
          epsilon = 1e-12;
        } else {
          mean = at(name + "/mean", c);
          variance = at(name + "/variance", c);
          epsilon = 1e-5;
          if (training) {
            double center = mean(x, c, c + 1, value -> value);
            double spread = mean(x, c, c + 1, value -> (value - center) * (value - center));
            double count = x.length * x[0][c].length * x[0][c][0].length * x[0][c][0][0].length;
            running.computeIfAbsent(name + "/mean", key -> new double[channels])[c] =
                0.9 * mean + 0.1 * center;
            running.computeIfAbsent(name + "/variance", key -> new double[channels])[c] =
                0.9 * variance + 0.1 * spread * count / (count - 1);
            mean = center;
            variance = spread;
          }
        }
        double center = mean;
        double factor = at(name + "/scale", c) / Math.sqrt(variance + epsilon);
        double offset = at(name + "/offset", c);
        y[n][c] = map(x[n][c], value -> (value - center) * factor + offset);
      }
    }
    return y;
  }

  /** The mean of a function of the values in channels from..to - 1 of all images. */
  private static double mean(double[][][][][] x, int from, int to, DoubleUnaryOperator function) {
    double sum = 0;
    int count = 0;
    for (double[][][][] image : x) {
      for (int c = from; c < to; c++) {
        for (double[][] pixels : image[c]) {
          for (double[] row : pixels) {
            for (double value : row) {
              sum += function.applyAsDouble(value);
              count++;
            }
          }
        }
      }
    }
    return sum / count;
  }

  private double[][][][][] activation(double[][][][][] x) {
    double[][][][][] y = new double[x.length][x[0].length][][][];
    for (int n = 0; n < x.length; n++) {
      for (int c = 0; c < x[n].length; c++) {
        y[n][c] =
            map(
                x[n][c],
                z ->
                    switch (net.activation()) {
                      case SWISH -> z / (1 + Math.exp(-z));
                      case RELU -> Math.max(z, 0);
                    });
      }
    }
    return y;
  }

  private static double[][][] map(double[][][] x, DoubleUnaryOperator function) {
    double[][][] y = new double[x.length][x[0].length][x[0][0].length];
    for (int g = 0; g < x.length; g++) {
      for (int i = 0; i < x[0].length; i++) {
        for (int j = 0; j < x[0][0].length; j++) {
          y[g][i][j] = function.applyAsDouble(x[g][i][j]);
        }
      }
    }
    return y;
  }

  /** Pixel by pixel. */
  private double[][][][][] affine(String name, double[][][][][] x, int out) {
    double[][][][][] y =
        new double[x.length][out][x[0][0].length][x[0][0][0].length][x[0][0][0][0].length];
    for (int n = 0; n < x.length; n++) {
      for (int g = 0; g < x[0][0].length; g++) {
        for (int i = 0; i < x[0][0][0].length; i++) {
          for (int j = 0; j < x[0][0][0][0].length; j++) {
            double[] result = affine(name, channels(x[n], 0, x[n].length, g, i, j), out);
            for (int c = 0; c < out; c++) {
              y[n][c][g][i][j] = result[c];
            }
          }
        }
      }
    }
    return y;
  }

  private double[] affine(String name, double[] x, int out) {
    float[] kernel = weights.get(name + "/kernel");
    float[] bias = weights.get(name + "/bias"); // the last map has none
    double[] y = new double[out];
    for (int c = 0; c < out; c++) {
      y[c] = bias == null ? 0 : bias[c];
      for (int k = 0; k < x.length; k++) {
        y[c] += x[k] * kernel[k * out + c];
      }
    }
    return y;
  }

  private static double[][][][][] add(double[][][][][] a, double[][][][][] b) {
    double[][][][][] sum = cut(a, 0);
    for (int n = 0; n < a.length; n++) {
      for (int c = 0; c < a[0].length; c++) {
        for (int g = 0; g < a[0][0].length; g++) {
          for (int i = 0; i < a[0][0][0].length; i++) {
            for (int j = 0; j < a[0][0][0][0].length; j++) {
              sum[n][c][g][i][j] += b[n][c][g][i][j];
            }
          }
        }
      }
    }
    return sum;
  }

  /** Without so many pixels on each side. */
  private static double[][][][][] cut(double[][][][][] x, int pixels) {
    int height = x[0][0][0].length - 2 * pixels;
    int width = x[0][0][0][0].length - 2 * pixels;
    double[][][][][] y = new double[x.length][x[0].length][x[0][0].length][height][width];
    for (int n = 0; n < x.length; n++) {
      for (int c = 0; c < x[0].length; c++) {
        for (int g = 0; g < x[0][0].length; g++) {
          for (int i = 0; i < height; i++) {
            System.arraycopy(x[n][c][g][i + pixels], pixels, y[n][c][g][i], 0, width);
          }
        }
      }
    }
    return y;
  }

  /** The largest of each 2x2 pixels; an odd last row or column is dropped. */
  private static double[][][][][] pool(double[][][][][] x) {
    int height = x[0][0][0].length / 2;
    int width = x[0][0][0][0].length / 2;
    double[][][][][] y = new double[x.length][x[0].length][x[0][0].length][height][width];
    for (int n = 0; n < x.length; n++) {
      for (int c = 0; c < x[0].length; c++) {
        for (int g = 0; g < x[0][0].length; g++) {
          for (int i = 0; i < height; i++) {
            double[] above = x[n][c][g][2 * i];
            double[] below = x[n][c][g][2 * i + 1];
            for (int j = 0; j < width; j++) {
              y[n][c][g][i][j] =
                  Math.max(
                      Math.max(above[2 * j], above[2 * j + 1]),
                      Math.max(below[2 * j], below[2 * j + 1]));
            }
          }
        }
      }
    }
    return y;
  }

  private double at(String name, int index) {
    return weights.get(name)[index];
  }
}
