package org.imageperformer.tfmodels.performer;

import static org.imageperformer.tfmodels.performer.PerformerOptions.ATTN_DROPOUT;
import static org.imageperformer.tfmodels.performer.PerformerOptions.CLASS_TOKEN_POSITION;
import static org.imageperformer.tfmodels.performer.PerformerOptions.CLIPPING_DIST;
import static org.imageperformer.tfmodels.performer.PerformerOptions.CONTENT_REL_ATTN;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DEPTH;
import static org.imageperformer.tfmodels.performer.PerformerOptions.DIM;
import static org.imageperformer.tfmodels.performer.PerformerOptions.EMBEDDING_TYPE;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FEATURE_REDRAW_INTERVAL;
import static org.imageperformer.tfmodels.performer.PerformerOptions.FF_DROPOUT;
import static org.imageperformer.tfmodels.performer.PerformerOptions.HEADS;
import static org.imageperformer.tfmodels.performer.PerformerOptions.KEY_STABILIZER;
import static org.imageperformer.tfmodels.performer.PerformerOptions.MAX_POS;
import static org.imageperformer.tfmodels.performer.PerformerOptions.NO_PROJECTION;
import static org.imageperformer.tfmodels.performer.PerformerOptions.POS_SCALES;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.imageperformer.options.Option;
import org.imageperformer.options.OptionSet;
import org.imageperformer.options.Options;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.EmbeddingType;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelFamily;

/** The four models of the paper, under the names of the published program. */
public final class PerformerFamily implements ModelFamily {
  public static final String PERFORMER = "Performer";
  public static final String NOPOS_PERFORMER = "NoposPerformer";
  public static final String RELATIVE_PERFORMER = "RelativePerformer";
  public static final String CLIPPED_RELATIVE_PERFORMER = "ClippedRelativePerformer";

  private static final OptionSet COMMON =
      OptionSet.of(
          EMBEDDING_TYPE,
          DIM,
          DEPTH,
          HEADS,
          ATTN_DROPOUT,
          FF_DROPOUT,
          FEATURE_REDRAW_INTERVAL,
          NO_PROJECTION,
          KEY_STABILIZER);

  /** A model's options, and its constructor. */
  private record Member(OptionSet options, Constructor constructor) {}

  private interface Constructor {
    ImageModel create(Weights weights, ImageShape shape, int classes, Options options);
  }

  private static final Map<String, Member> MEMBERS = new LinkedHashMap<>();

  static {
    // Lambdas: a reference to a constructor would load the class, and TensorFlow with it, for help.
    member(PERFORMER, (w, shape, classes, o) -> new Performer(w, shape, classes, o));
    member(NOPOS_PERFORMER, (w, shape, classes, o) -> new NoposPerformer(w, shape, classes, o));
    member(
        RELATIVE_PERFORMER,
        (w, shape, classes, o) -> new RelativePerformer(w, shape, classes, o),
        POS_SCALES,
        CONTENT_REL_ATTN);
    member(
        CLIPPED_RELATIVE_PERFORMER,
        (w, shape, classes, o) -> new ClippedRelativePerformer(w, shape, classes, o),
        CLIPPING_DIST,
        CLASS_TOKEN_POSITION);
  }

  private static void member(String name, Constructor constructor, Option<?>... own) {
    MEMBERS.put(name, new Member(COMMON.plus(own).plus(MAX_POS), constructor));
  }

  @Override
  public List<String> models() {
    return List.copyOf(MEMBERS.keySet());
  }

  @Override
  public OptionSet options(String model) {
    return MEMBERS.get(model).options();
  }

  @Override
  public ImageModel create(
      String model, Weights weights, ImageShape shape, int classes, Options options) {
    return MEMBERS.get(model).constructor().create(weights, shape, classes, options);
  }

  @Override
  public List<String> problems(String model, ImageShape shape, Options options) {
    List<String> problems = new ArrayList<>();
    int dim = options.get(DIM);
    int heads = options.get(HEADS);
    boolean sized = dim >= 1 && heads >= 1;
    // RelativePerformer's queries and keys are wider than its heads.
    boolean narrow = !options.get(NO_PROJECTION) && !model.equals(RELATIVE_PERFORMER);
    if (sized && dim % heads != 0) {
      problems.add("heads " + heads + " does not divide dim " + dim);
    } else if (sized && dim / heads < 2 && narrow) {
      problems.add(
          "dim / heads is " + dim / heads + ": random features need heads of at least 2 features");
    }
    for (Option<Double> dropout : List.of(ATTN_DROPOUT, FF_DROPOUT)) {
      double rate = options.get(dropout);
      if (!(rate >= 0 && rate < 1)) {
        problems.add(dropout + " is " + rate + ", must be in [0, 1)");
      }
    }
    int channels = shape.channels();
    if (options.get(EMBEDDING_TYPE) == EmbeddingType.LOOKUP
        && channels >= 1
        && dim % channels != 0) {
      problems.add(
          "embedding_type lookup needs dim divisible by the channels: dim is "
              + dim
              + ", channels are "
              + channels);
    }
    if (model.equals(PERFORMER) && dim % 4 != 0) {
      problems.add("dim " + dim + " is not divisible by 4, as sines and cosines of two axes");
    }
    return problems;
  }
}
