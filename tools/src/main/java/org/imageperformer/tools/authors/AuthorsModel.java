package org.imageperformer.tools.authors;

import java.util.Map;
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
    HparamsReader reader = new HparamsReader(hparams);
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
}
