package org.imageperformer.datasets.resize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.imageperformer.datasets.Golden;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.idx.IdxFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResizeTest {
  @ParameterizedTest
  @ValueSource(strings = {"MNIST", "FashionMNIST"})
  void givesThePublishedProgramsPixels(String name) throws IOException {
    JsonObject golden = Golden.json("resize-" + name + ".json.gz").getAsJsonObject();
    byte[] before = Golden.bytes(golden.get("original_28x28"));
    byte[] after = Golden.bytes(golden.get("resized_32x32"));
    int count = before.length / (28 * 28);
    ImageSet images = ImageSet.of(before, new byte[count], 28, 28, 1);

    ImageSet resized = Resize.bilinear(images, 32, 32);

    assertThat(count).isEqualTo(12);
    assertThat(pixels(resized)).isEqualTo(after);
  }

  static List<JsonObject> pillow() throws IOException {
    List<JsonObject> cases = new ArrayList<>();
    for (JsonElement one : Golden.json("resize-pillow.json.gz").getAsJsonArray()) {
      cases.add(one.getAsJsonObject());
    }
    return cases;
  }

  /** Enlarged, shrunk, one way each, gray and RGB: made with Pillow's Image.resize(BILINEAR). */
  @ParameterizedTest
  @MethodSource("pillow")
  void givesPillowsPixelsAtAnySize(JsonObject golden) {
    int height = golden.get("height").getAsInt();
    int width = golden.get("width").getAsInt();
    int channels = golden.get("channels").getAsInt();
    int newHeight = golden.get("new_height").getAsInt();
    int newWidth = golden.get("new_width").getAsInt();
    byte[] before = Golden.bytes(golden.get("before"));
    byte[] after = Golden.bytes(golden.get("after"));

    assertThat(Resize.bilinear(before, height, width, channels, newHeight, newWidth))
        .isEqualTo(after);
    assertThat(
            pixels(
                Resize.bilinear(
                    ImageSet.of(before, new byte[1], height, width, channels),
                    newHeight,
                    newWidth)))
        .isEqualTo(after);
  }

  @Test
  void keepsLabelsAndOrderOfAView() {
    ImageSet images = IdxFiles.random(7, 5, 3, 1, 11);
    ImageSet view = images.subset(new int[] {6, 2, 2});

    ImageSet resized = Resize.bilinear(view, 11, 13);

    assertThat(resized.size()).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      byte[] original = new byte[15];
      view.copyImage(i, original, 0);
      byte[] actual = new byte[11 * 13];
      resized.copyImage(i, actual, 0);
      assertThat(actual).isEqualTo(Resize.bilinear(original, 5, 3, 1, 11, 13));
      assertThat(resized.label(i)).isEqualTo(view.label(i));
    }
  }

  @Test
  void doesNothingAtTheSameSize() {
    ImageSet images = IdxFiles.random(7, 5, 3, 3, 11);

    assertThat(Resize.bilinear(images, 5, 3)).isSameAs(images);
  }

  @Test
  void refusesSizesThatDoNotFit() {
    assertThatThrownBy(() -> Resize.bilinear(new byte[14], 5, 3, 1, 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("An image of 5x3x1 needs 15 bytes, found 14.");
    assertThatThrownBy(() -> Resize.bilinear(new byte[15], 5, 3, 1, 0, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("An image of 0x2x1: sizes must be at least 1.");
    assertThatThrownBy(() -> Resize.bilinear(new byte[15], 5, 3, 1, 1 << 20, 1 << 20))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("An image of 1048576x1048576x1 exceeds 2 GiB.");
  }

  private static byte[] pixels(ImageSet images) {
    byte[] pixels = new byte[images.size() * images.imageBytes()];
    for (int i = 0; i < images.size(); i++) {
      images.copyImage(i, pixels, i * images.imageBytes());
    }
    return pixels;
  }
}
