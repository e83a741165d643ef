package org.imageperformer.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.datasets.Availability;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.DatasetSource;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.options.Affects;
import org.imageperformer.options.Option;
import org.imageperformer.options.OptionSet;
import org.imageperformer.options.Options;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.ModelInfo;
import org.imageperformer.tfmodels.graph.Dims;
import org.imageperformer.tfmodels.graph.Pass;
import org.imageperformer.tfmodels.graph.Value;
import org.imageperformer.tfmodels.graph.Weights;
import org.imageperformer.tfmodels.layers.Dense;
import org.imageperformer.tfmodels.models.Cost;
import org.imageperformer.tfmodels.models.ImageModel;
import org.imageperformer.tfmodels.models.ImageShape;
import org.imageperformer.tfmodels.models.ModelFamily;
import org.imageperformer.tfmodels.models.Traits;
import org.imageperformer.training.optimizer.RuleOptimizer;
import org.imageperformer.training.optimizer.UpdateParameters;
import org.imageperformer.training.optimizer.UpdateRule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * A model with an option, a data set and an update rule of a user's own: each is one class and one
 * line, and the whole command line knows them.
 */
class AddedPartsTest {
  private static final Option<Integer> HIDDEN =
      Option.integer("hidden_units", 6).atLeast(1).affects(Affects.MODEL).help("Units between.");

  private final ClassLoader before = Thread.currentThread().getContextClassLoader();
  private URLClassLoader loader;
  @TempDir Path folder;

  /** Two affine maps of all pixels, with a regulariser. */
  public static final class Family implements ModelFamily {
    @Override
    public List<String> models() {
      return List.of("TwoMaps");
    }

    @Override
    public OptionSet options(String model) {
      return OptionSet.of(HIDDEN);
    }

    @Override
    public Map<String, String> defaults(String model, String dataset) {
      return Map.of("learning_rate", "0.05", "optimizer", "signs");
    }

    @Override
    public ImageModel create(
        String model, Weights weights, ImageShape shape, int classes, Options options) {
      return new TwoMaps(weights, shape, classes, options.get(HIDDEN));
    }
  }

  private static final class TwoMaps implements ImageModel {
    private final ImageShape shape;
    private final int classes;
    private final Dense first;
    private final Dense second;

    TwoMaps(Weights weights, ImageShape shape, int classes, int hidden) {
      this.shape = shape;
      this.classes = classes;
      first = new Dense(weights, "first", shape.pixels() * shape.channels(), hidden);
      second = new Dense(weights, "second", hidden, classes);
    }

    @Override
    public Value logits(Pass pass, Value pixels) {
      Ops tf = pass.tf();
      long size = (long) shape.pixels() * shape.channels();
      Value row = pass.apply(pixels, x -> tf.reshape(x, Dims.of(tf, -1, 1, size)));
      Value hidden = pass.apply(first.apply(pass, row), tf.nn::relu);
      return pass.apply(second.apply(pass, hidden), x -> tf.reshape(x, Dims.of(tf, -1, classes)));
    }

    @Override
    public Traits traits() {
      return Traits.USUAL;
    }

    @Override
    public Cost cost() {
      return new Cost(
          List.of(
              new Cost.Part("first map", "first", 2 * first.multiplyAdds(1)),
              new Cost.Part("second map", "second", 2 * second.multiplyAdds(1))));
    }
  }

  /** Half of the images are bright, half dark. */
  public static final class Source implements DatasetSource {
    @Override
    public String name() {
      return "Lamps";
    }

    @Override
    public DatasetInfo info(Path dataPath) {
      return new DatasetInfo(
          name(),
          List.of("off", "on"),
          4,
          4,
          List.of(0.5f),
          List.of(0.5f),
          false,
          Map.of("val_split", "8"));
    }

    @Override
    public Availability status(Path dataPath) {
      return new Availability(name(), Availability.Place.SHIPPED, "here", "56 images");
    }

    @Override
    public Optional<Dataset> read(Path dataPath, int imageSize) {
      return Optional.of(
          new Dataset(
              info(dataPath),
              images(40, imageSize),
              Optional.empty(),
              images(16, imageSize),
              List.of()));
    }

    @Override
    public String remedy(Path dataPath) {
      return "Nothing is needed.";
    }

    private static ImageSet images(int count, int side) {
      byte[] pixels = new byte[count * side * side];
      byte[] labels = new byte[count];
      for (int i = 0; i < count; i++) {
        labels[i] = (byte) (i % 2);
        for (int p = 0; p < side * side; p++) {
          pixels[i * side * side + p] = (byte) (i % 2 * 200 + (i * 7 + p * 3) % 40);
        }
      }
      return ImageSet.of(pixels, labels, side, side, 1);
    }
  }

  /** Steps of the rate's size in the direction of the gradient's sign. */
  public static final class Signs implements UpdateRule {
    @Override
    public String name() {
      return "signs";
    }

    @Override
    public RuleOptimizer create(Graph graph, UpdateParameters parameters) {
      return new RuleOptimizer(graph, name()) {
        @Override
        protected <T extends TType> Op applyDense(Ops tf, Output<T> gradient, Output<T> variable) {
          return tf.train.applyGradientDescent(
              variable, learningRate(variable), sign(tf, gradient));
        }
      };
    }

