package org.imageperformer.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Trainings that take seconds. */
public final class TinyRun {
  /** Small images, for one epoch of five steps. */
  private static final List<String> OPTIONS =
      List.of(
          "--image_size=7",
          "--batch_size=5",
          "--limit_train=23",
          "--limit_val=11",
          "--limit_test=13",
          "--max_epochs=1",
          "--seed=3",
          "--threads=1");

  /** Models of a few thousand parameters. */
  private static final List<String> PERFORMER = List.of("--dim=8", "--depth=2", "--heads=2");

  private static final List<String> GSA_NET =
      List.of(
          "--patch_size=3",
          "--num_channels=12",
          "--num_heads=2",
          "--block_sizes=1",
          "--expansion_per_block=1",
          "--crop_per_layer=1");
  private static final List<String> Z2_CNN = List.of("--image_size=28");

  private static final List<String> CNN = List.of("--image_size=32", "--width=4");

  private TinyRun() {}

  /**
   * The arguments of {@code train} for a run below a folder.
   *
   * @param more options with their values, {@code --name=value}, in place of those above
   */
  public static String[] arguments(Path logPath, String model, String... more) {
    Map<String, String> options = new LinkedHashMap<>();
    OPTIONS.forEach(option -> options.put(name(option), option));
    List<String> own =
        switch (model) {
          case "GroupSelfAttention" -> GSA_NET;
          case "Z2CNN" -> Z2_CNN;
          case "AlexNet", "ResNet18", "VGG16" -> CNN;
          default -> PERFORMER;
        };
    own.forEach(option -> options.put(name(option), option));
    options.put("--log_path", "--log_path=" + logPath);
    for (String option : more) {
      options.put(name(option), option);
    }
    List<String> all = new ArrayList<>(List.of("train", model, "MNISTSample"));
    all.addAll(options.values());
    return all.toArray(String[]::new);
  }

  /**
   * The command line that runs the program in a process of its own.
   *
   * @param words its arguments
   */
  public static List<String> process(List<String> words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData", // a file of its own, which a limit on files would hit
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(words);
    return command;
  }

  private static String name(String option) {
    return option.substring(0, option.indexOf('='));
  }

  /** Trains and returns the run directory. */
  public static Path train(Path logPath, String model, String... more) {
    Cli result = Cli.run(arguments(logPath, model, more));
    assertThat(result.status()).as(result.err()).isZero();
    return Path.of(
        result
            .out()
            .lines()
            .filter(line -> line.startsWith("run directory: "))
            .findFirst()
            .orElseThrow()
            .substring("run directory: ".length()));
  }
}
