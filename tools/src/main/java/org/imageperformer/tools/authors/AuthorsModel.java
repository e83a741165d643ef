package org.imageperformer.tools.authors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.imageperformer.tfmodels.attention.ClassTokenPosition;
import org.imageperformer.tfmodels.attention.KeyStabilizer;
import org.imageperformer.tfmodels.layers.EmbeddingType;
import org.imageperformer.tfmodels.models.ModelConfig;
import org.imageperformer.tfmodels.models.ModelKind;

/**
 * The model that a run of the authors' program describes. Hparams of older runs lack keys: the
 * authors' defaults apply.
 */
public final class AuthorsModel {

  private AuthorsModel() {}

  /**
   * The model of such hparams, with the key stabilizer of the authors' program.
   *
   * @param hparams as in hparams.yaml
   * @param imageSize height and width that the model was trained at
   * @throws IllegalArgumentException naming every value that is missing, of the wrong type or out
   *     of range
   */
  public static ModelConfig config(Map<String, Object> hparams, int imageSize) {
    Reader reader = new Reader(hparams);
    ModelKind kind = reader.parsed("model", ModelKind::of, null);
    boolean relative = kind == ModelKind.RELATIVE_PERFORMER;
    boolean clipped = kind == ModelKind.CLIPPED_RELATIVE_PERFORMER;
    int channels = reader.integer("in_features", 1);
    int classes = reader.integer("num_classes", 10);
    EmbeddingType embedding =
        reader.parsed("embedding_type", EmbeddingType::of, EmbeddingType.LINEAR);
    int dim = reader.integer("dim", 128);
    int depth = reader.integer("depth", 4);
    int heads = reader.integer("heads", 4);
    double attnDropout = reader.number("attn_dropout", 0.1);
    double ffDropout = reader.number("ff_dropout", 0.1);
    boolean noProjection = !clipped && reader.flag("no_projection", false);
    int maxPos = reader.integer("max_pos", 32);
    int posScales = relative ? reader.integer("pos_scales", 4) : 4;
    boolean contentRelAttn = relative && reader.flag("content_rel_attn", false);
    int clippingDist = clipped ? reader.integer("clipping_dist", 8) : 8;
    reader.check();
    return new ModelConfig(
        kind,
        imageSize,
        imageSize,
        channels,
        classes,
        embedding,
        dim,
        depth,
        heads,
        attnDropout,
        ffDropout,
        noProjection,
        KeyStabilizer.BATCH,
        maxPos,
        posScales,
        contentRelAttn,
        clippingDist,
        ClassTokenPosition.CORNER);
  }

  /** Reads values and collects what is wrong with them. */
  private static final class Reader {

    private final Map<String, Object> hparams;
    private final List<String> problems = new ArrayList<>();

    Reader(Map<String, Object> hparams) {
      this.hparams = hparams;
    }

    int integer(String key, int fallback) {
      Object found = hparams.get(key);
      if (found == null) {
        return fallback;
      }
      if (found instanceof Number number && number.doubleValue() == number.intValue()) {
        return number.intValue();
      }
      return wrong(key, "an integer", found, fallback);
    }

    double number(String key, double fallback) {
      Object found = hparams.get(key);
      if (found == null) {
        return fallback;
      }
      return found instanceof Number number
          ? number.doubleValue()
          : wrong(key, "a number", found, fallback);
    }

    boolean flag(String key, boolean fallback) {
      Object found = hparams.get(key);
      if (found == null) {
        return fallback;
      }
      return found instanceof Boolean flag ? flag : wrong(key, "true or false", found, fallback);
    }

    /** A named value; without a fallback it must be there. */
    <T> T parsed(String key, Function<String, T> parser, T fallback) {
      Object found = hparams.get(key);
      if (found == null) {
        if (fallback == null) {
          problems.add("no " + key);
        }
        return fallback;
      }
      try {
        return parser.apply(found.toString());
      } catch (IllegalArgumentException e) {
        problems.add(key + ": " + e.getMessage());
        return fallback;
      }
    }

    private <T> T wrong(String key, String expected, Object found, T fallback) {
      problems.add(key + " must be " + expected + ", not " + found);
      return fallback;
    }

    void check() {
      if (!problems.isEmpty()) {
        throw new IllegalArgumentException("hparams.yaml: " + String.join("; ", problems));
      }
    }
  }
}
