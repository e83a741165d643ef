package org.imageperformer.tools.equivariance;

/**
 * One move and what it did.
 *
 * @param what is moved
 * @param rows how far down
 * @param columns how far to the right
 * @param images that were compared
 * @param change of their logits
 */
public record Move(What what, int rows, int columns, int images, LogitChange change) {
  /** What is moved. */
  public enum What {
    /** The positions of all pixels, by the same amount; the pixels stay. */
    POSITIONS("positions"),
    /** The picture on its empty background; the positions stay. */
    PICTURE("picture"),
    /** The picture with its positions, which leaves the edges of the image as what moved. */
    EDGES("edges"),
    /** Nothing: the model has other random features. */
    FEATURES("features");

    private final String label;

    What(String label) {
      this.label = label;
    }

    /** In a table. */
    public String label() {
      return label;
    }
  }
}
