package org.imageperformer.cluster;

import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.imageperformer.tools.cluster.SweepJob;

/**
 * One training, in a process that the executor starts and ends.
 *
 * <p>A process of its own, for a training fills native memory that only its end gives back, has
 * settings that are the whole process's (TensorFlow's threads, its log), ends the process when it
 * fails, and cannot be broken off within a step. An executor that runs several would lose all with
 * one.
 *
 * @param name of the run
 * @param folder of all runs
 * @param started where the command was called, from where names of files are to be understood
 * @param words of train
 * @param threads of it
 */
record RunTask(String name, String folder, String started, ArrayList<String> words, int threads)
    implements Serializable {

  /** As the launcher gives them to a training. */
  private static final List<String> JAVA_OPTIONS =
      List.of(
          "-Xmx2048m",
          "-XX:CompressedClassSpaceSize=128m",
          "-XX:+UseSerialGC",
          "-Djava.awt.headless=true",
          "-Dfile.encoding=UTF-8",
          "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
          "-Dorg.bytedeco.javacpp.maxBytes=0");

  /** Trains to the end and says why it failed; nothing where it did not. */
  String failure() throws InterruptedException {
    Path log = SweepJob.log(Path.of(folder), name);
    try {
      return problem(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String problem(Path log) throws IOException, InterruptedException {
    File here = new File(started);
    for (File needed : List.of(here, new File(folder))) {
      if (!needed.isDirectory()) {
        return "there is no folder %s on %s: all machines must share it"
            .formatted(needed, InetAddress.getLocalHost().getHostName());
      }
    }
    long before = Files.exists(log) ? Files.size(log) : 0;
    Process process =
        new ProcessBuilder(command())
            .directory(here)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    int status;
    try {
      // The training ends when this process, its only writer, does: it reads its standard input.
      status = process.waitFor();
    } finally {
      process.destroyForcibly().waitFor();
    }
    return status == 0 ? "" : reason(log, before, status);
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JAVA_OPTIONS);
    command.addAll(List.of("-cp", classPath(), RunProcess.class.getName()));
    command.addAll(List.of(folder, name, Integer.toString(threads)));
    command.addAll(words);
    return command;
  }

  /** What this process has, and what Spark has sent it. */
  private static String classPath() {
    List<String> entries = new ArrayList<>();
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    while (loader != null) {
      if (loader instanceof URLClassLoader sent) {
        for (URL url : sent.getURLs()) {
          if (url.getProtocol().equals("file")) {
            entries.add(new File(URI.create(url.toString())).getAbsolutePath());
          }
        }
      }
      loader = loader.getParent();
    }
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      entries.add(new File(entry).getAbsolutePath());
    }
    return String.join(File.pathSeparator, entries);
  }

  /** The last error that the process wrote. */
  private static String reason(Path log, long before, int status) throws IOException {
    String text;
    try (var in = Files.newInputStream(log)) {
      in.skipNBytes(before);
      text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
    return text.lines()
        .filter(line -> line.startsWith("error: "))
        .reduce((first, second) -> second)
        .map(line -> line.substring("error: ".length()))
        .orElse("its process ended with status " + status);
  }
}
