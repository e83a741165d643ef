package org.imageperformer.tools.cluster;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.imageperformer.savedmodels.AtomicFiles;

/** A folder of this machine into which Spark writes a table. */
public final class OutputFolder {
  private static final String SUCCESS = "_SUCCESS";

  /** Tasks that are under way when all is called off may make a folder once more. */
  private static final int ATTEMPTS = 20;

  private static final long PAUSE_MILLIS = 100;

  private final Path folder;
  private final boolean wasThere;

  /** Looks whether it is there. */
  public OutputFolder(Path folder) {
    this.folder = folder;
    this.wasThere = Files.exists(folder);
  }

  /** Whether it was there at the beginning. */
  public boolean wasThere() {
    return wasThere;
  }

  /** Whether it was not there at the beginning, and all is in it now. */
  public boolean isFinished() {
    return !wasThere && Files.exists(folder.resolve(SUCCESS));
  }

  /** Something in it that Spark did not write. */
  public Optional<Path> foreign() throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (!entry.getFileName().toString().matches("[._].*|part-.*")) {
          return Optional.of(entry);
        }
      }
    }
    return Optional.empty();
  }

  /** Removes what work that was given up has begun; what was there before stays. */
  public void removeUnfinished() throws IOException {
    int quiet = 0;
    for (int attempt = 0; attempt < ATTEMPTS && quiet < 2; attempt++) {
      if (!Files.isDirectory(folder)) {
        quiet++;
      } else if (wasThere || isFinished() || foreign().isPresent()) {
        return;
      } else {
        AtomicFiles.deleteTree(folder);
        quiet = 0;
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
