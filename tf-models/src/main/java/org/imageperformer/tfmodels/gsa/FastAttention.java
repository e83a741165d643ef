package org.imageperformer.tfmodels.gsa;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.tfmodels.graph.Chunks;
import org.imageperformer.tfmodels.graph.CompiledTwins;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Gradients;
import org.imageperformer.tfmodels.graph.Inputs;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The attention in strips, rows of one image and head or all those of several, with {@linkplain
 * FactorisedProbabilities factorised probabilities} and a hand-written backward pass that computes
 * them again.
 *
 * <p>Axes: i images and heads, P pixels, n queries of a strip, V output elements, G query elements,
 * M key elements, D keys of a query, c features of a head.
 */
final class FastAttention {

  /** Bytes of a strip's factors: a few such tensors lie in a processor's second cache. */
  private static final long STRIP_BYTES = 1 << 19;

  private final Pass pass;
  private final AttentionSpec spec;
  private final AttentionSpec.Tensors tensors;
  private final Neighbours neighbours;
  private final long heads;
  private final long features; // c
  private final long queries; // G = M
  private final long outputs; // V
  private final long position; // 2e
  private final Optional<GroupScores> groupScores;
  private final Reach reach;

  private FastAttention(Pass pass, AttentionSpec spec, AttentionSpec.Tensors tensors) {
    this.pass = pass;
    this.spec = spec;
    this.tensors = tensors;
    this.neighbours = spec.neighbours();
    this.heads = spec.heads();
    this.features = spec.mid();
    this.queries = tensors.q().shape().get(3);
    this.outputs = spec.group().order();
    this.position = tensors.codes().shape().get(2);
    this.groupScores = tensors.table().map(table -> new GroupScores(spec, position, table));
    this.reach =
        switch (neighbours.type()) {
          case LOCAL ->
              new LocalReach(
                  neighbours, stripRows(), images(), queries, features, outputs, position);
          case GLOBAL -> new GlobalReach(neighbours.height(), queries, features, outputs, position);
        };
  }

  /** Whether the group's part of the scores, if there is one, does not depend on the output. */
  private boolean isFactorised() {
    return queries == 1 || spec.encoding() == GroupEncoding.RELATIVE;
  }

  static Value attend(Pass pass, AttentionSpec spec, AttentionSpec.Tensors tensors) {
    return new FastAttention(pass, spec, tensors).attend();
  }

  /** The largest divisor of the height whose strips are small enough. */
  private int stripRows() {
    long row = // bytes of the factors of a row of queries
        neighbours.width() * queries * outputs * neighbours.keys() * Float.BYTES;
    int rows = neighbours.height();
    while (rows > 1 && (neighbours.height() % rows != 0 || rows * row > STRIP_BYTES)) {
      rows--;
    }
    return rows;
  }

  /**
   * The heads of a strip of all rows: in training several, if all they have is as small as a strip,
   * since each strip costs calls of compiled functions.
   */
  private int images() {
    if (!pass.training() || stripRows() < neighbours.height()) {
      return 1;
    }
    long image = // bytes of its windows or factors
        queries
            * neighbours.pixels()
            * neighbours.keys()
            * Math.max(outputs, features)
            * Float.BYTES;
    int images = Math.toIntExact(heads);
    while (images > 1 && (heads % images != 0 || images * image > STRIP_BYTES)) {
      images--;
    }
    return images;
  }

