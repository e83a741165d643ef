package org.imageperformer.tfmodels.performer;

import static org.imageperformer.options.Affects.MODEL;
import static org.imageperformer.options.Affects.TRAINING;

import org.imageperformer.options.Option;
import org.imageperformer.tfmodels.attention.ClassTokenPosition;
import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.attention.PixelFeatures;
import org.imageperformer.tfmodels.kernels.Edges;
import org.imageperformer.tfmodels.layers.EmbeddingType;

/** The options of the Performers (cli.md, "train"). */
public final class PerformerOptions {
  public static final Option<EmbeddingType> EMBEDDING_TYPE =
      Option.choice("embedding_type", EmbeddingType.LINEAR)
          .affects(MODEL)
          .help("How a pixel becomes a vector.");
  public static final Option<Integer> DIM =
      Option.integer("dim", 128).atLeast(1).affects(MODEL).help("Features of a token.");
  public static final Option<Integer> DEPTH =
      Option.integer("depth", 4).atLeast(1).affects(MODEL).help("Blocks.");
  public static final Option<Integer> HEADS =
      Option.integer("heads", 4).atLeast(1).affects(MODEL).help("Attention heads.");
  public static final Option<Double> ATTN_DROPOUT =
      Option.number("attn_dropout", 0.1)
          .affects(TRAINING)
          .speed()
          .help("Dropout after attention, in [0, 1).");
  public static final Option<Double> FF_DROPOUT =
      Option.number("ff_dropout", 0.1)
          .affects(TRAINING)
          .speed()
          .help("Dropout inside the feed-forward, in [0, 1).");
  public static final Option<Integer> FEATURE_REDRAW_INTERVAL =
      Option.integer("feature_redraw_interval", 1000)
          .atLeast(0)
          .affects(TRAINING)
          .help("Steps between new random projections, 0 for never.");
  public static final Option<Boolean> NO_PROJECTION =
      Option.flag("no_projection")
          .affects(MODEL)
          .help("Exact softmax attention instead of random features; slow.");
  public static final Option<KeyStabilizer> KEY_STABILIZER =
      Option.choice("key_stabilizer", KeyStabilizer.EXAMPLE)
          .affects(MODEL)
          .help("Over which keys the maximum inside the random features is taken.");
  public static final Option<Integer> POS_SCALES =
      Option.integer("pos_scales", 4)
          .atLeast(1)
          .affects(MODEL)
          .help("Frequencies of the position encoding.");
  public static final Option<Boolean> CONTENT_REL_ATTN =
      Option.flag("content_rel_attn")
          .affects(MODEL)
          .help("A second relative attention that depends on the content.");
  public static final Option<Integer> CLIPPING_DIST =
      Option.integer("clipping_dist", 8)
          .atLeast(1)
          .affects(MODEL)
          .help("Distances from here on are one, in pixels.");
  public static final Option<ClassTokenPosition> CLASS_TOKEN_POSITION =
      Option.choice("class_token_position", ClassTokenPosition.CORNER)
          .affects(MODEL)
          .help(
              "Where the class token stands: below the image's corner, as in the published program,"
                  + " or nowhere.");

  public static final Option<PixelFeatures> FEATURES =
      Option.choice("features", PixelFeatures.ELU)
          .affects(MODEL)
          .help("Features of queries and keys: elu(x) + 1, or random ones.");
  public static final Option<Integer> FEATURE_COUNT =
      Option.integer("feature_count", 0)
          .atLeast(0)
          .affects(MODEL)
          .help("Random features of a head, made even; 0 for h ln h, h being dim / heads.");
  public static final Option<Integer> LOCAL =
      Option.integer("local", 3)
          .check(
              size -> size == 0 || (size > 0 && size % 2 == 1),
              size -> "local is " + size + ", must be odd, or 0 for no convolution")
          .affects(MODEL)
          .help("Side of the convolution before each attention, in pixels; odd, 0 for none.");
  public static final Option<Integer> MAX_WAVE =
      Option.integer("max_wave", 0)
          .atLeast(0)
          .affects(MODEL)
          .help("Most waves of the positions on a side; 0 for a quarter of the shorter side.");
  public static final Option<Edges> EDGES =
      Option.choice("edges", Edges.CIRCULAR)
          .affects(MODEL)
          .help(
              "What the convolution finds beyond an edge: the opposite one, or zeros, which gives up"
                  + " exact equivariance.");

  /** Largest image side that the initial frequencies are laid out for (models.md section 4). */
  public static final Option<Integer> MAX_POS =
      Option.integer("max_pos", 32).atLeast(1).affects(TRAINING).hidden();

  private PerformerOptions() {}
}
