package org.imageperformer.tfmodels.models;

/** The contract for NoposPerformer. */
class NoposPerformerTest extends ImageModelContract {

  @Override
  ModelConfig tiny() {
    return Configs.tiny(ModelKind.NOPOS_PERFORMER);
  }

  @Override
  long defaultParameters() {
    return 794_762;
  }
}