  private Value attend() {
    Ops tf = pass.tf();
    Operand<TFloat32> q = // [i, P, G c]
        pixels(tf, tf.math.mul(byHead(tensors.q(), queries), tf.constant(spec.scale())), queries);
    Map<String, Operand<?>> shared = new HashMap<>();
    shared.put("q", q);
    shared.put("k", reach.prepare(tf, byHead(tensors.k(), queries)));
    shared.put("v", reach.prepare(tf, byHead(tensors.v(), queries)));
    shared.put("codes", tensors.codes().operand());
    groupScores.ifPresent(group -> shared.put("group", group.scores(tf, q)));
    if (spec.dropout().active(pass)) {
      Operand<TInt32> rows = // as those of q, for each output and query
          tf.math.mul(
              tf.reduceProd(tf.slice(tf.shape(q), Dims.of(tf, 0), Dims.of(tf, 2)), tf.constant(0)),
              tf.constant(Math.toIntExact(outputs * queries)));
      shared.put("key", spec.dropout().key(pass, rows));
    }
    Operand<TInt32> count = count(tf, q);
    List<Shape> shapes = List.of(Shape.of(strip(), outputs * features));
    List<Operand<TFloat32>> out = Chunks.map(tf, count, shared, shapes, this::forward);
    if (pass.twins().isPresent() && reach instanceof LocalReach local && isFactorised()) {
      CompiledTwins twins = pass.twins().get();
      CompiledStrip compiled = compiledStrip(twins, local);
      twins.add(
          out,
          shared,
          shapes,
          (inner, chunk, in) ->
              List.of(compiled.attend(inner, compiledInputs(inner, local, chunk, in))));
    }
    return pass.record(
        byPixel(tf, out.get(0), outputs),
        (dOutput, gradients) -> {
          shared.put("dOutput", pixels(tf, byHead(tf, dOutput, outputs), outputs));
          back(tf, count, q, shared, gradients);
        });
  }

  private CompiledStrip compiledStrip(CompiledTwins twins, LocalReach local) {
    return new CompiledStrip(
        twins.functions(),
        new StripLayout(
            neighbours.height(), neighbours.width(), local.rows(), neighbours.offsets().radius()),
        outputs,
        queries,
        features,
        position);
  }

  private Map<String, Operand<?>> compiledInputs(
      Ops tf, LocalReach local, Operand<TInt32> chunk, Inputs in) {
    Place place = new Place(tf, chunk);
    Map<String, Operand<?>> given = new HashMap<>();
    given.put("strip", place.strip());
    given.put("codes", in.get("codes"));
    for (String name : List.of("k", "v")) {
      given.put(name, squeezed(tf, local.around(tf, in.get(name), place.image(), place.strip())));
    }
    given.put("q", squeezed(tf, place.rows(tf, in.get("q"))));
    if (in.has("group")) {
      given.put("group", squeezed(tf, place.rows(tf, in.get("group"))));
    }
    return given;
  }

  /** Of a single image and head. */
  private static Operand<TFloat32> squeezed(Ops tf, Operand<TFloat32> x) {
    return tf.reshape(x, Dims.of(tf, x.shape().tail().asArray()));
  }

  /** The outputs of a strip, [n, V c]. */
  private List<Operand<TFloat32>> forward(Ops tf, Operand<TInt32> chunk, Inputs in) {
    Strip strip = new Strip(tf, chunk, in);
    return List.of(
        tf.reshape(
            reach.combine(tf, strip.summed(), strip.window("v")),
            Dims.of(tf, strip(), outputs * features)));
  }

