package org.imageperformer.tfmodels.models;

/** The contract for Performer. */
class PerformerTest extends ImageModelContract {

  @Override
  ModelConfig tiny() {
    return Configs.tiny(ModelKind.PERFORMER);
  }

  @Override
  long defaultParameters() {
    return 794_794;
  }
}
