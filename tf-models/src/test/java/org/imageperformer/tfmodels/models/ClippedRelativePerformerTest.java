package org.imageperformer.tfmodels.models;

/** The contract for ClippedRelativePerformer. */
class ClippedRelativePerformerTest extends ImageModelContract {

  @Override
  ModelConfig tiny() {
    return Configs.tiny(ModelKind.CLIPPED_RELATIVE_PERFORMER);
  }

  @Override
  long defaultParameters() {
    return 762_890;
  }
}
