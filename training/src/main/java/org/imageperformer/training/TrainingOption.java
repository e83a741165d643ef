package org.imageperformer.training;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.imageperformer.tfmodels.models.ModelKind;

/** The options of a training by name: defaults, and which models have them (cli.md, "train"). */
public enum TrainingOption {
  /** Folder of all experiments. */
  LOG_PATH("log_path", "runs"),
  /** Folder of one experiment. */
  EXP_NAME("exp_name", "default"),
  /** Folder of the run. */
  VERSION("version", "next free version_X"),
  /** Images of a step. */
  BATCH_SIZE("batch_size", "16"),
  /** How a pixel becomes a vector. */
  EMBEDDING_TYPE("embedding_type", "linear"),
  /** Learning rate at the end of the warm-up. */
  LEARNING_RATE("learning_rate", "0.001"),
  /** Steps of linear growth of the learning rate. */
  WARMUP("warmup", "0"),
  /** The learning rate after the warm-up. */
  SCHEDULE("schedule", "constant"),
  /** Features of a token. */
  DIM("dim", "128"),
  /** Blocks. */
  DEPTH("depth", "4"),
  /** Attention heads. */
  HEADS("heads", "4"),
  /** Dropout after attention. */
  ATTN_DROPOUT("attn_dropout", "0.1"),
  /** Dropout inside the feed-forward. */
  FF_DROPOUT("ff_dropout", "0.1"),
  /** Steps between new random projections. */
  FEATURE_REDRAW_INTERVAL("feature_redraw_interval", "1000"),
  /** Exact softmax attention. */
  NO_PROJECTION("no_projection", "false"),
  /** Over which keys the maximum is taken. */
  KEY_STABILIZER("key_stabilizer", "example"),
  /** Frequencies of the position encoding. */
  POS_SCALES("pos_scales", "4", ModelKind.RELATIVE_PERFORMER),
  /** A second, content-dependent rotation. */
  CONTENT_REL_ATTN("content_rel_attn", "false", ModelKind.RELATIVE_PERFORMER),
  /** Distances from here on share one embedding. */
  CLIPPING_DIST("clipping_dist", "8", ModelKind.CLIPPED_RELATIVE_PERFORMER),
  /** Where the class token stands as a query. */
  CLASS_TOKEN_POSITION("class_token_position", "corner", ModelKind.CLIPPED_RELATIVE_PERFORMER),
  /** Limit of epochs. */
  MAX_EPOCHS("max_epochs", "1000"),
  /** Limit of steps. */
  MAX_STEPS("max_steps", "none"),
  /** Limit of time. */
  MAX_TIME("max_time", "none"),
  /** Epochs without a better val/acc before training stops. */
  PATIENCE("patience", "20"),
  /** Largest global norm of the gradients. */
  GRADIENT_CLIP_VAL("gradient_clip_val", "0.5"),
  /** Images split off for validation. */
  VAL_SPLIT("val_split", "5000, of samples 500"),
  /** Training images used. */
  LIMIT_TRAIN("limit_train", "all"),
  /** Validation images used. */
  LIMIT_VAL("limit_val", "all"),
  /** Test images used. */
  LIMIT_TEST("limit_test", "all"),
  /** Height and width of the images. */
  IMAGE_SIZE("image_size", "32"),
  /** Everything random follows from it. */
  SEED("seed", "random"),
  /** Where the data lies. */
  DATA_PATH("data_path", "data"),
  /** Where the model is computed. */
  DEVICE("device", "auto"),
  /** A GPU's memory as it is needed, instead of all of it. */
  GPU_MEMORY_GROWTH("gpu_memory_growth", "true"),
  /** GPUs that share every batch. */
  GPUS("gpus", "1"),
  /** Threads of the computation. */
  THREADS("threads", "all cores"),
  /** Numbers of the matrix products. */
  PRECISION("precision", "fp32"),
  /** The plain definition instead of the fast blocks. */
  PLAIN("plain", "false"),
  /** How often to save what a resume needs. */
  CHECKPOINT_EVERY("checkpoint_every", "1,10m");

  private final String label;
  private final String defaultText;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<ModelKind> models;

  TrainingOption(String label, String defaultText, ModelKind... models) {
    this.label = label;
    this.defaultText = defaultText;
    this.models = models.length == 0 ? List.of(ModelKind.values()) : List.of(models);
  }

  /** The name on the command line, in the authors' spelling, and in hparams.json. */
  public String label() {
    return label;
  }

  /** The value when it is not given, or what happens then. */
  public String defaultText() {
    return defaultText;
  }

  /** Whether a model has the option. */
  public boolean belongsTo(ModelKind kind) {
    return models.contains(kind);
  }

  /** The models that have the option. */
  public List<ModelKind> models() {
    return models;
  }

  /** The option of that name, if there is one. */
  public static Optional<TrainingOption> of(String label) {
    return Arrays.stream(values()).filter(option -> option.label.equals(label)).findFirst();
  }
}
