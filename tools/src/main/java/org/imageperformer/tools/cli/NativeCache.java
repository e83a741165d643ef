package org.imageperformer.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The folder into which TensorFlow's native libraries are unpacked before they are loaded. */
public final class NativeCache {
  private static final String PROPERTY = "org.bytedeco.javacpp.cachedir";

  /** TensorFlow's library for processors takes some 400 MB, that for GPUs twice as much. */
  private static final long ROOM = 1L << 30;

  private NativeCache() {}

  /**
   * Chooses a folder for a user whom the system does not know by name, such as those of {@code
   * docker run --user}: Java has no home for them, and the libraries would be unpacked into a
   * folder named ? where the program is started.
   */
  public static void choose() {
    if (System.getProperty(PROPERTY) == null
        && !Path.of(System.getProperty("user.home")).isAbsolute()) {
      System.setProperty(PROPERTY, ofNobody(Optional.ofNullable(System.getenv("HOME"))).toString());
    }
  }

  /**
   * The folder of a user without a name.
   *
   * @param home what the environment says
   */
  static Path ofNobody(Optional<String> home) {
    return home.map(Path::of)
        .filter(path -> path.isAbsolute() && Files.isDirectory(path) && Files.isWritable(path))
        .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")))
        .resolve(".javacpp-" + userNumber())
        .resolve("cache");
  }

  /** Of the user of this process; users without names must not share a folder. */
  private static String userNumber() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "unnamed";
    }
  }

  /** Whether a failure, or what it came from, is a native library that cannot be loaded. */
  static boolean isBehind(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String text = String.valueOf(cause.getMessage());
      if (cause instanceof UnsatisfiedLinkError
          || (cause instanceof NoClassDefFoundError && text.contains("org.tensorflow"))) {
        return true;
      }
    }
    return false;
  }

  /** The folder in use. */
  static Path folder() {
    String set = System.getProperty(PROPERTY);
    return set != null ? Path.of(set) : Path.of(System.getProperty("user.home"), ".javacpp/cache");
  }

  /**
   * Says what is wrong and what to do.
   *
   * @param folder need not exist
   * @param failure behind which {@linkplain #isBehind the libraries are}
   */
  static String advice(Path folder, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      // The loader's word for a limit on addresses; of a noexec disk it says "not permitted".
      if (String.valueOf(cause.getMessage()).contains("Cannot allocate memory")) {
        return "TensorFlow's native libraries, of some 400 MB, find no memory: raise the limits of"
            + " the shell or container (ulimit -v, docker run --memory)";
      }
    }
    return advice(folder);
  }

  /**
   * Says what is wrong with a folder and what to set.
   *
   * @param folder need not exist
   */
  static String advice(Path folder) {
    return "TensorFlow's native libraries cannot be loaded from "
        + folder
        + ", where they are unpacked: "
        + problem(folder)
        + ". Choose another folder by PERFORMER_JAVA_OPTS=-D"
        + PROPERTY
        + "=DIR";
  }

  private static String problem(Path folder) {
    Path there = folder.toAbsolutePath();
    while (there.getParent() != null && !Files.exists(there)) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there)) {
      return there + " is a file";
    }
    if (!Files.isWritable(there)) {
      return there + " cannot be written";
    }
    try {
      long free = Files.getFileStore(there).getUsableSpace();
      if (free < ROOM) {
        return "its disk has " + (free >> 20) + " MB left, and 1 GB is needed";
      }
    } catch (IOException e) {
      return there + " cannot be looked at: " + e.getMessage();
    }
    return "its file system may be mounted noexec, or a file in it is incomplete";
  }
}
