package org.imageperformer.tfmodels.gsa;

import java.util.Locale;
import org.imageperformer.options.Labelled;

/**
 * Which row of the group embedding the key's element m has for the query's element g and the output
 * element v (gsa.md section 2).
 */
public enum GroupEncoding implements Labelled {
  /** T[g, m] for every v: the network is equivariant. */
  RELATIVE {
    @Override
    int index(Group group, int v, int g, int m) {
      return group.relative(g, m);
    }
  },
  /**
   * As the authors' program has it: the index moves with v, though not with the input, so that the
   * network is <b>not</b> equivariant.
   */
  ACTED {
    @Override
    int index(Group group, int v, int g, int m) {
      if (!group.mirrors()) {
        return group.element(0, m + v - g);
      }
      int s = group.mirror(g) ^ group.mirror(v);
      int r = s == 0 ? group.rotation(v) : -group.rotation(v);
      return group.relative(group.element(s, group.rotation(g) + r), m);
    }
  };

  abstract int index(Group group, int v, int g, int m);

  /** I, [v][g][m]. */
  public int[][][] indices(Group group) {
    int order = group.order();
    int[][][] found = new int[order][order][order];
    for (int v = 0; v < order; v++) {
      for (int g = 0; g < order; g++) {
        for (int m = 0; m < order; m++) {
          found[v][g][m] = index(group, v, g, m);
        }
      }
    }
    return found;
  }

  @Override
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
