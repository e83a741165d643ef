package org.imageperformer.tools.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What there is of NVIDIA's software, without loading any of it.
 *
 * @param root in the place of {@code /}
 * @param libraryPath the value of LD_LIBRARY_PATH, may be empty
 * @param loader the lines of {@code ldconfig -p}
 * @param downloaded folder of the libraries that the launcher has downloaded
 */
public record NvidiaSystem(
    Path root, String libraryPath, List<String> loader, Optional<Path> downloaded) {

  /** The library of the driver itself, which no download of CUDA holds. */
  static final String DRIVER_LIBRARY = "libcuda.so.1";

  /**
   * What TensorFlow 2.18 opens when it looks for GPUs, and what these need in turn: the lines of a
   * file that the launcher reads, too. cuDNN opens its parts.
   */
  static final List<String> CUDA_LIBRARIES = cudaLibraries();

  private static final Pattern VERSION = Pattern.compile("\\b\\d{3,}\\.\\d+(\\.\\d+)?\\b");
  private static final Pattern LOADER_LINE = Pattern.compile("\\s+(\\S+) \\(.*\\) => (\\S+)");

  /**
   * A library by its name.
   *
   * @param name as TensorFlow asks for it
   * @param file where it is, null where it is not
   */
  public record Library(String name, String file) {}

  private static List<String> cudaLibraries() {
    try (InputStream in = NvidiaSystem.class.getResourceAsStream("cuda-libraries.txt")) {
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Looks at this machine. */
  public static NvidiaSystem here() {
    String root = Objects.requireNonNullElse(System.getenv("PERFORMER_SYSTEM_ROOT"), "");
    String store = System.getProperty("performer.cuda");
    return new NvidiaSystem(
        Path.of(root + "/"),
        Objects.requireNonNullElse(System.getenv("LD_LIBRARY_PATH"), ""),
        loaderLines(),
        Optional.ofNullable(store).map(Path::of));
  }

  /** Returns nothing on systems without this program. */
  private static List<String> loaderLines() {
    for (String program : List.of("ldconfig", "/sbin/ldconfig")) {
      List<String> lines = lines(program, "-p");
      if (!lines.isEmpty()) {
        return lines;
      }
    }
    return List.of();
  }

  private static List<String> lines(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      return process.waitFor() == 0 ? output.lines().toList() : List.of();
    } catch (IOException e) {
      return List.of(); // not there
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  /** Returns the files that show a driver. */
  public List<Path> driverFiles() {
    return List.of(root.resolve("proc/driver/nvidia/version"), root.resolve("dev/nvidiactl"));
  }

  /** Returns whether the driver's kernel module is there. */
  public boolean hasDriver() {
    return driverFiles().stream().anyMatch(Files::exists);
  }

  /** Returns the driver's version, such as {@code 560.35.03}, if it says so. */
  public Optional<String> driverVersion() {
    Path file = driverFiles().get(0);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Matcher version = VERSION.matcher(Files.readString(file));
      return version.find() ? Optional.of(version.group()) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the bytes in use of all cards together, by any process; 0 if the driver does not say.
   */
  public static long usedMemory() {
    return usedMemory(
        lines("nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits"));
  }

  /** Adds up what nvidia-smi says, a line with a number of MiB for each card. */
  static long usedMemory(List<String> mebibytes) {
    return mebibytes.stream()
        .map(String::strip)
        .filter(line -> line.matches("\\d+"))
        .mapToLong(line -> Long.parseLong(line) << 20)
        .sum();
  }

  /** Returns the driver's library and those of CUDA and cuDNN, found or not. */
  public List<Library> libraries() {
    return Stream.concat(Stream.of(DRIVER_LIBRARY), CUDA_LIBRARIES.stream())
        .map(name -> new Library(name, find(name).map(Path::toString).orElse(null)))
        .toList();
  }

  /** Returns the names of the libraries that are nowhere. */
  public List<String> missing() {
    return libraries().stream()
        .filter(library -> library.file() == null)
        .map(Library::name)
        .toList();
  }

  /** Returns where libraries are looked for, in words. */
  public List<String> places() {
    List<String> places = new ArrayList<>();
    places.add("LD_LIBRARY_PATH" + (libraryPath.isEmpty() ? " (not set)" : "=" + libraryPath));
    places.add("ldconfig -p");
    folders().forEach(folder -> places.add(folder.toString()));
    return places;
  }

  private Optional<Path> find(String name) {
    return Stream.concat(
            Stream.concat(
                Stream.of(libraryPath.split(File.pathSeparator))
                    .filter(folder -> !folder.isEmpty())
                    .map(folder -> Path.of(folder, name))
                    .filter(Files::exists),
                loader.stream()
                    .map(LOADER_LINE::matcher)
                    .filter(line -> line.matches() && line.group(1).equals(name))
                    .map(line -> Path.of(line.group(2)))),
            folders().stream().map(folder -> folder.resolve(name)).filter(Files::exists))
        .findFirst();
  }

  /** Places beside the loader's own, which the launcher adds to them. */
  private List<Path> folders() {
    List<Path> folders = new ArrayList<>();
    Path local = root.resolve("usr/local");
    folders.add(local.resolve("cuda/lib64"));
    if (Files.isDirectory(local)) {
      try (Stream<Path> versions = Files.list(local)) {
        versions
            .filter(folder -> folder.getFileName().toString().startsWith("cuda-12"))
            .sorted()
            .forEach(folder -> folders.add(folder.resolve("lib64")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    downloaded.ifPresent(folders::add);
    return folders;
  }
}
