package org.imageperformer.tools.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.tools.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/** Runs of the authors' program through the command line. */
class ImportCommandTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private static final Path EQUIVARIANT = Path.of("src/test/resources/golden-equivariant");

  @TempDir Path folder;

  static Stream<String> cases() throws IOException {
    try (Stream<Path> folders = Files.list(GOLDEN)) {
      return folders.map(path -> path.getFileName().toString()).sorted().toList().stream();
    }
  }

  private Cli importRun(String name, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "import",
                GOLDEN.resolve(name).toString(),
                "--output",
                folder.resolve("imported/" + name).toString(),
                "--image-size",
                Integer.toString(
                    golden(name).getAsJsonArray("images").get(0).getAsJsonArray().size())));
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray(String[]::new));
  }

  private static JsonObject golden(String name) throws IOException {
    return JsonParser.parseString(Files.readString(GOLDEN.resolve(name).resolve("golden.json")))
        .getAsJsonObject();
  }

  /** What enters the pixel embedding is given there: it is fed behind the scaling. */
  @ParameterizedTest
  @MethodSource("cases")
  void theSavedModelComputesWhatTheAuthorsProgramDid(String name) throws IOException {
    Cli result = importRun(name);

    assertThat(result.status()).as(result.err()).isZero();
    JsonObject golden = golden(name);
    JsonArray images = golden.getAsJsonArray("images");
    JsonArray expected = golden.getAsJsonArray("logits");
    int side = images.get(0).getAsJsonArray().size();
    float[] pixels = floats(images);
    Shape shape =
        Shape.of(images.size(), side, side, pixels.length / (images.size() * side * side));
    Path model = folder.resolve("imported/" + name + "/saved_model");
    try (SavedModelBundle bundle = SavedModelBundle.load(model.toString(), "serve");
        TFloat32 fed = TFloat32.tensorOf(shape, DataBuffers.of(pixels));
        Result fetched = bundle.session().runner().feed("pixels", fed).fetch("logits").run()) {
      float[] logits = new float[images.size() * 10];
      ((TFloat32) fetched.get(0)).copyTo(DataBuffers.of(logits));
      assertThat(logits).containsExactly(floats(expected), within(1e-4f));
    }
    HParams hparams = HParams.read(folder.resolve("imported/" + name + "/hparams.json"));
    assertThat(hparams.longInteger("n_parameters")).isEqualTo(golden.get("parameters").getAsLong());
    assertThat(hparams.string("key_stabilizer")).isEqualTo("batch");
    assertThat(hparams.string("imported_from"))
        .isEqualTo(GOLDEN.resolve(name).resolve("checkpoints/epoch=0-step=7.ckpt").toString());
    assertThat(hparams.findString("class_token_position"))
        .isEqualTo(name.startsWith("clipped") ? Optional.of("corner") : Optional.empty());
  }

  /** The size is that of its hparams, without --image-size. */
  @ParameterizedTest
  @ValueSource(strings = {"elu", "elu-one-block", "favor"})
  void aRunOfTheEquivariantModelIsImported(String name) throws IOException {
    Path authors = EQUIVARIANT.resolve(name);
    Path output = folder.resolve(name);
    Cli result = Cli.run("import", authors.toString(), "--output", output.toString());

    assertThat(result.status()).as(result.err()).isZero();
    JsonObject golden =
        JsonParser.parseString(Files.readString(authors.resolve("golden.json"))).getAsJsonObject();
    float[] pixels = floats(golden.getAsJsonArray("images"));
    try (SavedModelBundle bundle =
            SavedModelBundle.load(output.resolve("saved_model").toString(), "serve");
        TFloat32 fed = TFloat32.tensorOf(Shape.of(3, 8, 8, 1), DataBuffers.of(pixels));
        Result fetched = bundle.session().runner().feed("pixels", fed).fetch("logits").run()) {
      float[] logits = new float[30];
      ((TFloat32) fetched.get(0)).copyTo(DataBuffers.of(logits));
      assertThat(logits).containsExactly(floats(golden.getAsJsonArray("logits")), within(1e-5f));
    }
    HParams hparams = HParams.read(output.resolve("hparams.json"));
    assertThat(hparams.longInteger("n_parameters")).isEqualTo(golden.get("parameters").getAsLong());
    assertThat(hparams.findInteger("image_size")).hasValue(8);
    assertThat(hparams.string("features")).isEqualTo(name.replaceFirst("-.*", ""));
    assertThat(hparams.findString("key_stabilizer")).isEmpty();
  }

  @Test
  void aRunOfImagesThatAreNotSquareIsRefused() {
    Cli result =
        Cli.run(
            "import",
            EQUIVARIANT.resolve("elu-lookup-rgb").toString(),
            "--output",
            folder.resolve("none").toString());

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .contains("height is 7 and width is 5, but a run takes the square images of its data set");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  private static float[] floats(JsonElement nested) {
    List<Float> values = new ArrayList<>();
    collect(nested, values);
    float[] flat = new float[values.size()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = values.get(i);
    }
    return flat;
  }

  private static void collect(JsonElement element, List<Float> values) {
    if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(part -> collect(part, values));
    } else {
      values.add(element.getAsFloat());
    }
  }

  @Test
  void anImportedRunIsTestedMovedExportedAndTrainedFurther() throws IOException {
    Path data = mnist(40, 20);
    Cli imported =
        importRun(
            "relative-linear",
            "--data-path",
            data.toString(),
            "--val-split",
            "10",
            "--limit-test",
            "9");
    String run = folder.resolve("imported/relative-linear").toString();

    assertThat(imported.out())
        .isEqualTo(
            "RelativePerformer on MNIST, "
                + golden("relative-linear").get("parameters")
                + " parameters, from "
                + GOLDEN.resolve("relative-linear/checkpoints/epoch=0-step=7.ckpt")
                + " (the only checkpoint)\nrun directory: "
                + run
                + "\n");
    assertThat(imported.err())
        .isEqualTo(
            "note: which images the authors' program validated on cannot be known; test takes a"
                + " split of its own, by the seed 7\n");
    assertThat(Path.of(run, "results.json")).doesNotExist();
    assertThat(Cli.run("test", run)).extracting(Cli::status).isEqualTo(0);
    assertThat(Path.of(run, "results.json")).exists();
    assertThat(Cli.run("equivariance", run, "--images", "2").status()).isZero();
    assertThat(Cli.run("export", run).status()).isZero();

    Cli resumed = Cli.run("train", "--resume", run, "--max_steps", "3", "--threads", "1");

    assertThat(resumed.status()).as(resumed.err()).isZero();
    assertThat(resumed.err()).contains("30 images to train on, 10 to validate on, 9 to test on");
    assertThat(resumed.out()).contains("best: epoch 1, step 3, ");
    HParams hparams = HParams.read(Path.of(run, "hparams.json"));
    assertThat(hparams.string("imported_from")).contains("relative-linear");
    assertThat(hparams.values()).containsKey("data/train-images-idx3-ubyte");
    assertThat(Files.readAllLines(Path.of(run, "metrics.csv"))).hasSize(2);
    assertThat(Cli.run("train", "--resume", run, "--max_steps", "4").status()).isZero();
  }

  /** MNIST files with the first images of the sample. */
  private Path mnist(int train, int test) throws IOException {
    var sample = Datasets.loadOffline(Datasets.info("MNISTSample"), folder, 28);
    Path target = Files.createDirectories(folder.resolve("data/MNIST"));
    write(target, "train", sample.train().first(train));
    write(target, "t10k", sample.test().first(test));
    return folder.resolve("data");
  }

  private static void write(Path target, String part, ImageSet images) throws IOException {
    ByteBuffer pixels = ByteBuffer.allocate(16 + images.size() * images.imageBytes());
    pixels.putInt(2051).putInt(images.size()).putInt(28).putInt(28);
    ByteBuffer labels = ByteBuffer.allocate(8 + images.size());
    labels.putInt(2049).putInt(images.size());
    for (int i = 0; i < images.size(); i++) {
      images.copyImage(i, pixels);
      labels.put((byte) images.label(i));
    }
    Files.write(target.resolve(part + "-images-idx3-ubyte"), pixels.array());
    Files.write(target.resolve(part + "-labels-idx1-ubyte"), labels.array());
  }

  @Test
  void nothingIsReplaced() throws IOException {
    Path target = Files.createDirectories(folder.resolve("imported/nopos-linear"));

    assertThat(importRun("nopos-linear"))
        .isEqualTo(
            new Cli(1, "", "error: " + target + " exists already: choose another --output\n"));
    assertThat(target).isEmptyDirectory();
  }

  @Test
  void aSwitchThatHadNoEffectIsLeftOut() throws IOException {
    Path source = copy("relative-linear");
    Path hparams = source.resolve("hparams.yaml");
    Files.writeString(
        hparams,
        Files.readString(hparams).replace("content_rel_attn: false", "content_rel_attn: true"));
    assertThat(hparams).content().contains("content_rel_attn: true");
    Path target = folder.resolve("run");

    Cli result = Cli.run("import", source.toString(), "--output", target.toString());

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err())
        .startsWith(
            "warning: this run asks for content_rel_attn, but its model is one without it: the"
                + " switch had no effect in the authors' program; imported without it\n");
    assertThat(HParams.read(target.resolve("hparams.json")).bool("content_rel_attn")).isFalse();
  }

  @Test
  void missingHyperparametersHaveTheirDefaults() throws IOException {
    Path source = copy("performer-full-size");
    Files.writeString(
        source.resolve("hparams.yaml"), "{model: Performer, dataset: FashionMNIST, batch_size: 7}");

    // The checkpoint has its own copy of the hyperparameters, which fills the gaps.
    Cli result = Cli.run("import", source.toString(), "--output", folder.resolve("run").toString());

    assertThat(result.status()).as(result.err()).isZero();
    HParams hparams = HParams.read(folder.resolve("run/hparams.json"));
    assertThat(hparams.string("dataset")).isEqualTo("FashionMNIST");
    assertThat(hparams.integer("batch_size")).isEqualTo(7);
    assertThat(hparams.integer("dim")).isEqualTo(128);
  }

  @Test
  void aCheckpointWithItsHyperparametersNeedsNoOtherFile() throws IOException {
    Path file = copy("performer-linear").resolve("checkpoints/epoch=0-step=7.ckpt");
    Path moved = Files.move(file, folder.resolve("downloaded.ckpt"));
    Path target = folder.resolve("run");

    Cli result = Cli.run("import", moved.toString(), "--output", target.toString());

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).contains(" from " + moved + " (the only checkpoint)");
    assertThat(HParams.read(target.resolve("hparams.json")).string("model")).isEqualTo("Performer");

    Path run = copyAgain("performer-linear");
    Files.delete(run.resolve("hparams.yaml"));
    Cli folderAlone =
        Cli.run("import", run.toString(), "--output", folder.resolve("second").toString());
    assertThat(folderAlone.status()).as(folderAlone.err()).isZero();
  }

  @Test
  void theCheckpointCanBeNamed() throws IOException {
    Path run = copy("performer-linear");
    Path given = run.resolve("checkpoints/epoch=0-step=7.ckpt");
    Files.write(run.resolve("checkpoints/last.ckpt"), new byte[] {1, 2, 3});
    Path target = folder.resolve("run");

    Cli all = Cli.run("import", run.toString(), "--output", target.toString());
    assertThat(all.status()).isEqualTo(1);
    assertThat(all.err())
        .startsWith("error: " + run.resolve("checkpoints/last.ckpt") + ": not a PyTorch checkpoint")
        .contains("cannot be compared with the others: --checkpoint FILE names the one to import");
    Cli none =
        Cli.run("import", run.toString(), "--checkpoint=no.ckpt", "--output", target.toString());
    assertThat(none.err())
        .isEqualTo(
            "error: no.ckpt: no such file, neither here nor in "
                + run.resolve("checkpoints")
                + "\n");
    Cli both =
        Cli.run("import", given.toString(), "--checkpoint=" + given, "--output", target.toString());
    assertThat(both.err()).contains("a checkpoint already: leave out --checkpoint");

    Cli named =
        Cli.run(
            "import",
            run.toString(),
            "--checkpoint",
            "epoch=0-step=7.ckpt",
            "--output",
            target.toString());

    assertThat(named.status()).as(named.err()).isZero();
    assertThat(named.out()).contains(" from " + given + " (named by --checkpoint)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dim: !!python/tuple [1, 2]|dim must be an integer, not a value with the tag"
            + " \"!!python/tuple\"",
        "dim: !!python/object/apply:numpy.core.multiarray.scalar [x]|dim must be an integer, not a",
        "depth: '2'|depth must be an integer, not the text \"2\"",
        "model: !!python/name:models.Performer|model must be a name, not a value with the tag",
      })
  void whatIsNeededMustBePlain(String line, String message) throws IOException {
    Path run = copy("performer-linear");
    Path hparams = run.resolve("hparams.yaml");
    String key = line.replaceFirst(":.*", "");
    Files.writeString(
        hparams, Files.readString(hparams).replaceFirst("(?m)^" + key + ":.*$", line));

    Cli result = Cli.run("import", run.toString(), "--output", folder.resolve("run").toString());

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).startsWith("error: " + run + ": hyperparameters: ").contains(message);
  }

  @Test
  void whatDoesNotFitIsSaid() throws IOException {
    Path source = copy("nopos-linear");
    Path target = folder.resolve("run");
    Path hparams = source.resolve("hparams.yaml");
    String original = Files.readString(hparams);

    Files.writeString(hparams, original.replace("dataset: MNIST", "dataset: SVHN"));
    assertThat(Cli.run("import", source.toString(), "--output", target.toString()).err())
        .startsWith("error: " + source + ": hyperparameters: dataset: Unknown data set 'SVHN'");

    Files.writeString(hparams, original.replace("model: NoposPerformer", "model: Reformer"));
    assertThat(Cli.run("import", source.toString(), "--output", target.toString()).err())
        .startsWith("error: " + source + ": hyperparameters: model: unknown model 'Reformer'");

    Files.writeString(hparams, original.replace("dataset: MNIST", "dataset: CIFAR10"));
    assertThat(Cli.run("import", source.toString(), "--output", target.toString()).err())
        .isEqualTo("error: " + source + ": hyperparameters: in_features is 1, but CIFAR10 has 3\n");

    Files.writeString(hparams, original.replace("depth: 2", "depth: 3"));
    assertThat(Cli.run("import", source.toString(), "--output", target.toString()).err())
        .startsWith(
            "error: "
                + source.resolve("checkpoints/epoch=0-step=7.ckpt")
                + ": the checkpoint does not fit the model of its hyperparameters: missing ");

    assertThat(
            Cli.run("import", folder.resolve("no").toString(), "--output", target.toString()).err())
        .startsWith("error: " + folder.resolve("no") + ": not a folder;");
    assertThat(target).doesNotExist();
  }

  private Path copy(String name) throws IOException {
    return copy(name, folder.resolve("copy"));
  }

  private Path copyAgain(String name) throws IOException {
    return copy(name, folder.resolve("another copy"));
  }

  private static Path copy(String name, Path copy) throws IOException {
    Files.createDirectories(copy.resolve("checkpoints"));
    for (String file : List.of("hparams.yaml", "checkpoints/epoch=0-step=7.ckpt")) {
      Files.copy(GOLDEN.resolve(name).resolve(file), copy.resolve(file));
    }
    return copy;
  }
}
