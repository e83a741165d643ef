package org.imageperformer.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.assertj.core.api.SoftAssertions;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.eval.EvalException;
import org.imageperformer.eval.EvaluationCsv;
import org.imageperformer.eval.ImageOutcome;
import org.imageperformer.eval.ImagePredictor;
import org.imageperformer.eval.SweepAxis;
import org.imageperformer.eval.SweepCsv;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.ModelInfo;
import org.imageperformer.savedmodels.Results;
import org.imageperformer.savedmodels.RunDirectory;
import org.imageperformer.savedmodels.RunException;
import org.imageperformer.savedmodels.SavedModel;
import org.imageperformer.tools.cli.CommandFailure;
import org.imageperformer.tools.cli.FailureReport;
import org.imageperformer.tools.cli.SavedRun;
import org.imageperformer.tools.reproduce.RunMetrics;
import org.imageperformer.training.EvaluationProgress;
import org.imageperformer.training.EvaluationResult;
import org.imageperformer.training.Moment;
import org.imageperformer.training.Provenance;
import org.imageperformer.training.StepResult;
import org.imageperformer.training.StopSignal;
import org.imageperformer.training.Trainable;
import org.imageperformer.training.TrainingConfig;
import org.imageperformer.training.TrainingRun;
import org.imageperformer.training.checkpoints.CheckpointStore.Slot;
import org.imageperformer.training.listener.MetricsCsv;
import org.imageperformer.training.listener.TrainingListener.TrainingStarted;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damaged files of a run, tables and pictures are read or refused by name, within bounded time, and
 * nothing is written beside: some of each kind in every build, in the fuzz profile {@code
 * -Dimageperformer.mutations} of each format, of {@code -Dimageperformer.kinds} alone. Data sets,
 * the authors' checkpoints and SavedModels have tests of their own beside their readers.
 */
class HostileFilesTest {
  private static final int USUAL = 300;
  private static final int MANY = Integer.getInteger("imageperformer.mutations", 100_000);
  private static final long SEED = 20261122;

  /** A mutant takes milliseconds; a picture may claim, and then be, 64 megapixels. */
  private static final double MOST_SECONDS = 20;

  @TempDir static Path folder;

  /** As many as the data set of the run has. */
  private static final ImageSet TRAIN = ImageSet.of(new byte[5000 * 49], new int[5000], 7, 7, 1);

  private static final ImageSet TEST = ImageSet.of(new byte[1000 * 49], new int[1000], 7, 7, 1);

  /** Of 5x3 pixels, lossless, by cwebp 1.2.4. */
  private static final String WEBP =
      "UklGRl4AAABXRUJQVlA4TFEAAAAvBIAAAHdgpm2bw1dRdBt/liNhpm2bw0Dajj+BsTPTtm3uMJC2Y7X5J5ikqbZj8h/u"
          + "DjQB0ATcnX+Aqsg2qL97PTuooJsKQukkUET/Yy5r7RsA";

  private static Path original;
  private static List<SourceFile> sources;
  private static ImagePredictor predictor;
  private static SavedModel model;

  /** What people know kinds of files as. */
  private enum Format {
    JSON,
    CSV,
    PICTURES,
    TENSORS
  }

  /** A kind of file, and where in a run it lies. */
  private enum Kind {
    HPARAMS("hparams.json", Format.JSON),
    RESULTS("results.json", Format.JSON),
    MODEL("saved_model/assets.extra/model.json", Format.JSON),
    MANIFEST("checkpoints/last/manifest.json", Format.JSON),
    STATE("checkpoints/last/state.json", Format.JSON),
    SHAPES("checkpoints/last/tensors.json", Format.JSON),
    METRICS("metrics.csv", Format.CSV),
    SHIFTS("shift.csv", Format.CSV),
    EVALUATIONS("evaluations.csv", Format.CSV),
    PNG("image.png", Format.PICTURES),
    PALETTE_PNG("palette.png", Format.PICTURES),
    JPEG("image.jpg", Format.PICTURES),
    BMP("image.bmp", Format.PICTURES),
    PALETTE_BMP("palette.bmp", Format.PICTURES),
    GIF("image.gif", Format.PICTURES),
    WEBP("image.webp", Format.PICTURES),
    PPM("image.ppm", Format.PICTURES),
    PGM_TEXT("text.pgm", Format.PICTURES),
    TENSOR_INDEX("checkpoints/last/tensors.index", Format.TENSORS),
    TENSORS("checkpoints/last/tensors.data-00000-of-00001", Format.TENSORS);

