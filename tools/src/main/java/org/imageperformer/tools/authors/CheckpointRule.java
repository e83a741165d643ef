package org.imageperformer.tools.authors;

/** Why a checkpoint was taken among those of a run. */
public enum CheckpointRule {
  /** The run has no other, or it was given itself. */
  ONLY_ONE("the only checkpoint"),
  /** Its epoch and step are the highest of those that are written inside the files. */
  INSIDE("the highest epoch and step inside"),
  /**
   * As {@link #INSIDE}, but others are as new, as {@code last.ckpt} is that Lightning saves beside
   * the best of its last epoch.
   */
  INSIDE_OF_EQUALS(
      "of several with the highest epoch and step inside the highest by name; --checkpoint FILE"
          + " takes another"),
  /** No file says them inside, and all are named by them; this one's are the highest. */
  NAME("the highest epoch and step in its name"),
  /** The user named it. */
  GIVEN("named by --checkpoint");

  private final String description;

  CheckpointRule(String description) {
    this.description = description;
  }

  /** The rule in words: {@code the only checkpoint}. */
  @Override
  public String toString() {
    return description;
  }
}