  /** Gradients of a strip by queries, keys, values, codes and, unless lifting, group scores. */
  private List<Operand<TFloat32>> back(Ops tf, Operand<TInt32> chunk, Inputs in) {
    Strip strip = new Strip(tf, chunk, in);
    Operand<TFloat32> v = strip.window("v");
    Operand<TFloat32> dOutput =
        tf.reshape(strip.rows("dOutput"), Dims.of(tf, strip(), outputs, features));
    Operand<TFloat32> dSummed = reach.compare(tf, dOutput, v); // [n, V, M D]
    Probabilities.Scores dScores =
        strip.probabilities.back(
            tf.reshape(dSummed, Dims.of(tf, strip(), outputs, queries, neighbours.keys())));
    Operand<TFloat32> dContent = // [n, G, M D]
        tf.reshape(dScores.content(), Dims.of(tf, strip(), queries, queries * neighbours.keys()));
    Reach.PositionGradients ofPositions =
        reach.positionsBack(
            tf, dScores.position(), strip.positionQueries(), in.get("codes"), strip.place.strip());
    Operand<TFloat32> dq = // [n, G, c]
        tf.math.add(
            reach.combine(tf, dContent, strip.window("k")),
            tf.pad(
                ofPositions.q(),
                tf.constant(
                    new int[][] {{0, 0}, {0, 0}, {0, Math.toIntExact(features - position)}}),
                tf.constant(0f)));
    List<Operand<TFloat32>> found = new ArrayList<>();
    found.add(tf.reshape(dq, Dims.of(tf, strip(), queries * features)));
    found.add(reach.spread(tf, dContent, strip.q));
    found.add(reach.spread(tf, strip.summed(), dOutput));
    found.add(ofPositions.codes());
    dScores
        .group()
        .ifPresent(
            group -> found.add(tf.reshape(group, Dims.of(tf, strip(), groupScores.get().size()))));
    return found;
  }

  private void back(
      Ops tf,
      Operand<TInt32> count,
      Operand<TFloat32> q,
      Map<String, Operand<?>> shared,
      Gradients gradients) {
    List<Shape> shapes =
        new ArrayList<>(
            List.of(
                Shape.of(strip(), queries * features),
                reach.part(),
                reach.part(),
                reach.codesPart()));
    groupScores.ifPresent(group -> shapes.add(Shape.of(strip(), group.size())));
    List<Operand<TFloat32>> found = Chunks.map(tf, count, shared, shapes, this::back);
    Operand<TFloat32> dq = pixels(tf, found.get(0), queries); // [i, P, G c]
    if (groupScores.isPresent()) {
      dq = tf.math.add(dq, groupScores.get().back(tf, found.get(4), q, gradients));
    }
    gradients.add(tensors.q(), byPixel(tf, tf.math.mul(dq, tf.constant(spec.scale())), queries));
    gradients.add(tensors.k(), byPixel(tf, reach.collect(tf, found.get(1)), queries));
    gradients.add(tensors.v(), byPixel(tf, reach.collect(tf, found.get(2)), queries));
    gradients.add(tensors.codes(), reach.collectCodes(tf, found.get(3)));
  }

  /** Where a chunk's strip is. */
  private final class Place {

    private final Operand<TInt32> image;
    private final Operand<TInt32> strip;

    Place(Ops tf, Operand<TInt32> chunk) {
      Operand<TInt32> strips = tf.constant(neighbours.height() / reach.rows());
      this.image = tf.math.mul(tf.math.floorDiv(chunk, strips), tf.constant(reach.images()));
      this.strip = tf.math.floorMod(chunk, strips);
    }

    /** The first image and head. */
    Operand<TInt32> image() {
      return image;
    }

    /** The strip's number in the image. */
    Operand<TInt32> strip() {
      return strip;
    }

    /** The strip's rows of [i, P, k]: [images, n / images, k]. */
    Operand<TFloat32> rows(Ops tf, Operand<TFloat32> all) {
      int each = FastAttention.this.strip() / reach.images(); // of an image and head
      return tf.slice(
          all,
          tf.stack(List.of(image, tf.math.mul(strip, tf.constant(each)), tf.constant(0))),
          Dims.of(tf, reach.images(), each, all.shape().get(2)));
    }
  }

  /** One strip inside of a chunk's function. */
  private final class Strip {

    private final Ops tf;
    private final Inputs in;
    private final Place place;
    private final Operand<TFloat32> q; // [n, G, c]
    private final Probabilities probabilities;

