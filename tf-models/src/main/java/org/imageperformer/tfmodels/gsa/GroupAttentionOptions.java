package org.imageperformer.tfmodels.gsa;

import java.util.ArrayList;
import java.util.List;

/**
 * What the attentions of a network have in common (gsa.md sections 1 to 3).
 *
 * @param group whose actions the maps follow
 * @param encoding how the group embedding is indexed
 * @param type which pixels a query looks at
 * @param patch side of the neighbourhood of local attention; global attention ignores it
 * @param heads of every attention
 * @param dropout of the attention's probabilities
 * @param whiteningScale initial standard deviation of an affine map times sqrt(inputs)
 */
public record GroupAttentionOptions(
    Group group,
    GroupEncoding encoding,
    AttentionType type,
    int patch,
    int heads,
    double dropout,
    double whiteningScale) {

  /** As in all published trainings. */
  private static final double WHITENING_SCALE = 1.41421356;

  /**
   * @throws IllegalArgumentException naming every problem at once
   */
  public GroupAttentionOptions {
    List<String> problems = problems(type, patch, heads, dropout, whiteningScale);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /**
   * Local, equivariant attention without dropout.
   *
   * @throws IllegalArgumentException naming every problem at once
   */
  public static GroupAttentionOptions local(Group group, int patch, int heads) {
    return new GroupAttentionOptions(
        group, GroupEncoding.RELATIVE, AttentionType.LOCAL, patch, heads, 0, WHITENING_SCALE);
  }

  /** What is wrong with single values, by the names of the command line's options. */
  static List<String> problems(
      AttentionType type, int patch, int heads, double dropout, double whiteningScale) {
    List<String> problems = new ArrayList<>();
    if (type == AttentionType.LOCAL && (patch < 3 || patch % 2 == 0)) {
      problems.add("patch_size is " + patch + ", must be odd and at least 3");
    }
    if (heads < 1) {
      problems.add("num_heads is " + heads + ", must be at least 1");
    }
    if (!(dropout >= 0 && dropout < 1)) {
      problems.add("dropout_att is " + dropout + ", must be in [0, 1)");
    }
    if (!(whiteningScale > 0)) {
      problems.add("whitening_scale is " + whiteningScale + ", must be positive");
    }
    return problems;
  }

  /**
   * What the queries of a map of that size look at.
   *
   * @throws IllegalArgumentException if attention is global and the map is not square
   */
  Neighbours neighbours(int height, int width) {
    OffsetGrid offsets =
        switch (type) {
          case LOCAL -> OffsetGrid.local(patch);
          case GLOBAL -> OffsetGrid.global(height);
        };
    return new Neighbours(type, offsets, height, width);
  }
}
