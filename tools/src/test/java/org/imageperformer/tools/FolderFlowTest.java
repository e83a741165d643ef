package org.imageperformer.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.savedmodels.HParams;
import org.imageperformer.savedmodels.ModelInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of one's own on the command line, from their training to the report. */
class FolderFlowTest {
  private static final Map<Integer, String> NAMES = Map.of(1, "eins 一", 7, "sept");
  @TempDir Path folder;
  private Path pictures;

  @BeforeEach
  void writePictures() throws IOException {
    pictures = folder.resolve("my digits");
    ImageSet digits =
        Datasets.loadOffline(Datasets.source("MNISTSample"), Path.of("no"), 28).train();
    int[] counts = new int[10];
    for (int i = 0; counts[1] < 40 || counts[7] < 40; i++) {
      int label = digits.label(i);
      if (NAMES.containsKey(label) && counts[label] < 40) {
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        for (int p = 0; p < 28 * 28; p++) {
          image.getRaster().setSample(p % 28, p / 28, 0, digits.image(i).get(p) & 0xff);
        }
        String format = List.of("png", "bmp", "gif").get(counts[label] % 3);
        Path file = pictures.resolve(NAMES.get(label)).resolve(counts[label] + "." + format);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, format, file.toFile());
        counts[label]++;
      }
    }
  }

  private static String ok(String... words) {
    Cli result = Cli.run(words);
    assertThat(result.status()).as(result.err()).isZero();
    return result.out();
  }

  private List<String> training(String... more) {
    List<String> words =
        new ArrayList<>(List.of("train", "Performer", pictures + "/", "--dim=8", "--depth=1"));
    words.addAll(
        List.of("--heads=2", "--image_size=14", "--batch_size=8", "--max_epochs=1", "--seed=3"));
    words.addAll(List.of("--threads=1", "--version=v", "--log_path=" + folder.resolve("runs")));
    words.addAll(Arrays.asList(more));
    return words;
  }

  private String train(String... more) {
    return ok(training(more).toArray(String[]::new));
  }

  @Test
  void aRunGoesAllTheWay() throws IOException {
    String run = folder.resolve("runs/default/v").toString();

    assertThat(train()).startsWith("Performer on folder:my digits\n");

    HParams hparams = HParams.read(Path.of(run, "hparams.json"));
    assertThat(hparams.string("dataset")).isEqualTo("folder:my digits");
    assertThat(hparams.string("data_path")).isEqualTo(pictures.toString());
    assertThat(hparams.string("class_names")).isEqualTo("eins 一/sept");
    assertThat(Double.parseDouble(hparams.string("pixel_mean"))).isBetween(0.05, 0.2);
    assertThat(Double.parseDouble(hparams.string("pixel_std"))).isBetween(0.1, 0.4);
    assertThat(hparams.string("black_margins")).isEqualTo("true");
    assertThat(hparams.integer("val_split")).isEqualTo(6);
    assertThat(hparams.integer("in_features")).isEqualTo(1);
    assertThat(hparams.has("data/pictures")).isTrue();
    ModelInfo model = ModelInfo.read(Path.of(run, "saved_model/assets.extra/model.json"));
    assertThat(model.classes()).containsExactly("eins 一", "sept");
    assertThat(model.hparams().string("pixel_mean")).isEqualTo(hparams.string("pixel_mean"));
    assertThat(model.definingOptions()).contains("class_names", "pixel_mean", "channels", "fit");

    String one = pictures.resolve("eins 一/0.png").toString();
    assertThat(ok("predict", run, one, pictures.resolve("sept/1.bmp").toString()))
        .containsAnyOf("eins 一", "sept");
    assertThat(ok("test", run)).contains("test/acc");
    assertThat(ok("test-recursive", folder.resolve("runs").toString())).contains("test/acc");
    assertThat(ok("test-shifted", run, "--labels=0", "--min_shift=0")).contains("accuracy");
    assertThat(ok("test-rotated", run, "--angles=0,90")).contains("accuracy");
    Path page = folder.resolve("report.html");
    ok("report", run, "--output", page.toString(), "--min_shift=0", "--angles=0,90");
    assertThat(page).content().contains("eins 一", "sept", "folder:my digits");
    ok("export", run);
    ok("train", "--resume", run, "--max_epochs=2");
    assertThat(Files.readAllLines(Path.of(run, "metrics.csv"))).hasSize(3);
    assertThat(ok("summary", "Performer", pictures.toString())).contains("parameters");
    assertThat(ok("equivariance", run, "--images=4")).contains("positions");
  }

  @Test
  void aFolderThatMovedIsFoundAgainAndOtherPicturesAreNoticed() throws IOException {
    train();
    String run = folder.resolve("runs/default/v").toString();
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Path moved = Files.move(pictures, elsewhere.resolve("renamed"));
    assertThat(Cli.run("test", run).err()).contains("there is no such folder");
    Cli there = Cli.run("test", run, "--data_path", moved.toString());
    assertThat(there.status()).as(there.err()).isZero();
    assertThat(there.err()).doesNotContain("trained on other data");
    Files.delete(moved.resolve("sept/3.png"));
    assertThat(Cli.run("test", run, "--data_path", moved.toString()).err())
        .contains("trained on other data");
    assertThat(Cli.run("equivariance", run, "--images=2", "--data_path", moved.toString()).err())
        .contains("trained on other data");
    Path page = folder.resolve("report.html");
    Cli report =
        Cli.run(
            "report",
            run,
            "--data_path=" + moved,
            "--output=" + page,
            "--min_shift=0",
            "--angles=none");
    assertThat(report.err()).contains("warning: " + run + " was trained on other data");
    // The page says what its figures are of, and what they are not of.
    assertThat(page).content().contains("was trained on other data", moved.toString());
    assertThat(page)
        .content()
        .doesNotContain(HParams.read(Path.of(run, "hparams.json")).string("data_path"));
    assertThat(
            Cli.run("train", "--resume", run, "--max_epochs=3", "--data_path", moved.toString())
                .err())
        .contains("trained on other data");
  }

  @Test
  void optionsBelongToFolders() {
    assertThat(Cli.run("train", "Performer", "MNISTSample", "--channels=3").err())
        .contains("channels is an option of folder, not of MNISTSample");
    assertThat(Cli.run(training("--channels=2").toArray(String[]::new)).err())
        .contains("channels is 2, must be one of auto, 1, 3");
    assertThat(Cli.run(training("--data_path=elsewhere").toArray(String[]::new)).err())
        .contains("data_path is elsewhere, but the data set is " + pictures + ": drop one");
    assertThat(Cli.run("train", "Performer", folder.resolve("no").toString()).err())
        .contains("no: there is no such folder");
    assertThat(Cli.run("train", "Performer", "MNIST", "--augment").err())
        .contains("augment is an option of CIFAR10, not of MNIST");
  }

  @Test
  void brokenPicturesAreNamedBeforeTheTraining() throws IOException {
    Path broken = pictures.resolve("sept/0.png");
    byte[] whole = Files.readAllBytes(broken);
    Files.write(broken, Arrays.copyOf(whole, whole.length / 2));

    Cli refused = Cli.run(training().toArray(String[]::new));

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err())
        .contains("1 of 80 pictures cannot be read: " + broken)
        .contains("--skip_broken");
    assertThat(folder.resolve("runs/default/v")).doesNotExist();
    train("--skip_broken");
    HParams hparams = HParams.read(folder.resolve("runs/default/v/hparams.json"));
    assertThat(hparams.bool("skip_broken")).isTrue();
    assertThat(hparams.has("data/skipped sept/0.png")).isTrue();
    assertThat(ok("test", folder.resolve("runs/default/v").toString())).contains("test/acc");
  }
}
