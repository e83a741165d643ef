package org.imageperformer.tfmodels.attention;

/** Which tokens an attention layer is asked about. All tokens are always its keys and values. */
public enum Queries {
  /** Every token. */
  ALL,
  /**
   * The class token alone: enough in the last block, since nothing else of it is read (models.md
   * section 8).
   */
  CLASS_TOKEN
}
