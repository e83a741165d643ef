package org.imageperformer.tools.authors;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imageperformer.tfmodels.graph.Weight;

/**
 * Names and layouts of the convolutional baseline's files (gsa.md section 8): every fourth entry of
 * {@code sequential} is a convolution [out, in, height, width], ours are [height, width, in, out];
 * its norm is the next one.
 */
final class Z2CnnNames implements AuthorsNames {

  static final String FIRST = "sequential.0.weight";
  static final String LAST = "sequential.24.weight";

  private static final Pattern NAME = Pattern.compile("(convolutions|norms)/(\\d+)/(\\w+)");
  private static final int ENTRIES = 4;

  @Override
  public boolean ignores(String tensor) {
    return GsaNames.BUFFERS.matcher(tensor).matches();
  }

  @Override
  public Stored stored(Weight weight) {
    Matcher name = NAME.matcher(weight.name());
    if (!name.matches()) {
      throw new IllegalStateException("z2cnn has no counterpart of " + weight.name());
    }
    int entry = ENTRIES * Integer.parseInt(name.group(2));
    long[] shape = weight.shape();
    if (name.group(1).equals("norms")) {
      String leaf =
          switch (name.group(3)) {
            case "scale" -> "weight";
            case "offset" -> "bias";
            case "mean" -> "running_mean";
            default -> "running_var";
          };
      return new Stored(
          List.of("sequential." + (entry + 1) + "." + leaf),
          List.of(new int[] {Math.toIntExact(shape[0])}),
          values -> values);
    }
    int side = Math.toIntExact(shape[0]);
    int in = Math.toIntExact(shape[2]);
    int out = Math.toIntExact(shape[3]);
    return new Stored(
        List.of("sequential." + entry + ".weight"),
        List.of(new int[] {out, in, side, side}),
        values -> placesFirst(values, out, in, side * side));
  }

  private static float[] placesFirst(float[] values, int out, int in, int places) {
    float[] sorted = new float[values.length];
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        for (int place = 0; place < places; place++) {
          sorted[(place * in + i) * out + o] = values[(o * in + i) * places + place];
        }
      }
    }
    return sorted;
  }
}
