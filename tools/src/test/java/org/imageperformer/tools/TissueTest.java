package org.imageperformer.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A part of PCam: 5,000 pictures of 96x96, 132 MiB decoded, under a heap of 96 MiB. */
@Tag("slow")
class TissueTest {
  private static final long MEBI = 1024 * 1024;
  @TempDir Path folder;

  @Test
  void picturesAreDecodedOnceAndNeverHeld() throws Exception {
    Path data = folder.resolve("data");
    Path last = data;
    for (int i = 0; i < 5000; i++) {
      String part = i < 4000 ? "train" : i < 4500 ? "valid" : "test";
      Path place = data.resolve("PCam").resolve(part).resolve(i % 2 == 0 ? "tumor" : "no_tumor");
      last = Files.createDirectories(place).resolve(i + ".png");
      ImageIO.write(tissue(i), "png", last.toFile());
    }

    byte[] whole = Files.readAllBytes(last);
    Files.write(last, Arrays.copyOf(whole, whole.length / 2));
    assertThat(train(data, 1)).contains("1 of 5000 pictures cannot be read: " + last);
    Files.write(last, whole);

    Path cache = data.resolve(".cache/PCam-96.images");
    assertThat(cache).doesNotExist();
    train(data, 0);
    assertThat(Files.size(cache)).isGreaterThan(5000L * 96 * 96 * 3);
    FileTime decoded = Files.getLastModifiedTime(cache);
    train(data, 0);
    assertThat(Files.getLastModifiedTime(cache)).isEqualTo(decoded);
  }

  private static BufferedImage tissue(int seed) {
    BufferedImage image = new BufferedImage(96, 96, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(seed);
    for (int i = 0; i < 96 * 96; i++) {
      image.setRGB(i % 96, i / 96, 0xb389b0 + random.nextInt(32) * 0x010101);
    }
    return image;
  }

  /** What a training of two steps says; resident memory is printed. */
  private String train(Path data, int status) throws IOException, InterruptedException {
    List<String> command =
        TinyRun.process(
            List.of(
                "train",
                "Performer",
                "PCam",
                "--data_path=" + data,
                "--log_path=" + folder.resolve("runs"),
                "--image_size=96",
                "--dim=8",
                "--depth=1",
                "--heads=1",
                "--batch_size=4",
                "--threads=2",
                "--max_steps=2",
                "--limit_val=4",
                "--limit_test=4"));
    command.addAll(1, List.of("-Xmx96m", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0"));
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    long peak = 0;
    while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
      peak = Math.max(peak, heldOf(process));
    }
    assertThat(process.exitValue()).as(Files.readString(said)).isEqualTo(status);
    System.out.println("5,000 pictures: peak " + peak / MEBI + " MiB resident beside the file");
    return Files.readString(said);
  }

  /** Resident memory that is no file's; 0 when the process has just ended. */
  private static long heldOf(Process process) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("RssAnon:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
