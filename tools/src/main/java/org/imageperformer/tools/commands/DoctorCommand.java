package org.imageperformer.tools.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.imageperformer.savedmodels.JsonText;
import org.imageperformer.tools.cli.BaseCommand;
import org.imageperformer.tools.cli.Processor;
import org.imageperformer.tools.cli.ProductVersion;
import org.imageperformer.tools.cli.TextTable;
import org.imageperformer.tools.doctor.Diagnosis;
import org.imageperformer.tools.doctor.NvidiaSystem;
import org.imageperformer.tools.doctor.TensorFlowDevices;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Shows what the machine has of all that is needed. */
@Command(
    name = "doctor",
    description = {
      "Shows versions, devices, driver and CUDA libraries, and what to do about problems.",
      "The exit status is 0 if TensorFlow computes on the processor."
    })
final class DoctorCommand extends BaseCommand implements Callable<Integer> {
  @Option(
      names = "--data_path",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "The folder of your data sets.")
  private Path dataPath;

  @Option(names = "--json", description = "Print JSON instead of a table.")
  private boolean json;

  @Override
  public Integer call() {
    Diagnosis found =
        Diagnosis.of(
            Processor.natives().orElse("cpu"),
            NvidiaSystem.here(),
            new TensorFlowDevices(),
            Path.of("/proc/cpuinfo"),
            dataPath);
    if (json) {
      out().print(JsonText.of(new Answer(List.of(new ProductVersion().getVersion()), found)));
    } else {
      print(found);
    }
    return found.cpuWorks() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private record Answer(List<String> versions, Diagnosis found) {}

  private void print(Diagnosis found) {
    TextTable table = new TextTable(2, "what", "found");
    for (String version : new ProductVersion().getVersion()) {
      table.add("version", version);
    }
    table.add("TensorFlow", found.tensorflow() == null ? "does not load" : found.tensorflow());
    table.add("Java", found.java());
    table.add("system", found.system());
    table.add("processor", found.cores() + " cores; " + words(found.cpuFlags()));
    table.add(
        "memory",
        Diagnosis.gigabytes(found.memory())
            + "; Java's heap takes up to "
            + Diagnosis.gigabytes(found.heap())
            + ", tensors not included");
    table.add("natives", found.natives());
    for (Diagnosis.Device device : found.devices()) {
      // Of the processor's memory TensorFlow names a number that means nothing.
      boolean card = device.type().equals("GPU");
      table.add(
          "device", device.name() + (card ? ", " + Diagnosis.gigabytes(device.memory()) : ""));
    }
    table.add("NVIDIA driver", driver(found));
    for (NvidiaSystem.Library library : found.libraries()) {
      table.add(library.name(), library.file() == null ? "not found" : library.file());
    }
    table.add("looked in", String.join(", ", found.libraryPlaces()));
    table.add("data path", found.dataPath() + (found.dataPathWritable() ? "" : " (not writable)"));
    table.print(out());
    out().println();
    if (found.problems().isEmpty()) {
      out().println("No problems.");
    }
    for (Diagnosis.Problem problem : found.problems()) {
      out().println("problem: " + problem.problem());
      out().println("     do: " + problem.remedy());
    }
  }

  private static String driver(Diagnosis found) {
    if (!found.driver()) {
      return "not found (looked for " + String.join(", ", found.driverFiles()) + ")";
    }
    return found.driverVersion() == null ? "found, version unknown" : found.driverVersion();
  }

  private static String words(List<String> flags) {
    return flags.isEmpty() ? "no AVX or AMX known" : String.join(" ", flags);
  }
}
