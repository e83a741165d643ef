package org.imageperformer.tfmodels.gsa;

import static org.imageperformer.options.Affects.MODEL;
import static org.imageperformer.options.Affects.TRAINING;

import java.util.List;
import org.imageperformer.options.Option;
import org.imageperformer.options.OptionSet;
import org.imageperformer.options.Options;

/** The options of GSA-Nets (gsa.md, sections 1 to 5); as defaults, the network of RotMNIST. */
public final class GsaOptions {
  public static final Option<Group> GROUP =
      Option.choice("group", Group.P4)
          .affects(MODEL)
          .speed()
          .help("Rotations by 360/n degrees, n the number; with m (mz2: alone) mirrors.");
  public static final Option<GroupEncoding> GROUP_ENCODING =
      Option.choice("group_encoding", GroupEncoding.RELATIVE)
          .affects(MODEL)
          .help("How group elements are told apart: acted is the published program's, and not equivariant.");
  public static final Option<AttentionType> ATTENTION_TYPE =
      Option.choice("attention_type", AttentionType.LOCAL)
          .affects(MODEL)
          .help("Whether a pixel looks at a patch around it or at all pixels.");
  public static final Option<Integer> PATCH_SIZE =
      Option.integer("patch_size", 5)
          .affects(MODEL)
          .help("Side of the patch of local attention; odd, at least 3.");
  public static final Option<NormType> NORM_TYPE =
      Option.choice("norm_type", NormType.LAYER_NORM)
          .affects(MODEL)
          .help("Normalisation of an image's maps, or of a batch's.");
  public static final Option<Activation> ACTIVATION_FUNCTION =
      Option.choice("activation_function", Activation.SWISH)
          .affects(MODEL)
          .help("Nonlinearity of the network.");
  public static final Option<Integer> NUM_CHANNELS =
      Option.integer("num_channels", 20)
          .affects(MODEL)
          .help("Channels of the first maps; a multiple of 4.");
  public static final Option<Integer> NUM_HEADS =
      Option.integer("num_heads", 9).affects(MODEL).help("Attention heads.");
  public static final Option<List<Integer>> BLOCK_SIZES =
      Option.integers("block_sizes", List.of(2, 3)).affects(MODEL).help("Blocks of each stage.");
  public static final Option<List<Integer>> EXPANSION_PER_BLOCK =
      Option.integers("expansion_per_block", List.of(1, 1))
          .affects(MODEL)
          .help("What the first block of each stage multiplies the channels by.");
  public static final Option<List<Integer>> CROP_PER_LAYER =
      Option.integers("crop_per_layer", List.of(2, 0, 2, 1, 1))
          .affects(MODEL)
          .help("Pixels that each block cuts from every side.");
  public static final Option<Boolean> NORMALIZE_BETWEEN_LAYERS =
      Option.bool("normalize_between_layers", false)
          .affects(MODEL)
          .help("Norm and nonlinearity after every block.");
  public static final Option<Boolean> MAXPOOL_AFTER_LAST_BLOCK =
      Option.bool("maxpool_after_last_block", false)
          .affects(MODEL)
          .help("Pooling after the last stage, too.");
  public static final Option<Double> DROPOUT_ATT =
      dropout("dropout_att", 0.1).help("Dropout of the attention's probabilities, in [0, 1).");
  public static final Option<Double> DROPOUT_VALUES =
      dropout("dropout_values", 0.1).help("Dropout after each attention, in [0, 1).");
  public static final Option<Double> INPUT_DROPOUT =
      dropout("input_dropout", 0).help("Dropout of the image, in [0, 1).");
  public static final Option<Double> DROPOUT_AFTER_POOLING =
      dropout("dropout_after_pooling", 0).help("Dropout after each pooling, in [0, 1).");
  public static final Option<Double> WHITENING_SCALE =
      Option.number("whitening_scale", 1.41421356)
          .affects(TRAINING)
          .help("Initial deviation of affine weights times the root of their inputs.");

  static final OptionSet ALL =
      OptionSet.of(
          GROUP,
          GROUP_ENCODING,
          ATTENTION_TYPE,
          PATCH_SIZE,
          NORM_TYPE,
          ACTIVATION_FUNCTION,
          NUM_CHANNELS,
          NUM_HEADS,
          BLOCK_SIZES,
          EXPANSION_PER_BLOCK,
          CROP_PER_LAYER,
          NORMALIZE_BETWEEN_LAYERS,
          MAXPOOL_AFTER_LAST_BLOCK,
          DROPOUT_ATT,
          DROPOUT_VALUES,
          INPUT_DROPOUT,
          DROPOUT_AFTER_POOLING,
          WHITENING_SCALE);

  private GsaOptions() {}

  private static Option<Double> dropout(String name, double rate) {
    return Option.number(name, rate).affects(TRAINING).speed();
  }

  /**
   * The network that options describe.
   *
   * @throws IllegalArgumentException naming every problem at once
   */
  static Architecture architecture(Options options) {
    return new Architecture(
        options.get(GROUP),
        options.get(GROUP_ENCODING),
        options.get(ATTENTION_TYPE),
        options.get(PATCH_SIZE),
        options.get(NORM_TYPE),
        options.get(ACTIVATION_FUNCTION),
        options.get(NUM_CHANNELS),
        options.get(NUM_HEADS),
        options.get(BLOCK_SIZES),
        options.get(EXPANSION_PER_BLOCK),
        options.get(CROP_PER_LAYER),
        options.get(NORMALIZE_BETWEEN_LAYERS),
        options.get(MAXPOOL_AFTER_LAST_BLOCK),
        options.get(DROPOUT_ATT),
        options.get(DROPOUT_VALUES),
        options.get(INPUT_DROPOUT),
        options.get(DROPOUT_AFTER_POOLING),
        options.get(WHITENING_SCALE));
  }
}
