package org.imageperformer.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.imageperformer.savedmodels.SavedModel;
import org.imageperformer.tools.Main;

/**
 * The process of one run of a sweep: starts the training or goes on with it, whichever it takes, as
 * the command line does.
 *
 * <p>One process at a time works on a run, on whatever machine: an executor that was given up may
 * be alive. It ends when that which has started it does, however that ends.
 */
final class RunProcess {
  /** What a shell says of a process that was killed. */
  private static final int KILLED = 137;

  private RunProcess() {}

  /**
   * Trains.
   *
   * @param args the folder of all runs, the name of this one, its threads, and the words of train
   */
  public static void main(String[] args) throws IOException {
    endWithParent();
    Path folder = Path.of(args[0]);
    Path run = folder.resolve(args[1]);
    Path lockFile = folder.resolve("logs").resolve(args[1] + ".lock");
    // Held to the end of the process.
    FileChannel channel =
        FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.lock();
    List<String> words = new ArrayList<>(List.of("train"));
    if (Files.exists(run.resolve("hparams.json"))) {
      if (Files.exists(run.resolve("results.json")) && SavedModel.isPresent(run)) {
        lock.release();
        return;
      }
      words.addAll(List.of("--resume", run.toString()));
    } else {
      removeEmpty(run);
      words.addAll(Arrays.asList(args).subList(3, args.length));
      words.addAll(List.of("--log_path", folder.getParent().toString()));
      words.addAll(List.of("--exp_name", folder.getFileName().toString(), "--version", args[1]));
    }
    words.addAll(List.of("--threads", args[2]));
    Main.main(words.toArray(String[]::new));
  }

  /** Standard input ends with the process at its other end. */
  private static void endWithParent() {
    Thread watch =
        new Thread(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                // As good as its end.
                Runtime.getRuntime().halt(KILLED);
              }
              Runtime.getRuntime().halt(KILLED);
            },
            "end with parent");
    watch.setDaemon(true);
    watch.start();
  }

  /** What a training leaves that was killed in the moment in which it made its folder. */
  private static void removeEmpty(Path run) throws IOException {
    Files.deleteIfExists(run.resolve(".lock"));
    if (Files.isDirectory(run.resolve("checkpoints"))) {
      try (var entries = Files.list(run.resolve("checkpoints"))) {
        if (entries.findAny().isPresent()) {
          return;
        }
      }
    }
    Files.deleteIfExists(run.resolve("checkpoints"));
    if (Files.isDirectory(run)) {
      try (var entries = Files.list(run)) {
        if (entries.findAny().isPresent()) {
          return;
        }
      }
    }
    Files.deleteIfExists(run);
  }
}