    Strip(Ops tf, Operand<TInt32> chunk, Inputs in) {
      this.tf = tf;
      this.in = in;
      this.place = new Place(tf, chunk);
      this.q = tf.reshape(rows("q"), Dims.of(tf, strip(), queries, features));
      Operand<TFloat32> content =
          tf.reshape(
              reach.compare(tf, q, window("k")),
              Dims.of(tf, strip(), queries, queries, neighbours.keys()));
      Probabilities.Scores scores =
          new Probabilities.Scores(
              content,
              reach.positions(tf, positionQueries(), in.get("codes"), place.strip()),
              groupScores.map(
                  group ->
                      tf.reshape(
                          rows("group"), Dims.of(tf, strip(), group.outputs(), queries, queries))));
      boolean factors = queries > 1 && isFactorised();
      Optional<CompiledMixture> trained =
          pass.training() ? Optional.of(compiled(chunk)) : Optional.empty();
      this.probabilities =
          factors
              ? new FactorisedProbabilities(
                  tf, scores, trained.<Mixture>map(given -> given).orElse(new ProductMixture(tf)))
              : new DirectProbabilities(tf, scores, trained);
    }

    private CompiledMixture compiled(Operand<TInt32> chunk) {
      Operand<TInt32> first = tf.math.mul(chunk, tf.constant(strip()));
      return new CompiledMixture(
          tf,
          pass.compiled(),
          in.has("key")
              ? Optional.of(new CompiledMixture.Mask(spec.dropout(), in.int32("key"), first))
              : Optional.empty(),
          outputs,
          queries);
    }

    /** The strip's rows of [i, P, k]: [images, n / images, k]. */
    Operand<TFloat32> rows(String name) {
      return place.rows(tf, in.get(name));
    }

    Operand<TFloat32> window(String name) {
      return reach.window(tf, in.get(name), place.image(), place.strip());
    }

    /** The features of the queries for rows and columns, [n, G, 2e]. */
    Operand<TFloat32> positionQueries() {
      return tf.slice(q, Dims.of(tf, 0, 0, 0), Dims.of(tf, strip(), queries, position));
    }

    /** [n, V, M D]. */
    Operand<TFloat32> summed() {
      return tf.reshape(
          probabilities.summed(), Dims.of(tf, strip(), outputs, queries * neighbours.keys()));
    }
  }

  /** Queries of a strip, n. */
  private int strip() {
    return reach.images() * reach.rows() * neighbours.width();
  }

  /** Strips of all images and heads. */
  private Operand<TInt32> count(Ops tf, Operand<TFloat32> q) {
    Operand<TInt32> images =
        tf.reshape(tf.slice(tf.shape(q), Dims.of(tf, 0), Dims.of(tf, 1)), tf.constant(new int[0]));
    return tf.math.floorDiv(
        tf.math.mul(images, tf.constant(neighbours.height() / reach.rows())),
        tf.constant(reach.images()));
  }

  private Operand<TFloat32> byHead(Value x, long elements) {
    return byHead(pass.tf(), x.operand(), elements);
  }

  /** [b, h, w, E, H c] to [i, h, w, E c]. */
  private Operand<TFloat32> byHead(Ops tf, Operand<TFloat32> x, long elements) {
    return tf.reshape(
        tf.linalg.transpose(
            tf.reshape(x, Dims.of(tf, -1, neighbours.pixels(), elements, heads, features)),
            tf.constant(new int[] {0, 3, 1, 2, 4})),
        Dims.of(tf, -1, neighbours.height(), neighbours.width(), elements * features));
  }

  /** To [i, P, E c]. */
  private Operand<TFloat32> pixels(Ops tf, Operand<TFloat32> x, long elements) {
    return tf.reshape(x, Dims.of(tf, -1, neighbours.pixels(), elements * features));
  }

  /** The pixels of all images and heads, E c values each, to [b, h, w, E, H c]. */
  private Operand<TFloat32> byPixel(Ops tf, Operand<TFloat32> x, long elements) {
    return tf.reshape(
        tf.linalg.transpose(
            tf.reshape(x, Dims.of(tf, -1, heads, neighbours.pixels(), elements, features)),
            tf.constant(new int[] {0, 2, 3, 1, 4})),
        Dims.of(tf, -1, neighbours.height(), neighbours.width(), elements, heads * features));
  }
}
