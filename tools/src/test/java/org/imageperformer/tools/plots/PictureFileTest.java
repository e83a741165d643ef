package org.imageperformer.tools.plots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureFileTest {
  private static final Panel PANEL =
      new Panel(
          "x",
          "y",
          Panel.Scale.FRACTION,
          List.of(new Curve("a", 0, false, new TreeMap<>(Map.of(0, 0.2, 1, 0.7)))));

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"a.svg", "a.PNG"})
  void anOldPictureIsReplacedAndNothingElseIsLeft(String name) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "old");

    new PictureFile(file).write(new Picture(PANEL, PANEL));

    assertThat(Files.size(file)).isGreaterThan(1000);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void theTwoPlotsAreEquallyLarge() throws IOException {
    Path file = folder.resolve("a.png");
    Panel right =
        new Panel(
            "x",
            "y",
            Panel.Scale.LOSS,
            List.of(
                new Curve("a".repeat(70), 0, false, new TreeMap<>(Map.of(0, 0.00002, 1, 3000.0)))));

    new PictureFile(file).write(new Picture(PANEL, right));

    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(plotWidths(image))
        .hasSize(2)
        .satisfies(
            w ->
                assertThat(w.get(0))
                    .isCloseTo(w.get(1), org.assertj.core.api.Assertions.within(4)));
  }

  @Test
  void otherKindsOfFilesAreRefused() {
    assertThatThrownBy(() -> new PictureFile(Path.of("a.pdf")))
        .isInstanceOf(PlotException.class)
        .hasMessage("a.pdf: expected a name that ends in .svg or .png");
  }

  @Test
  void aFolderThatIsNotThereIsRefused() {
    Path file = folder.resolve("missing/a.png");

    assertThatThrownBy(() -> new PictureFile(file))
        .isInstanceOf(PlotException.class)
        .hasMessage(
            file + ": the folder " + folder.resolve("missing") + " does not exist; make it first");
  }

  @Test
  void aFolderInPlaceOfTheFileIsRefused() throws IOException {
    Path file = Files.createDirectory(folder.resolve("a.svg"));

    assertThatThrownBy(() -> new PictureFile(file))
        .isInstanceOf(PlotException.class)
        .hasMessage(file + ": expected a file to write to, found a folder");
  }

  /** Lengths of the two long dark runs of pixels in the top frame line of the plots. */
  private static List<Integer> plotWidths(BufferedImage image) {
    List<Integer> best = List.of();
    for (int y = 0; y < image.getHeight() / 4; y++) {
      List<Integer> runs = new ArrayList<>();
      int length = 0;
      for (int x = 0; x < image.getWidth(); x++) {
        if ((image.getRGB(x, y) & 0xff) < 0xc0) {
          length++;
          continue;
        }
        if (length > 300) {
          runs.add(length);
        }
        length = 0;
      }
      best = runs.size() > best.size() ? runs : best;
    }
    return best;
  }
}
