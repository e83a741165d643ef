package org.imageperformer.tools.authors;

/** Why a checkpoint was taken among those of a run. */
public enum CheckpointRule {
  /** The run has no other. */
  ONLY_ONE("the only checkpoint"),
  /** All are named by epoch and step; this one's are the highest. */
  NAME("the highest epoch and step in its name"),
  /** Some have other names; this file was modified last. */
  MODIFICATION_TIME("modified last");

  private final String description;

  CheckpointRule(String description) {
    this.description = description;
  }

  /** The rule in words: {@code modified last}. */
  @Override
  public String toString() {
    return description;
  }
}