    private final String file;
    private final Format format;

    Kind(String file, Format format) {
      this.file = file;
      this.format = format;
    }

    /** How many in every build: fewer of what takes a picture, or a session of TensorFlow. */
    int usual() {
      return switch (this) {
        case METRICS, SHIFTS -> USUAL / 5;
        case SHAPES, TENSOR_INDEX, TENSORS -> USUAL / 10;
        default -> USUAL;
      };
    }

    /** Its share of the format's in the fuzz profile. */
    int many() {
      long kinds = Arrays.stream(values()).filter(kind -> kind.format == format).count();
      return 1 + (int) (MANY / kinds);
    }

    byte[] damaged(byte[] whole, Random random) {
      boolean text = format == Format.JSON || format == Format.CSV;
      return text ? Damage.text(whole, random) : Damage.bytes(whole, random);
    }

    /** Does with the file, or the run that it is part of, what the program does. */
    void read(Path run, Path place) throws IOException {
      switch (this) {
        case HPARAMS, MANIFEST, STATE -> resume(run);
        case RESULTS -> Results.read(place);
        case MODEL -> ModelInfo.read(place);
        case SHAPES, TENSOR_INDEX, TENSORS -> weights(run);
        case METRICS -> metrics(run, place);
        case SHIFTS -> shifts(place);
        case EVALUATIONS -> EvaluationCsv.readTable(place);
        case PNG, PALETTE_PNG, JPEG -> {
          predict(place);
          predictEncoded(place);
        }
        case BMP, PALETTE_BMP, GIF, WEBP, PPM, PGM_TEXT -> predict(place);
      }
    }
  }

  @BeforeAll
  static void makeRun() throws IOException {
    original = TinyRun.train(folder.resolve("runs"), "Performer", "--max_epochs=2");
    Cli shifted =
        Cli.run(
            "test-shifted",
            original.toString(),
            "--labels=1",
            "--min_shift=1",
            "--output=" + original.resolve("shift.csv"));
    assertThat(shifted.status()).as(shifted.err()).isZero();
    Cli tested =
        Cli.run(
            "test-recursive",
            original.toString(),
            "--output=" + original.resolve("evaluations.csv"));
    assertThat(tested.status()).as(tested.err()).isZero();
    Files.write(original.resolve("image.png"), image("png", BufferedImage.TYPE_INT_ARGB));
    Files.write(original.resolve("palette.png"), image("png", BufferedImage.TYPE_BYTE_INDEXED));
    Files.write(original.resolve("image.jpg"), image("jpeg", BufferedImage.TYPE_INT_RGB));
    Files.write(original.resolve("image.bmp"), image("bmp", BufferedImage.TYPE_INT_RGB));
    Files.write(original.resolve("palette.bmp"), image("bmp", BufferedImage.TYPE_BYTE_INDEXED));
    Files.write(original.resolve("image.gif"), image("gif", BufferedImage.TYPE_BYTE_INDEXED));
    Files.write(original.resolve("image.webp"), Base64.getDecoder().decode(WEBP));
    Files.write(original.resolve("image.ppm"), netpbm());
    Files.write(original.resolve("text.pgm"), "P2 3 2 255 0 65 200 255 9 99\n".getBytes(UTF_8));
    sources = sourcesOf(original);
    predictor = ImagePredictor.load(original, LoadOptions.cpu(1));
    model = SavedModel.load(original, LoadOptions.cpu(1));
  }

