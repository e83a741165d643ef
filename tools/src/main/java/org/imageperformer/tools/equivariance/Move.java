package org.imageperformer.tools.equivariance;

import java.math.BigDecimal;
import org.imageperformer.datasets.Turn;

/**
 * One move and what it did.
 *
 * @param what is moved
 * @param rows how far down
 * @param columns how far to the right
 * @param turn of the picture; by nothing if it is moved, if at all
 * @param images that were compared
 * @param change of their logits
 */
public record Move(What what, int rows, int columns, Turn turn, int images, LogitChange change) {
  private static final Turn NONE = Turn.by(0);

  /** A move along rows and columns. */
  Move(What what, int rows, int columns, int images, LogitChange change) {
    this(what, rows, columns, NONE, images, change);
  }

  /** What is moved. */
  public enum What {
    /** The positions of all pixels, by the same amount; the pixels stay. */
    POSITIONS("positions"),
    /** The picture on its empty background; the positions stay. */
    PICTURE("picture"),
    /** The picture with its positions, which leaves the edges of the image as what moved. */
    EDGES("edges"),
    /** Nothing: the model has other random features. */
    FEATURES("features"),
    /** The picture about its centre, so that pixels come to lie on pixels. */
    TURNED(""),
    /** The picture about its centre, with pixels made from several. */
    INTERPOLATED(" interpolated");

    private final String label;

    What(String label) {
      this.label = label;
    }
  }

  /** In a table: what moved, such as {@code mirrored turned 45 interpolated}. */
  public String label() {
    StringBuilder label = new StringBuilder();
    if (turn.mirrored()) {
      label.append("mirrored");
    }
    if (turn.degrees() != 0) {
      label.append(label.isEmpty() ? "" : " ").append("turned ");
      label.append(BigDecimal.valueOf(turn.degrees()).stripTrailingZeros().toPlainString());
    }
    return label.append(what.label).toString();
  }
}
