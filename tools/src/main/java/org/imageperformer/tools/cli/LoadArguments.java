package org.imageperformer.tools.cli;

import java.util.ArrayList;
import java.util.List;
import org.imageperformer.options.Labelled;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.tools.natives.StartMessages;
import org.imageperformer.training.Device;
import picocli.CommandLine.Option;

/** The options of commands that run a SavedModel. */
public final class LoadArguments {
  /** What the option --device takes. */
  static final class Devices extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Devices() {
      super(List.of("auto", "cpu", "gpu"));
    }
  }

  @Option(
      names = "--device",
      paramLabel = "auto|cpu|gpu",
      completionCandidates = Devices.class,
      defaultValue = "auto",
      description = "Where the model is computed.")
  private String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = {"Processor threads.", "  Default: all cores"})
  private Integer threads;

  /** Returns how a model is to be run. */
  public LoadOptions options(BaseCommand command) {
    Device where;
    try {
      where = Labelled.of(Device.class, "device", device);
    } catch (IllegalArgumentException e) {
      throw command.wrongUsage(e.getMessage());
    }
    if (threads != null && threads < 1) {
      throw command.wrongUsage("threads is " + threads + ", must be at least 1");
    }
    LoadOptions options =
        Processor.choose(where) == Device.GPU
            ? LoadOptions.gpu()
            : threads == null ? LoadOptions.cpu() : LoadOptions.cpu(threads);
    StartMessages.keepOff(options.device() == LoadOptions.Device.CPU, options.configuration());
    return options;
  }
}