  /** As hparams.json names them. */
  private static List<SourceFile> sourcesOf(Path run) {
    List<SourceFile> files = new ArrayList<>();
    HParams.read(run.resolve("hparams.json"))
        .values()
        .forEach(
            (name, value) -> {
              if (name.startsWith(TrainingConfig.DATA_PREFIX)) {
                String file = name.substring(TrainingConfig.DATA_PREFIX.length());
                files.add(new SourceFile(file, "memory", value.toString()));
              }
            });
    assertThat(files).isNotEmpty();
    return files;
  }

  private static byte[] image(String format, int type) throws IOException {
    BufferedImage image = new BufferedImage(29, 23, type);
    Random random = new Random(5);
    for (int i = 0; i < 29 * 23; i++) {
      image.setRGB(i % 29, i / 29, random.nextInt());
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, bytes)).isTrue();
    return bytes.toByteArray();
  }

  private static byte[] netpbm() {
    byte[] header = "P6 29 23 255\n".getBytes(UTF_8);
    byte[] file = Arrays.copyOf(header, header.length + 29 * 23 * 3);
    for (int i = header.length; i < file.length; i++) {
      file[i] = (byte) (i * 31);
    }
    return file;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void damagedFilesAreReadOrRefused(Kind kind) throws IOException {
    damage(kind, kind.usual(), SEED);
  }

  @Tag("fuzz")
  @ParameterizedTest
  @MethodSource("chosen")
  void manyDamagedFilesAreReadOrRefused(Kind kind) throws IOException {
    damage(kind, kind.many(), SEED + 1_000_000);
  }

  /** {@code -Dimageperformer.kinds=WEBP,PPM}, or all. */
  private static Stream<Kind> chosen() {
    String names = System.getProperty("imageperformer.kinds", "");
    return names.isEmpty()
        ? Arrays.stream(Kind.values())
        : Arrays.stream(names.split(",")).map(Kind::valueOf);
  }

  private static void damage(Kind kind, int count, long seed) throws IOException {
    Path place = Files.createDirectories(folder.resolve(kind + "-" + count));
    Path run = place.resolve("run");
    copy(original, run);
    if (kind == Kind.MANIFEST) {
      // The checkpoint before is what damage falls back on.
      deleteTree(run.resolve("checkpoints/last.previous"));
    }
    Path file = run.resolve(kind.file);
    byte[] whole = Files.readAllBytes(file);
    assertThat(refusal(kind, run, file)).as("undamaged").isEmpty();
    List<Path> before = tree(place);
    int refused = 0;
    double slowest = 0;
    SoftAssertions all = new SoftAssertions();
    // Hours pass before the last.
    all.setAfterAssertionErrorCollected(System.out::println);
    for (int i = 0; i < count; i++) {
      String which = kind + ", seed " + (seed + i);
      Files.write(file, kind.damaged(whole, new Random(seed + i)));
      long start = System.nanoTime();
      Optional<String> refusal = refusal(kind, run, file);
      slowest = Math.max(slowest, (System.nanoTime() - start) / 1e9);
      if (refusal.isPresent()) {
        refused++;
        all.assertThat(refusal.get())
            .as(which)
            .startsWith("error: ")
            .containsAnyOf(file.getFileName().toString(), run.toString(), "A validation split")
            .doesNotContain("(unexpected;")
            .matches("[^\\p{Cntrl}]*\n");
      }
    }

    all.assertAll();
    assertThat(tree(place)).as("nothing else is written").isEqualTo(before);
    if (count > USUAL) {
      System.out.printf(
          "%d mutants, %s, %s: %d read, %d refused, slowest %.1f s%n",
          count, kind.format, kind, count - refused, refused, slowest);
    }
    assertThat(refused).isBetween(count / 10, count);
    assertThat(slowest).isLessThan(MOST_SECONDS);
  }

  private static void deleteTree(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** All but TensorBoard's files, of which every training begins another. */
  private static List<Path> tree(Path place) throws IOException {
    try (Stream<Path> paths = Files.walk(place)) {
      return paths.filter(path -> !path.toString().contains("tfevents")).sorted().toList();
    }
  }

  /** What the program says when it cannot read a file; empty when it can. */
  private static Optional<String> refusal(Kind kind, Path run, Path file) {
    try {
      if (file.startsWith(run.resolve("checkpoints")) && kind != Kind.MANIFEST) {
        fitManifest(file.getParent());
      }
      kind.read(run, file);
      return Optional.empty();
    } catch (Reached e) {
      return Optional.empty();
    } catch (IOException | RuntimeException | StackOverflowError e) {
      StringWriter text = new StringWriter();
      try (PrintWriter out = new PrintWriter(text)) {
        FailureReport.print(e, false, out);
      }
      return Optional.of(text.toString().replace(System.lineSeparator(), "\n"));
    }
  }

  /** Damage that was there when the checkpoint was written: its manifest fits. */
  private static void fitManifest(Path checkpoint) throws IOException {
    StringBuilder files = new StringBuilder();
    try (Stream<Path> paths = Files.list(checkpoint)) {
      for (Path path : paths.sorted().toList()) {
        String name = path.getFileName().toString();
        if (!name.equals("manifest.json")) {
          CRC32 crc = new CRC32();
          byte[] content = Files.readAllBytes(path);
          crc.update(content);
          files
              .append(files.isEmpty() ? "" : ",")
              .append("{\"name\": \"%s\", \"size\": %d, ".formatted(name, content.length))
              .append("\"crc32\": \"%08x\"}".formatted(crc.getValue()));
        }
      }
    }
    Files.write(
        checkpoint.resolve("manifest.json"),
        ("{\"format\": 1, \"files\": [" + files + "]}").getBytes(UTF_8));
  }

  /** All had been read that is read before the first step. */
  private static final class Reached extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static void resume(Path run) {
    SavedRun.open(run);
    new TrainingRun(
            config -> new NoModel(),
            (config, checkpoint, target) -> {},
            config -> new Dataset(config.dataset(), TRAIN, TEST, sources),
            new Provenance("", Optional.empty(), "", "", 1),
            List.of(),
            new StopSignal())
        .resume(run, changes -> changes);
  }

  /** Has nothing to restore. */
  private static final class NoModel implements Trainable {
    @Override
    public long parameters() {
      return 1;
    }

    @Override
    public StepResult trainStep(
        ImageSet train, int[] indices, long step, double learningRate, Moment moment) {
      throw new Reached();
    }

    @Override
    public EvaluationResult evaluate(ImageSet images, EvaluationProgress progress) {
      throw new Reached();
    }

    @Override
    public void redrawFeatures(long redraw) {
      throw new Reached();
    }

    @Override
    public void save(Path directory) {
      throw new Reached();
    }

    @Override
    public void restore(Path directory) {
      throw new Reached();
    }

    @Override
    public void restoreWeights(Path directory) {
      throw new Reached();
    }

    @Override
    public void close() {}
  }

  private static void weights(Path run) {
    new SavedRun(RunDirectory.open(run), SavedRun.open(original).config()).weights(Slot.LAST);
  }

  private static void metrics(Path run, Path file) throws IOException {
    byte[] damaged = Files.readAllBytes(file);
    RunMetrics.read(file).steps();
    try {
      new MetricsCsv(file).trainingStarted(new TrainingStarted(2, 10, 5, 23, 9));
    } finally {
      Files.write(file, damaged);
    }
    cli("plot-training", run.toString(), "--output=" + folder.resolve("training.svg"));
  }

  private static void shifts(Path file) {
    new SweepCsv(SweepAxis.SHIFT).read(file);
    cli("plot-shift", file.toString(), "--output=" + folder.resolve("shift.svg"));
  }

  private static void cli(String... words) {
    Cli result = Cli.run(words);
    if (result.status() != 0) {
      throw new CommandFailure(result.err().replaceFirst("^error: ", "").strip());
    }
  }

  private static void predict(Path file) throws IOException {
    if (predictor.predict(List.of(file)).get(0) instanceof ImageOutcome.Failed failed) {
      throw new EvalException(failed.reason());
    }
  }

  /** TensorFlow's decoders, on what is not too large for anybody. */
  private static void predictEncoded(Path file) throws IOException {
    try {
      model.predictEncoded(List.of(Files.readAllBytes(file)));
    } catch (RunException e) {
      throw new EvalException(file + ": " + e.getMessage(), e);
    }
  }
}