    @SuppressWarnings("unchecked") // All variables are float32.
    private static <T extends TType> Operand<T> sign(Ops tf, Output<T> gradient) {
      return (Operand<T>) tf.math.sign((Output<TFloat32>) gradient);
    }
  }

  @BeforeEach
  void register() throws IOException {
    line(ModelFamily.class, Family.class);
    line(DatasetSource.class, Source.class);
    line(UpdateRule.class, Signs.class);
    loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before);
    Thread.currentThread().setContextClassLoader(loader);
  }

  private void line(Class<?> service, Class<?> added) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(service.getName()), added.getName() + "\n");
  }

  @AfterEach
  void end() throws IOException {
    Thread.currentThread().setContextClassLoader(before);
    loader.close();
  }

  private static String ok(String... words) {
    Cli result = Cli.run(words);
    assertThat(result.status()).as(result.err()).isZero();
    return result.out();
  }

  @Test
  void helpListsAndExplainsThem() {
    String general = ok("train", "--help");
    assertThat(general).contains("TwoMaps").contains("Lamps").contains("adam|sgd|signs");
    assertThat(general).containsPattern("TwoMaps: Units between\\.\\s+Default: 6");
    String own = ok("train", "TwoMaps", "--help");
    assertThat(own)
        .contains("--hidden_units=N")
        .doesNotContain("--heads")
        .containsPattern("--optimizer=adam\\|sgd\\|signs[^-]*Default: signs")
        .containsPattern("--learning_rate=N[^-]*Default: 0.05");
    assertThat(ok("completion")).contains("'--hidden_units'");
    assertThat(ok("datasets")).contains("Lamps");
    assertThat(Cli.run("train", "TwoMap", "Lamp").err())
        .contains("did you mean TwoMaps?")
        .contains("did you mean Lamps?");
    assertThat(Cli.run("train", "Performer", "Lamps", "--hidden_units", "3").err())
        .contains("hidden_units is an option of TwoMaps, not of Performer");
    assertThat(Cli.run("train", "TwoMaps", "Lamps", "--hidden_units", "0").err())
        .contains("hidden_units is 0, must be at least 1");
  }

  @Test
  void aRunGoesAllTheWay() throws IOException {
    String run = folder.resolve("runs/default/lamps").toString();
    String trained =
        ok(
            ("train TwoMaps Lamps --hidden_units 5 --image_size 4 --batch_size 8 --max_epochs 3"
                    + " --threads 1 --seed 4 --version lamps --log_path "
                    + folder.resolve("runs"))
                .split(" "));
    assertThat(trained).contains("first map").contains("test/acc 1.0000");
    HParams hparams = HParams.read(Path.of(run, "hparams.json"));
    assertThat(hparams.string("model")).isEqualTo("TwoMaps");
    assertThat(hparams.string("dataset")).isEqualTo("Lamps");
    assertThat(hparams.string("optimizer")).isEqualTo("signs");
    assertThat(hparams.integer("hidden_units")).isEqualTo(5);
    assertThat(hparams.integer("val_split")).isEqualTo(8);
    assertThat(hparams.has("heads")).isFalse();
    ModelInfo info = ModelInfo.read(Path.of(run, "saved_model/assets.extra/model.json"));
    assertThat(info.definingOptions())
        .contains("hidden_units", "seed")
        .doesNotContain("max_epochs");

    assertThat(Cli.run("train", "--resume", run, "--hidden_units", "6").err())
        .contains("hidden_units is 5, asked for was 6");
    ok("train", "--resume", run, "--max_epochs", "4");
    assertThat(Files.readAllLines(Path.of(run, "metrics.csv"))).hasSize(5);
    ok("export", run);
    Path table = folder.resolve("test.csv");
    ok("test", run, "--output", table.toString());
    assertThat(table).content().contains("hidden_units,5\n").contains("test/acc,1.0\n");
    Path page = folder.resolve("report.html");
    ok("report", run, "--output", page.toString());
    assertThat(page).content().contains("TwoMaps").contains("Lamps");
    assertThat(ok("summary", "TwoMaps", "Lamps", "--image_size=4")).contains("second map");
    assertThat(ok("equivariance", run, "--images", "4")).contains("positions");

    HParams.read(Path.of(run, "hparams.json"))
        .with("hidden_units", 7)
        .write(Path.of(run, "hparams.json"));
    assertThat(Cli.run("test", run).err())
        .contains("hidden_units is 7 in hparams.json, but 5 in model.json");
  }

  @Test
  void twoRunsOfOneSeedAreOne() {
    String run = folder.resolve("runs/default/first").toString();
    ok(
        ("train TwoMaps Lamps --image_size 4 --batch_size 8 --max_epochs 2 --threads 1 --seed 4"
                + " --version first --log_path "
                + folder.resolve("runs"))
            .split(" "));
    assertThat(ok("reproduce", run)).contains("identical: metrics, results");
  }
}
