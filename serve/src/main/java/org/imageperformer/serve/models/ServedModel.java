package org.imageperformer.serve.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.imageperformer.savedmodels.LoadOptions;
import org.imageperformer.savedmodels.RunException;
import org.imageperformer.savedmodels.TensorModel;
import org.imageperformer.serve.batching.BatchListener;
import org.imageperformer.serve.batching.BatchScheduler;
import org.imageperformer.serve.models.VersionStatus.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model under its name: its newest version. A newer one takes its place once it is loaded; the
 * requests that an older one has begun are answered by it.
 */
public final class ServedModel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServedModel.class);

  private final ModelFolder folder;
  private final LoadOptions options;
  private final BatchScheduler scheduler;
  private final BatchListener listener;

  /** All versions that were ever seen; those in use are asked for their state. */
  private final Map<Long, VersionStatus> statuses = new TreeMap<>();

  private final List<ModelVersion> retired = new ArrayList<>();
  private volatile ModelVersion current;

  /** A version that could not be loaded, as it was then. */
  private String failedAs = "";

  /**
   * @param folder where it is
   * @param options how it is run
   * @param scheduler that computes its batches
   * @param listener is told of batches
   */
  public ServedModel(
      ModelFolder folder, LoadOptions options, BatchScheduler scheduler, BatchListener listener) {
    this.folder = folder;
    this.options = options;
    this.scheduler = scheduler;
    this.listener = listener;
  }

  /** Returns its name. */
  public String name() {
    return folder.name();
  }

  /**
   * Loads the newest version for the first time.
   *
   * @throws RunException when there is none, or it cannot be loaded
   */
  public void load() {
    Map.Entry<Long, Path> newest = folder.versions().lastEntry();
    if (newest == null) {
      throw new RunException(
          "there is no SavedModel in "
              + folder.path()
              + ": expected saved_model.pb, saved_model/saved_model.pb, or numbered folders with one,"
              + " such as 1/saved_model.pb");
    }
    replace(newest.getKey(), TensorModel.load(newest.getValue(), options));
  }

  /**
   * Looks for a newer version, and takes it. One that cannot be loaded is named in the log and in
   * the model's state, and tried again when its files have changed; the one before it goes on.
   */
  public void poll() {
    try {
      Map.Entry<Long, Path> newest = folder.versions().lastEntry();
      ModelVersion serving = current;
      if (newest == null || (serving != null && newest.getKey() <= serving.number())) {
        return;
      }
      long number = newest.getKey();
      String print = number + " " + print(newest.getValue());
      if (print.equals(failedAs)) {
        return;
      }
      set(VersionStatus.of(number, State.LOADING));
      try {
        replace(number, TensorModel.load(newest.getValue(), options));
        LOG.info("{}: version {} is served", name(), number);
      } catch (RuntimeException e) {
        failedAs = print;
        set(new VersionStatus(number, State.END, "INVALID_ARGUMENT", "" + e.getMessage()));
        LOG.warn("{}: version {} cannot be loaded: {}", name(), number, e.getMessage());
      }
    } catch (RunException | UncheckedIOException e) {
      LOG.warn("{}: {}", name(), e.getMessage());
    }
  }

  /** Names, sizes and times of a version's files: what changes while it is being copied. */
  private static String print(Path version) {
    try (Stream<Path> files = Files.walk(version)) {
      StringBuilder print = new StringBuilder();
      for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
        if (Files.isRegularFile(file)) {
          print.append(version.relativize(file)).append(' ').append(Files.size(file)).append(' ');
          print.append(Files.getLastModifiedTime(file).toMillis()).append('\n');
        }
      }
      return print.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void replace(long number, TensorModel model) {
    ModelVersion next;
    try {
      next = new ModelVersion(number, model, scheduler, listener);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
    ModelVersion before;
    synchronized (statuses) {
      before = current;
      current = next;
      statuses.put(number, VersionStatus.of(number, State.AVAILABLE));
      if (before != null) {
        retired.add(before);
        statuses.put(before.number(), VersionStatus.of(before.number(), State.UNLOADING));
      }
    }
    if (before != null) {
      before.release();
    }
  }

  private void set(VersionStatus status) {
    synchronized (statuses) {
      statuses.put(status.version(), status);
    }
  }

  /**
   * Returns a version that stays loaded until it is {@linkplain ModelVersion#release released}.
   *
   * @param number of a version; none for the newest one
   * @return empty if it is not served
   */
  public Optional<ModelVersion> acquire(OptionalLong number) {
    while (true) {
      ModelVersion version = current;
      if (version == null || (number.isPresent() && number.getAsLong() != version.number())) {
        return Optional.empty();
      }
      if (version.acquire()) {
        return Optional.of(version);
      }
      if (version == current) {
        return Optional.empty(); // closed
      }
    }
  }

  /** Returns the states of all versions that were seen, the newest first. */
  public List<VersionStatus> statuses() {
    synchronized (statuses) {
      retired.removeIf(
          version -> {
            if (version.isFreed()) {
              statuses.put(version.number(), VersionStatus.of(version.number(), State.END));
            }
            return version.isFreed();
          });
      List<VersionStatus> all = new ArrayList<>(statuses.values());
      Collections.reverse(all);
      return all;
    }
  }

  /** Returns whether a version is served. */
  public boolean isAvailable() {
    ModelVersion version = current;
    return version != null && !version.isFreed();
  }

  /** Returns the number of rows that wait for it. */
  public long queueLength() {
    ModelVersion version = current;
    return version == null ? 0 : version.queueLength();
  }

  /** Frees the version that is served, after its last request. */
  @Override
  public void close() {
    ModelVersion last;
    synchronized (statuses) {
      last = current;
      current = null;
    }
    if (last != null) {
      last.release();
    }
  }
}
