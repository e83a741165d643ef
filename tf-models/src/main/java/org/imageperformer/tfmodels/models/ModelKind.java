package org.imageperformer.tfmodels.models;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The four models of the paper, under the names of the published program. */
public enum ModelKind {
  /** Absolute positions: a learnable sinusoid added to the pixel embeddings. */
  PERFORMER("Performer"),
  /** No positions at all: a bag of pixels. */
  NOPOS_PERFORMER("NoposPerformer"),
  /** Relative positions through rotated pairs of the encoding in queries and keys (strategy 1). */
  RELATIVE_PERFORMER("RelativePerformer"),
  /** Relative positions through clipped Manhattan distances in half of the heads (strategy 2). */
  CLIPPED_RELATIVE_PERFORMER("ClippedRelativePerformer");

  private final String label;

  ModelKind(String label) {
    this.label = label;
  }

  /** The name on the command line and in hparams.json. */
  public String label() {
    return label;
  }

  /**
   * The model of that name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the known names
   */
  public static ModelKind of(String label) {
    for (ModelKind kind : values()) {
      if (kind.label.equals(label)) {
        return kind;
      }
    }
    String known = Arrays.stream(values()).map(ModelKind::label).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("unknown model '" + label + "'; known models: " + known);
  }
}
