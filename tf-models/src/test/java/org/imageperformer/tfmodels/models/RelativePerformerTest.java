package org.imageperformer.tfmodels.models;

/** The contract for RelativePerformer. */
class RelativePerformerTest extends ImageModelContract {

  @Override
  ModelConfig tiny() {
    return Configs.tiny(ModelKind.RELATIVE_PERFORMER);
  }

  @Override
  long defaultParameters() {
    return 795_022;
  }

  /**
   * The last block asks for the class token alone, whose encoding is zero: rotating it changes
   * nothing (in the published program neither).
   */
  @Override
  boolean matters(String weight) {
    return !weight.startsWith("blocks/1/attention/rotation/");
  }
}
